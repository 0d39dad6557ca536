// What the verifier page shows: checks, verdict, warnings. Text only, never markup.

import { showCounts } from "./verify-counts.js";
import { element, local, put, t } from "./words.js";

const STATUS = {
  waiting: t("等待"), running: t("正在核验"), pass: t("一致"), skip: t("不适用"), fail: t("不符"), open: t("尚未办到"),
};
const TONES = { ok: "✓", part: "✓", warn: "!", bad: "✗", wait: "…" };

export function showCheck({ id, status }) {
  const item = document.querySelector(`[data-check="${id}"]`);
  item.dataset.status = status;
  item.querySelector("output").textContent = STATUS[status];
}

export function resetChecks() {
  const ids = [...document.querySelectorAll("[data-check]")].map((item) => item.dataset.check);
  for (const id of ids) showCheck({ id, status: "waiting" });
  for (const id of ["warnings", "counts", "demo"]) document.getElementById(id).hidden = true;
  document.getElementById("answer").replaceChildren();
}

export function showVerdict(tone, title, text) {
  const verdict = document.getElementById("verdict");
  verdict.dataset.tone = tone;
  verdict.querySelector(".dot").textContent = TONES[tone];
  verdict.querySelector("h2").textContent = title;
  put(verdict.querySelector("p"), text);
  verdict.querySelector("progress").hidden = true;
}

/** How much of the files has been read, from 0 to 1. */
export function showShare(share) {
  const bar = document.querySelector("#verdict progress");
  bar.hidden = share === 1;
  bar.value = share;
}

/** The whole report of a finished verification; `trusted` says whether the reader gave a list. */
export function showReport(report, texts, trusted) {
  showVerdict(...verdictOf(report, texts, trusted));
  document.getElementById("verdict").dataset.code = report.code;
  document.getElementById("demo").hidden = !report.demo;
  showWarnings(report.warnings, texts);
  if (report.counts) showCounts(report.counts, texts);
  if (!trusted && report.checks.some(({ id, status }) => id === "checkpoints" && status === "pass")) {
    document.querySelector('[data-check="checkpoints"] output').textContent = t("根一致，签名未核验");
  }
}

export function verdictOf({ verdict, code, detail, due }, texts, trusted) {
  if (due) {
    const text = t("台账里这次抽取尚未办完，现在还不能核验结果。已核对的各步没有发现问题；按方案最迟应于 {due} 揭示秘密数。", { due: local(due) });
    return ["wait", t("这次抽取还没有结束"), text];
  }
  if (verdict === "FAIL") {
    const said = { reason: texts.failure?.[code] ?? code, detail: `${code} ${detail}` };
    return ["bad", t("核验未通过"), t("{reason}（{detail}）。请保存档案文件，并向监督部门反映。", said)];
  }
  if (verdict === "ABANDONED") {
    return ["warn", t("这次抽取已作废"), t("理由：{reason}。登记完整，没有结果。", { reason: texts.abandon[code] })];
  }
  if (code === "witnessed") {
    return ["ok", t("核验通过，且有外部见证"), t("结果与公开档案完全一致；您信任的见证方在开奖前看到了方案，并见证了本次抽取的最后一条登记。")];
  }
  const why = trusted
    ? t("您的信任清单里，没有足够的见证方签署过所需的检查点")
    : t("签名未核验：您没有提供信任清单");
  return ["part", t("核验通过，未经见证"), t("结果与公开档案完全一致。{why}，因此不能排除机关另有一份台账。", { why })];
}

function showWarnings(warnings, texts) {
  const items = [...new Set(warnings.map(({ code }) => code))].map((code) => {
    const places = warnings.filter((warning) => warning.code === code).map(({ detail }) => place(detail, texts));
    const said = { warning: texts.warning[code], places: places.join(t("、")), code };
    return element("li", t("{warning}：{places}（{code}）。", said));
  });
  document.querySelector("#warnings ul").replaceChildren(...items);
  document.getElementById("warnings").hidden = items.length === 0;
}

/** "teams 3/0" and "task 3" in words; anything else as it stands. */
function place(detail, texts) {
  const parts = /^(task|teams|experts) (\d+)(?:\/(\d+))?$/.exec(detail);
  if (!parts) return detail;
  const [task, pool, seat] = [Number(parts[2]) + 1, texts.pool[parts[1]], Number(parts[3]) + 1];
  if (parts[3]) return t("第 {task} 项任务{pool}第 {seat} 席", { task, pool, seat });
  return pool ? t("第 {task} 项任务{pool}", { task, pool }) : t("第 {task} 项任务", { task });
}
