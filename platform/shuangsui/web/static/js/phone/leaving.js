// Before somebody signs out: what has not been sent from this browser goes out now, or is given up knowingly.

import { element, t } from "../words.js";
import { card, waiting, written } from "./cards.js";
import { deliver } from "./outbox.js";
import { save } from "./record.js";
import { alone, sendOff } from "./sending.js";
import { forget, isDraft, own, unsent } from "./store.js";

const form = document.querySelector("form[data-give-up]");
const who = form.dataset.giveUp;
const leave = form.querySelector("button");
const send = document.querySelector("[data-send]");
const said = document.querySelector("[data-said]");
const NOTHING = t("您在本机没有还没送达的内容，可以退出。");
const WHY = {
  offline: t("没有送达：请联网后再试。"),
  signin: t("登录已经结束：请重新登录，内容仍保存在本机。"),
  "": t("有内容没有被接受：原因列在下面。"),
};

async function show(text = "") {
  const all = await unsent();
  const mine = all.filter((row) => row.who === who);
  const others = all.length - mine.length;
  const rows = mine.map((row) => (row.changed ? written(row) : waiting(row)));
  document
    .querySelector("[data-kept]")
    .replaceChildren(mine.length ? card(t("没有送达的内容"), rows) : element("p", NOTHING, "card empty"));
  document.querySelector("[data-others]").textContent = others
    ? t("本机还有别人没有送达的内容 {n} 份：退出不会清除，本人在本机登录以后可以送出。", { n: others })
    : "";
  leave.textContent = mine.length ? t("放弃这 {n} 份并退出", { n: mine.length }) : t("退出登录");
  send.hidden = !mine.some((row) => !row.refused);
  said.textContent = text;
}

async function sent() {
  said.textContent = t("正在送出…");
  for (const record of (await own("records", who)).filter(isDraft)) await save(record);
  const told = await deliver(who, form.elements.csrf.value);
  if (told.conflict) return location.assign(`/m/tasks/${encodeURIComponent(told.conflict)}/conflicts`);
  return show(told.left ? WHY[told.stopped] : "");
}

async function givenUp() {
  await forget(who);
  sendOff(form);
}

send.addEventListener("click", () => void alone(sent));
form.addEventListener("submit", (event) => {
  event.preventDefault();
  void alone(givenUp);
});
await show();
