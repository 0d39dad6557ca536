// The figures a verification found.

import { element, local, number } from "./words.js";

/** `counts` as counts.js gives them. */
export function showCounts(counts, texts) {
  const pairs = figures(counts, texts).flatMap(([name, text]) => [element("dt", name), element("dd", text, "num")]);
  document.querySelector("#counts dl").replaceChildren(...pairs);
  document.getElementById("counts").hidden = false;
}

function figures(counts, texts) {
  const { plan, item, state } = counts;
  const list = (entries, text) => entries.map(text).join("；") || "无";
  return [
    ["方案", `机关 ${plan.tenant}，事项 ${plan.item}，台账第 ${plan.seq} 号方案`],
    ["方案摘要", plan.hash],
    ["冻结名录", `${number(counts.rows)} 家`],
    ["分层", list(Object.entries(counts.eligible), ([name, n]) => stratum(name, n, counts.quota[name]))],
    ["排除", list(Object.entries(counts.excluded), ([code, n]) => `${exclusion(code, texts)} ${number(n)} 家`)],
    ["抽中与公开", `先后抽中 ${number(counts.drawn)} 家，已公开 ${number(counts.opened)} 家`],
    ["公共随机数", list(counts.events, ({ name, value }) => `${name} ${value}`)],
    ["秘密数托管", list(counts.escrow.filter(({ to }) => to), ({ who, to }) => `${who} 托管于 ${to}`)],
    ["替换", list(counts.replacements, (request) => replacement(request, texts))],
    ["空缺席位", list(counts.emptySeats, ({ pool, task, slot }) => `第 ${task + 1} 项任务${texts.pool[pool]}第 ${slot + 1} 席`)],
    ["同一事项", `登记 ${item.plans} 次＝结果 ${item.results}＋作废 ${item.abandoned}（其中开奖后 ${item.afterEvent}）＋未了结 ${item.open}`],
    ["台账", `${number(counts.entries)} 条`],
    ["见证状态", state ? `截至 ${local(state.time * 1000)} 的 ${state.size} 条；之后可能还有登记` : "没有核对到足够的见证"],
  ];
}

const stratum = (name, eligible, quota) => `${name} 层 ${number(eligible)} 家抽 ${number(quota)} 家`;

const exclusion = (code, texts) => `${code} ${texts.exclusion[code] ?? texts.exclusion.XL}`;

function replacement({ what, pool, task, slot, reason }, texts) {
  const place = what === "object" ? "检查对象" : `${texts.pool[pool]}第 ${slot + 1} 席`;
  return `第 ${task + 1} 项任务${place}，${texts.replace[reason]}`;
}
