// The record's form: every change is kept on the phone at once, saving puts what changed into the outbox.

import { t } from "../words.js";
import { get, own, put, settle, step } from "./store.js";

const PAUSE = 200;
const FACTS = "facts";

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** What the form says now: {facts: text, "answers/1": {answer, facts}}. */
export function values(form) {
  const given = new FormData(form);
  const text = (name) => String(given.get(name) ?? "").replaceAll("\r\n", "\n").trim();
  const found = { [FACTS]: text(FACTS) };
  for (const point of form.querySelectorAll("[data-point]")) {
    const no = point.dataset.point;
    found[`answers/${no}`] = { answer: given.get(`answer-${no}`) || null, facts: text(`facts-${no}`) };
  }
  return found;
}

/** What the form is about, as the page came: enough to go on writing without the page. */
export const described = (form) => ({
  no: form.dataset.no,
  object: form.dataset.object,
  title: form.querySelector("h2").textContent,
  facts_title: form.querySelector('label[for="facts"]').textContent,
  revision: Number(form.dataset.revision),
  points: [...form.querySelectorAll("[data-point]")].map((point) => ({
    no: point.dataset.point,
    content: point.querySelector("legend").textContent,
    method: point.querySelector("[data-method]")?.textContent ?? "",
  })),
});

/** Puts values into the form. */
export function fill(form, fields) {
  for (const [name, value] of Object.entries(fields)) {
    if (name === FACTS) {
      form.elements.facts.value = value;
      continue;
    }
    const no = name.slice("answers/".length);
    form.elements[`facts-${no}`].value = value.facts;
    for (const choice of form.querySelectorAll(`[name="answer-${CSS.escape(no)}"]`)) {
      choice.checked = choice.value === value.answer;
    }
  }
}

/** The record as this phone has it: `shown` is what was last seen or sent, `changed` what was written since. */
export async function open(form, who, seen) {
  const kept = await get("records", [who, seen.no]);
  const waiting = (await own("outbox", who)).some((entry) => entry.no === seen.no && entry.kind === "record");
  const record = { ...seen, who, changed: kept?.changed ?? {}, shown: waiting && kept ? kept.shown : seen.shown };
  const written = Object.fromEntries(Object.entries(record.changed).map(([name, one]) => [name, one.value]));
  fill(form, { ...record.shown, ...written });
  await put("records", record);
  return record;
}

/** Keeps what is being written; `told` hears how many fields differ from what the server has. */
export function keep(form, record, told) {
  let timer = 0;
  let last = Promise.resolve();
  const write = () => {
    for (const [name, value] of Object.entries(values(form))) {
      const before = record.changed[name];
      if (same(value, record.shown[name])) delete record.changed[name];
      else record.changed[name] = { value, seen: before?.seen ?? record.revision };
    }
    last = put("records", record).then(() => told(Object.keys(record.changed).length));
    return last;
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(write, PAUSE);
  });
  return () => {
    clearTimeout(timer);
    return write();
  };
}

/** What changed goes into the outbox, in one step for each revision that it was written against. */
export async function save(record) {
  const groups = new Map();
  for (const [name, { value, seen }] of Object.entries(record.changed)) {
    groups.set(seen, { ...groups.get(seen), [name]: value });
  }
  const entries = [];
  for (const [seen, fields] of [...groups].sort(([one], [other]) => one - other)) {
    entries.push(await entryOf(record, seen, fields));
  }
  Object.assign(record.shown, ...groups.values());
  record.changed = {};
  await settle(record, entries);
  return entries.length;
}

async function entryOf(record, seen, fields) {
  const { [FACTS]: facts, ...rest } = fields;
  const answers = {};
  for (const [name, value] of Object.entries(rest)) answers[name.slice("answers/".length)] = value;
  const content = { answers, ...(facts === undefined ? {} : { facts }) };
  const body = { ...(await step(record.who)), base_revision: seen, device_at: new Date().toISOString(), content };
  const path = `/api/tasks/${encodeURIComponent(record.no)}/submissions`;
  const about = t("{object} 检查记录", record);
  return { who: record.who, kind: "record", no: record.no, about, at: body.device_at, path, body };
}
