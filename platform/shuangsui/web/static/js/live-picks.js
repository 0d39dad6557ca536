// The table of drawn objects, the newest on top, and the counter above it.

import { element, number, put, t } from "./words.js";

const byId = (id) => document.getElementById(id);

export function addPick(event, total) {
  byId("drawn").hidden = false;
  const row = element("tr");
  row.dataset.task = event.task;
  row.append(cell(t("序号"), String(event.task), "num"), cell(t("检查对象"), object(event)), cell(t("分层"), event.stratum));
  row.append(cell(t("签号"), `${event.ticket.slice(0, 12)}…`, "mono"), cell(t("检查组"), people(event)));
  byId("picks").prepend(row);
  byId("latest").replaceChildren(object(event), people(event));
  byId("count").textContent = number(event.task);
  byId("bar").value = event.task / total;
}

function cell(title, content, name = "") {
  const made = element("td", "", name);
  made.dataset.th = title;
  const inner = element("div");
  inner.append(content);
  made.append(inner);
  return made;
}

function object({ row, b, company }) {
  const made = element("div", "", "live-object");
  made.append(element("b", company ? company.name || company.code : t("名录第 {row} 行", { row: number(row) })));
  made.append(element("span", company ? company.code : b, "mono muted"));
  return made;
}

function people({ teams, experts, recused, batch }) {
  const made = element("div");
  teams.forEach((who, seat) => made.append(person(who ?? t("空缺"), seat === 0 && who ? t("组长") : "")));
  experts.forEach((who) => made.append(person(who ?? t("空缺"), t("专家"))));
  recused.forEach((who) => made.append(element("span", t("{who} 回避", { who }), "live-recused")));
  if (batch) made.append(element("span", t("第 {batch} 批", { batch }), "muted"));
  return made.childNodes.length ? made : element("div", "—");
}

function person(code, tag) {
  const made = element("span", code, "live-person");
  if (tag) made.append(element("em", tag, tag === t("组长") ? "lead" : ""));
  return made;
}

export function resetPicks() {
  for (const id of ["picks", "latest"]) byId(id).replaceChildren();
  byId("drawn").hidden = true;
  byId("count").textContent = "0";
  byId("bar").value = 0;
}

/** What objects are called that may be told by now, by task from 1. */
export function openNames(codes) {
  for (const row of byId("picks").children) {
    const code = codes.get(Number(row.dataset.task));
    if (code) row.querySelector(".live-object .muted").textContent = code;
  }
}
