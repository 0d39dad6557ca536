// The figures a verification found.

import { element, local, number, t } from "./words.js";

/** `counts` as counts.js gives them. */
export function showCounts(counts, texts) {
  const pairs = figures(counts, texts).flatMap(([name, text]) => [element("dt", name), element("dd", text, "num")]);
  document.querySelector("#counts dl").replaceChildren(...pairs);
  document.getElementById("counts").hidden = false;
}

function figures(counts, texts) {
  const { plan, item, state } = counts;
  const list = (entries, text) => entries.map(text).join(t("；")) || t("无");
  return [
    [t("方案"), t("机关 {tenant}，事项 {item}，台账第 {seq} 号方案", plan)],
    [t("方案摘要"), plan.hash],
    [t("冻结名录"), objects(counts.rows)],
    [t("分层"), list(Object.entries(counts.eligible), ([name, n]) => stratum(name, n, counts.quota[name]))],
    [t("排除"), list(Object.entries(counts.excluded), ([code, n]) => excluded(code, n, texts))],
    [t("抽中与公开"), drawn(counts)],
    [t("公共随机数"), list(counts.events, ({ name, value }) => `${name} ${value}`)],
    [t("秘密数托管"), list(counts.escrow.filter(({ to }) => to), (one) => t("{who} 托管于 {to}", one))],
    [t("替换"), list(counts.replacements, (request) => replacement(request, texts))],
    [t("空缺席位"), list(counts.emptySeats, (one) => seat(one, texts))],
    [t("同一事项"), t("登记 {plans} 次＝结果 {results}＋作废 {abandoned}（其中开奖后 {afterEvent}）＋未了结 {open}", item)],
    [t("台账"), t("{n} 条", { n: number(counts.entries) })],
    [t("见证状态"), state ? witnessed(state) : t("没有核对到足够的见证")],
  ];
}

const objects = (n) => t("{n} 家", { n: number(n) });

const drawn = (counts) =>
  t("先后抽中 {drawn} 家，已公开 {opened} 家", { drawn: number(counts.drawn), opened: number(counts.opened) });

const witnessed = ({ time, size }) => t("截至 {time} 的 {size} 条；之后可能还有登记", { time: local(time * 1000), size });

const stratum = (name, eligible, quota) =>
  t("{name} 层 {eligible} 家抽 {quota} 家", { name, eligible: number(eligible), quota: number(quota) });

const excluded = (code, n, texts) =>
  t("{code} {reason} {n} 家", { code, reason: texts.exclusion[code] ?? texts.exclusion.XL, n: number(n) });

const seat = ({ pool, task, slot }, texts) =>
  t("第 {task} 项任务{pool}第 {seat} 席", { task: task + 1, pool: texts.pool[pool], seat: slot + 1 });

function replacement(request, texts) {
  const object = request.what === "object";
  const place = object ? t("第 {task} 项任务检查对象", { task: request.task + 1 }) : seat(request, texts);
  return t("{place}，{reason}", { place, reason: texts.replace[request.reason] });
}
