// What this phone keeps: a list of what waits, with a network or without; without one also the record's form itself.

import { element, put as write, t } from "../words.js";
import { card, waiting, written } from "./cards.js";
import { flush } from "./page.js";
import { alone } from "./sending.js";
import { isDraft, lastWho, own, put, remove } from "./store.js";
import { bind } from "./writing.js";

const main = document.querySelector("[data-kept]");
const signedIn = document.body.dataset.who ?? "";
const RECORD = /^\/m\/tasks\/([^/]+)\/record\/?$/;

function button(text, act) {
  const made = element("button", text, "btn");
  made.type = "button";
  made.addEventListener("click", () => void alone(act));
  return made;
}

const choices = (entry) => [button(t("再送一次"), () => again(entry)), button(t("放弃"), () => drop(entry))];
const waits = (entry) => waiting(entry, ...(signedIn && entry.refused ? choices(entry) : []));

async function again(entry) {
  const { refused: _, ...rest } = entry;
  await put("outbox", rest);
  await flush();
  await list();
}

async function drop(entry) {
  await remove("outbox", entry.id);
  await flush();
  await list();
}

async function list() {
  const who = signedIn || (await lastWho());
  const entries = await own("outbox", who);
  const records = await own("records", who);
  const drafts = signedIn ? records.filter(isDraft) : records;
  main.replaceChildren(
    ...(entries.length ? [card(t("待送内容"), entries.map((entry) => waits(entry)))] : []),
    ...(drafts.length ? [card(signedIn ? t("没有保存的草稿") : t("可以继续填写的记录"), drafts.map(written))] : []),
    ...(entries.length + drafts.length ? [] : [element("p", t("没有等待送出的内容。"), "card empty")]),
  );
}

/** The record's form, built from what was kept of its page. */
function formOf(record) {
  const form = document.querySelector("#record-form").content.firstElementChild.cloneNode(true);
  const place = form.querySelector("[data-points]");
  write(form.querySelector("h2"), record.title);
  form.querySelector('label[for="facts"]').textContent = record.facts_title;
  for (const point of record.points) {
    const made = document.querySelector("#record-point").content.firstElementChild.cloneNode(true);
    made.dataset.point = point.no;
    write(made.querySelector("legend"), point.content);
    write(made.querySelector("[data-method]"), point.method);
    for (const choice of made.querySelectorAll("[type=radio]")) choice.name = `answer-${point.no}`;
    const text = made.querySelector("textarea");
    text.name = `facts-${point.no}`;
    text.ariaLabel = t("要点 {no} 查明的情况", point);
    made.querySelector("[data-photo]").dataset.photo = `要点 ${point.no}`;
    place.append(made);
  }
  return form;
}

async function begin() {
  const who = await lastWho();
  const no = decodeURIComponent(RECORD.exec(location.pathname)?.[1] ?? "");
  const record = (await own("records", who)).find((one) => one.no === no);
  if (!record) return list();
  const form = formOf(record);
  write(document.querySelector("h1"), record.object);
  main.replaceChildren(form);
  return bind(form, who, record, () => {});
}

if (!signedIn) addEventListener("online", () => location.reload());
await (signedIn ? list() : begin());
document.body.dataset.bound = "";
