// What the verifier page shows: checks, verdict, warnings. Text only, never markup.

import { showCounts } from "./verify-counts.js";
import { element, local } from "./words.js";

const STATUS = { waiting: "等待", running: "正在核验", pass: "一致", skip: "不适用", fail: "不符", open: "尚未办到" };
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
  verdict.querySelector("p").textContent = text;
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
    document.querySelector('[data-check="checkpoints"] output').textContent = "根一致，签名未核验";
  }
}

export function verdictOf({ verdict, code, detail, due }, texts, trusted) {
  if (due) {
    const text = `台账里这次抽取尚未办完，现在还不能核验结果。已核对的各步没有发现问题；按方案最迟应于 ${local(due)} 揭示秘密数。`;
    return ["wait", "这次抽取还没有结束", text];
  }
  if (verdict === "FAIL") {
    return ["bad", "核验未通过", `${texts.failure[code]}（${code} ${detail}）。请保存档案文件，并向监督部门反映。`];
  }
  if (verdict === "ABANDONED") return ["warn", "这次抽取已作废", `理由：${texts.abandon[code]}。登记完整，没有结果。`];
  if (code === "witnessed") {
    return ["ok", "核验通过，且有外部见证", "结果与公开档案完全一致；您信任的见证方在开奖前看到了方案，并见证了本次抽取的最后一条登记。"];
  }
  const why = trusted
    ? "您的信任清单里，没有足够的见证方签署过所需的检查点"
    : "签名未核验：您没有提供信任清单";
  return ["part", "核验通过，未经见证", `结果与公开档案完全一致。${why}，因此不能排除机关另有一份台账。`];
}

function showWarnings(warnings, texts) {
  const items = [...new Set(warnings.map(({ code }) => code))].map((code) => {
    const places = warnings.filter((warning) => warning.code === code).map(({ detail }) => place(detail, texts));
    return element("li", `${texts.warning[code]}：${places.join("、")}（${code}）。`);
  });
  document.querySelector("#warnings ul").replaceChildren(...items);
  document.getElementById("warnings").hidden = items.length === 0;
}

/** "teams 3/0" and "task 3" in words; anything else as it stands. */
function place(detail, texts) {
  const parts = /^(task|teams|experts) (\d+)(?:\/(\d+))?$/.exec(detail);
  if (!parts) return detail;
  const seat = parts[3] ? `第 ${Number(parts[3]) + 1} 席` : "";
  return `第 ${Number(parts[2]) + 1} 项任务${texts.pool[parts[1]] ?? ""}${seat}`;
}

/** Why a company's question has no answer. */
export function showProblem(text) {
  document.getElementById("answer").replaceChildren(element("p", text, "note bad"));
}
