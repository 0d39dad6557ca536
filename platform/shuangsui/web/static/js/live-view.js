// What the live page says: steps, proofs, times. Text only, never markup.

import { element, local, number, put, t } from "./words.js";

const byId = (id) => document.getElementById(id);
const EVERY = 6; // picks between two that are spoken
const DOING = {
  lock: t("名录与规则已经锁定"),
  entropy: t("等待公共随机数"),
  reveal: t("等待各方揭示秘密数"),
  tickets: t("计算全部签号"),
  pick: t("逐家展示抽取结果"),
  done: t("抽取结束，记录公开"),
};
const HINTS = {
  lock: "",
  entropy: t("名录、规则和各方的承诺都已经公开，才产生这些数字：谁也不能预先知道，也不能挑选。"),
  reveal: t("各方拿出先前封存的秘密数，它必须与已公布的承诺相符；换一个数，承诺就对不上。"),
  tickets: t("公共随机数和各方的秘密数合成最终种子，由它为名录的每一行算出一个签号。"),
  pick: t("签号小的在前；执法检查人员和专家由同一个种子派出。"),
  done: "",
};
const KINDS = JSON.parse(byId("main").dataset.kinds);
const GROUP = 5; // digits that stand together
const LINES = { live: t("直播中"), broken: t("连接中断，正在重连"), ended: t("已结束") };

export function showLine(state) {
  byId("line").dataset.state = state;
  byId("line").textContent = LINES[state];
}

export function say(text) {
  put(byId("said"), text);
}

/** Every sixth and the last, so that a screen reader keeps up. */
export function sayPick({ task, row }, total) {
  if (task % EVERY === 0 || task === total) say(t("已展示 {task} 家，最新为名录第 {row} 行", { task, row }));
}

/** The step before is done, or it was stopped in it. */
export function showStage({ stage, ending }, lock) {
  for (const item of byId("steps").children) {
    const mine = item.dataset.stage === stage;
    if (mine) mark(item, stage === "done" ? "done" : "now");
    else if (item.dataset.now === "now") mark(item, ending ? "stop" : "done");
    if (mine) item.setAttribute("aria-current", "step");
    else item.removeAttribute("aria-current");
  }
  byId("what").textContent = DOING[stage];
  byId("hint").textContent = HINTS[stage];
  if (stage === "tickets") [byId("tally").hidden, byId("rolled").hidden] = [false, true];
  const events = () => lock.events.map(told).join(t("；"));
  if (stage === "entropy") byId("what").textContent = t("等待公共随机数：{events}", { events: events() });
  if (stage === "reveal") put(byId("what"), t("等待各方揭示秘密数（{holders}）", { holders: lock.holders.join(t("、")) }));
  say(byId("what").textContent);
}

function mark(item, now) {
  item.dataset.now = now;
  const place = [...byId("steps").children].indexOf(item) + 1;
  item.querySelector(".live-dot").textContent = { done: "✓", stop: "✗" }[now] ?? String(place);
}

const told = ({ kind, at }) => t("{kind}，不早于 {at}", { kind: KINDS[kind], at: local(at) });

function stamp(stage, at) {
  byId("steps").querySelector(`[data-stage="${stage}"] small`).textContent = local(at).slice(5);
}

export function showLock(event) {
  byId("total").textContent = number(event.picks);
  byId("pool").textContent = pool(event);
  stamp("lock", event.at);
  showProof({ ...event, type: "lock" });
}

/** What is drawn from what: companies, their order alone, or only people for companies that are given. */
function pool({ rows, eligible, picks, cause }) {
  const all = Object.values(eligible).reduce((sum, n) => sum + n, 0);
  const said = { rows: number(rows), all: number(all), picks: number(picks) };
  if (cause !== "line") return t("检查对象 {picks} 家不由本次抽取产生，只随机选派执法检查人员", said);
  if (picks === all) return t("名录 {rows} 家，可抽 {all} 家，全部检查，只抽先后次序", said);
  return t("名录 {rows} 家，可抽 {all} 家，抽取 {picks} 家，各分层签号最小者抽中", said);
}

const PROOFS = {
  lock: ({ root }) => [["", root]],
  commit: ({ who, commit }) => [[who, commit]],
  entropy: ({ name, value }) => [[name, value]],
  reveal: ({ who, value }) => [[who, value]],
  seed: ({ seed }) => [["", seed]],
};
const STAMPED = { entropy: ["entropy"], reveal: ["reveal"], seed: ["tickets", "pick"] };

/** One value more of a proof; it is published, and not yet checked by anybody here. */
export function showProof(event) {
  const place = document.querySelector(`[data-proof="${event.type}"]`);
  for (const [who, value] of PROOFS[event.type](event)) {
    const line = element("p");
    if (who) line.append(element("b", who), " ");
    line.append(element("span", value.replace(/(.{8})(?=.)/g, "$1 "), "mono"));
    place.querySelector(".hash").append(line);
  }
  if (place.dataset.state === "waiting") markProof(event.type, "said", t("已公布"));
  for (const stage of STAMPED[event.type] ?? []) stamp(stage, event.at);
  if (event.type === "entropy") showRolled(event);
  if (event.type === "seed") showPace(event.at);
}

/** Digits as they fell, large enough for the last row. */
function showRolled({ kind, value }) {
  const groups = kind === "ceremony" ? value.match(new RegExp(`.{1,${GROUP}}`, "g")) : [value];
  const made = element("p", "", kind === "ceremony" ? "num" : "num live-value");
  made.append(...groups.map((group) => element("span", group)));
  byId("rolled").append(element("p", KINDS[kind], "muted"), made);
}

/** Green only after this very device has recomputed it. */
export function markProof(name, state, text) {
  const place = document.querySelector(`[data-proof="${name}"]`);
  place.dataset.state = state;
  place.querySelector(".live-state").textContent = text;
}

function showPace(at) {
  byId("pace").hidden = false;
  byId("paced").textContent = t("全部结果在 {at} 登记时已经一次算完，下面逐家展示只是为了让人看清。", { at: local(at) });
}

/** How long the computing itself takes, measured where the reader sits. */
export function showSpent(milliseconds) {
  byId("spent").textContent = t("您的设备下载档案并把整个抽取重新计算一遍，用了 {n} 毫秒。", { n: number(milliseconds) });
}

export function showDone({ ending, at }) {
  stamp("done", at);
  if (ending === "abandoned") byId("what").textContent = t("本次抽取已经作废，没有结果");
  say(ending === "abandoned" ? t("本次抽取已经作废") : t("抽取结果已全部展示，记录已公开"));
}

/** Back to the first step; what this device has checked stays checked. */
export function resetView() {
  for (const hash of document.querySelectorAll("[data-proof] .hash")) hash.replaceChildren();
  for (const small of byId("steps").querySelectorAll("small")) small.textContent = "";
  for (const item of byId("steps").children) mark(item, "");
  byId("rolled").replaceChildren();
  byId("rolled").hidden = false;
  for (const id of ["pace", "tally"]) byId(id).hidden = true;
}
