// Every page of the phone: whether there is a network, what waits to be sent, working without a network.

import { registerWorker } from "../trusted.js";
import { t } from "../words.js";
import { deliver } from "./outbox.js";
import { guardForms } from "./sending.js";
import { keeps, own, remember } from "./store.js";

const { who = "", at = "" } = document.body.dataset;
const csrf = () => document.querySelector("[name=csrf]")?.value ?? "";
const AT_HAND = t("离线可用：没有网络时，打开过的检查记录可以继续填写，联网后自动送达。");
const OFF = t("离线功能没有开启：须用支持离线的浏览器，经加密连接（https）打开本页。没有网络时不能填写。");
const KEEPS_NOTHING = t("离线功能没有开启：浏览器不在本机保存内容（如无痕窗口）。没有网络时不能填写。");
const possible = isSecureContext && "serviceWorker" in navigator;
const PAUSE = 30_000;
const LANGUAGE = document.documentElement.lang === "en" ? "&lang=en" : "";

function tell(count, text) {
  const place = document.querySelector("[data-net]");
  place.textContent = navigator.onLine ? t("在线") : t("离线");
  place.classList.toggle("off", !navigator.onLine);
  const waiting = document.querySelector("[data-waiting]");
  waiting.hidden = count === 0;
  waiting.textContent = t("待送 {n}", { n: count });
  const said = document.querySelector("[data-told]");
  said.hidden = text === "";
  said.textContent = text;
}

const WHY = {
  offline: t("还没有送达，联网后自动送出。"),
  signin: t("登录已经结束，请重新登录，内容仍保存在本机。"),
  "": "",
};

/** Sends what waits; a page whose record has just arrived is loaded anew, or leads to what must be chosen. */
export async function flush() {
  const before = (await own("outbox", who)).length;
  if (before === 0 || !navigator.onLine) return tell(before, before ? WHY.offline : "");
  const told = await deliver(who, csrf());
  document.dispatchEvent(new CustomEvent("delivered", { detail: told }));
  if (told.conflict) location.assign(`/m/tasks/${encodeURIComponent(told.conflict)}/conflicts`);
  const refused = told.left && !told.stopped ? t("有内容没有被接受，请在待送内容里查看。") : "";
  tell(told.left, WHY[told.stopped] || refused);
  if (told.stopped === "signin") document.querySelector("[data-told]").append(entrance());
  return undefined;
}

function entrance() {
  const link = Object.assign(document.createElement("a"), { textContent: t("重新登录") });
  link.href = `/console/login?next=${encodeURIComponent(location.pathname)}`;
  return link;
}

function ready() {
  document.documentElement.dataset.ready = "";
  for (const one of document.querySelectorAll("[data-scripted]")) one.hidden = false;
}

/** A network that is there may still not reach the server: what waits is tried again. */
async function again() {
  if ((await own("outbox", who)).some((entry) => !entry.refused)) await flush();
}

async function begin() {
  const place = document.querySelector("[data-offline]");
  if (!(await keeps())) {
    place.textContent = KEEPS_NOTHING;
    return tell(0, "");
  }
  await remember(who);
  const begun = possible && registerWorker(`/m/sw.js?at=${at}${LANGUAGE}`).then(() => true, () => false);
  place.textContent = t("正在准备离线功能…");
  place.textContent = (await begun) ? AT_HAND : OFF;
  for (const name of ["online", "offline"]) addEventListener(name, () => void flush());
  setInterval(() => void again(), PAUSE);
  await flush();
  return ready();
}

guardForms();
if (who) void begin();
