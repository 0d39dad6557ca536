// Wiring of the verifier page: choose a draw, fetch its files, let the Worker recompute it, answer questions.

import { startWorker } from "./trusted.js";
import { showAnswer, showProblem } from "./verify-answer.js";
import { fetchDraw, readLocal } from "./verify-files.js";
import { resetChecks, showCheck, showProgress, showReport, showVerdict } from "./verify-view.js";

const { draws, worker: workerAddress, texts: textsAddress } = document.getElementById("verifier").dataset;
const byId = (id) => document.getElementById(id);
const PROMISE = byId("subject").textContent;

let texts = null;
let worker = null;
let run = null; // what is being or has been verified: {files, subject, trust, passed}

/** A fresh Worker for every run, so that an answer never belongs to the run before. */
function start(files, subject) {
  run = { files, subject, trust: byId("trust").value, passed: false };
  showStart(subject);
  worker?.terminate();
  worker = startWorker(workerAddress);
  worker.onmessage = ({ data }) => hear[data.kind](data);
  worker.onerror = () => hear.error({ during: "verify" });
  worker.postMessage({ kind: "verify", files, trust: run.trust });
}

function showStart(subject) {
  byId("subject").textContent = `${subject}${PROMISE}`;
  byId("choice").hidden = true;
  byId("trust-error").hidden = true;
  byId("trust").removeAttribute("aria-invalid");
  delete document.body.dataset.done;
  resetChecks();
  showVerdict("wait", "正在核验", "正在您的设备上重新计算。");
}

const hear = {
  check: ({ check }) => showCheck(check),
  report({ report }) {
    run.passed = report.verdict !== "FAIL";
    showReport(report, texts, run.trust.trim() !== "");
    document.body.dataset.done = report.verdict;
  },
  answer: ({ answer }) => showAnswer(answer, texts),
  error({ during, code, line }) {
    if (during === "receipt") return showProblem(`查验单无法使用：${texts.failure[code]}（${code}）。`);
    if (line) return refuseTrust(line);
    showVerdict("bad", "无法核验", "浏览器没能完成计算，可能是档案太大。请下载档案，用 fairdraw.pyz 核验。");
  },
};

function refuseTrust(line) {
  byId("trust").setAttribute("aria-invalid", "true");
  byId("trust-error").hidden = false;
  byId("trust-error").textContent = `信任清单第 ${line} 行格式不对：应为“log、witness 或 contributor 加一个公钥”，或“quorum 加一个数”。`;
  showVerdict("wait", "没有开始核验", "请先改正信任清单，或清空它再核验。");
}

async function verifyPublished(no) {
  showVerdict("wait", "正在下载档案", "档案下载后全部在您的设备上核验。");
  try {
    const { title, files } = await fetchDraw(`${draws}${encodeURIComponent(no)}/`, showProgress);
    start(files, `${title}，抽取编号 ${no}。`);
  } catch {
    showVerdict("bad", "没有取得档案", `找不到抽取 ${no} 的公开档案，请检查编号和网络，或在下面打开本地档案。`);
    byId("choice").hidden = false;
  }
}

/** Credit codes are printed in capitals; other ids stay as typed. */
const creditCode = (text) => (/^[0-9a-z]{18}$/i.test(text) ? text.toUpperCase() : text);

function ask(message) {
  if (run?.passed) worker.postMessage(message);
  else showProblem("请先完成核验；核验未通过时，名录中的位置没有意义。");
}

byId("company").addEventListener("submit", (event) => {
  event.preventDefault();
  const [id, salt] = [creditCode(byId("code").value.trim()), byId("salt").value.trim().toLowerCase()];
  if (id === "") return showProblem("请输入统一社会信用代码。");
  if (salt !== "" && !/^[0-9a-f]{32}$/.test(salt)) return showProblem("盐应为 32 位十六进制数字，请对照通知书重新输入。");
  ask({ kind: "company", id, salt });
});

byId("receipt").addEventListener("change", async ({ target }) => {
  const [receipt] = (await readLocal(target.files)).values();
  target.value = "";
  if (receipt) ask({ kind: "receipt", bytes: receipt });
});

for (const id of ["folder", "picked"]) {
  byId(id).addEventListener("change", async ({ target }) => {
    const local = await readLocal(target.files);
    if (local.size > 0) start(local, "您打开的本地档案。");
  });
}

byId("trust-form").addEventListener("submit", (event) => {
  event.preventDefault();
  if (run) start(run.files, run.subject);
});

texts = await (await fetch(textsAddress)).json();
const wanted = new URLSearchParams(location.search).get("draw");
if (wanted) verifyPublished(wanted);
else byId("choice").hidden = false;
