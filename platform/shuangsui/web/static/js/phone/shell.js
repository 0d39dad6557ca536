// What this phone keeps: a list of what waits, with a network or without; without one also the record's form itself.

import { element } from "../words.js";
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

const choices = (entry) => [button("再送一次", () => again(entry)), button("放弃", () => drop(entry))];
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
    ...(entries.length ? [card("待送内容", entries.map((entry) => waits(entry)))] : []),
    ...(drafts.length ? [card(signedIn ? "没有保存的草稿" : "可以继续填写的记录", drafts.map(written))] : []),
    ...(entries.length + drafts.length ? [] : [element("p", "没有等待送出的内容。", "card empty")]),
  );
}

/** The record's form, built from what was kept of its page. */
function formOf(record) {
  const form = document.querySelector("#record-form").content.firstElementChild.cloneNode(true);
  const place = form.querySelector("[data-points]");
  form.querySelector("h2").textContent = record.title;
  form.querySelector('label[for="facts"]').textContent = record.facts_title;
  for (const point of record.points) {
    const made = document.querySelector("#record-point").content.firstElementChild.cloneNode(true);
    made.dataset.point = point.no;
    made.querySelector("legend").textContent = point.content;
    made.querySelector("[data-method]").textContent = point.method;
    for (const choice of made.querySelectorAll("[type=radio]")) choice.name = `answer-${point.no}`;
    const text = made.querySelector("textarea");
    text.name = `facts-${point.no}`;
    text.ariaLabel = `要点 ${point.no} 查明的情况`;
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
  document.querySelector("h1").textContent = record.object;
  main.replaceChildren(form);
  return bind(form, who, record, () => {});
}

if (!signedIn) addEventListener("online", () => location.reload());
await (signedIn ? list() : begin());
document.body.dataset.bound = "";
