// Wiring of the verifier page.

import { startWorker } from "./trusted.js";
import { resetChecks, showCheck, showReport, showShare, showVerdict } from "./verify-view.js";
import { allWords, put, t, words } from "./words.js";

const { draws, worker: workerAddress } = document.getElementById("verifier").dataset;
const byId = (id) => document.getElementById(id);
const PROMISE = byId("subject").textContent;

let texts = null;
let worker = null;
let run = null; // what is being or has been verified: {no, folder, local, trust, passed}
let linked = false; // a link has brought a question along, to be put once the draw has passed

/** A fresh Worker for every run, so that an answer never belongs to the run before. */
function start({ no = null, local = null }) {
  run = { no, local, folder: no && `${draws}${encodeURIComponent(no)}/`, trust: byId("trust").value, passed: false };
  showStart();
  worker?.terminate();
  worker = startWorker(workerAddress);
  worker.onmessage = ({ data }) => hear[data.kind](data);
  worker.onerror = () => hear.error({ during: "verify" });
  worker.postMessage({ kind: "verify", folder: run.folder, local, trust: run.trust });
}

function showStart() {
  byId("choice").hidden = true;
  byId("trust-error").hidden = true;
  byId("trust").removeAttribute("aria-invalid");
  delete document.body.dataset.done;
  resetChecks();
  showVerdict("wait", t("正在核验"), t("档案边下载边核验，全部在您的设备上重新计算。"));
}

const hear = {
  subject({ title }) {
    const what = run.no ? t("{title}，抽取编号 {no}。", { title, no: run.no }) : t("您打开的本地档案。");
    put(byId("subject"), what + PROMISE);
  },
  share: ({ share }) => showShare(share),
  check: ({ check }) => showCheck(check),
  async report({ report }) {
    const own = run;
    own.passed = report.verdict !== "FAIL";
    if (!own.passed) await allWords();
    if (run !== own) return;
    showReport(report, texts, run.trust.trim() !== "");
    document.body.dataset.done = report.verdict;
    answerLink();
  },
  async answer({ answer }) {
    await allWords();
    (await import("./verify-answer.js")).showAnswer(answer, texts);
  },
  async error({ during, unreachable, code, line }) {
    if (during === "receipt") return (await input()).refuseReceipt(code, texts.failure[code]);
    if (line) return (await input()).refuseTrust(line);
    if (unreachable) return showUnreachable();
    showVerdict("bad", t("无法核验"), t("浏览器没能完成计算，可能是档案太大。请下载档案，用 fairdraw.pyz 核验。"));
  },
};

async function input() {
  await allWords();
  return import("./verify-input.js");
}

function showUnreachable() {
  const text = t("没能取得抽取 {no} 的公开档案，请检查编号和网络，或在下面打开本地档案。", run);
  showVerdict("bad", t("没有取得档案"), text);
  resetChecks();
  byId("choice").hidden = false;
}

async function ask(message) {
  if (run?.passed) worker.postMessage(message);
  else (await input()).refuseUnverified();
}

async function askFields() {
  const found = (await input()).question();
  if (found) ask(found);
}

function answerLink() {
  if (linked) askFields();
  linked = false;
}

byId("company").addEventListener("submit", (event) => {
  event.preventDefault();
  askFields();
});

byId("receipt").addEventListener("change", ({ target }) => {
  const [file] = target.files;
  if (file) ask({ kind: "receipt", file });
  target.value = "";
});

for (const id of ["folder", "picked"]) {
  byId(id).addEventListener("change", ({ target }) => {
    if (target.files.length > 0) start({ local: [...target.files] });
  });
}

byId("trust-form").addEventListener("submit", (event) => {
  event.preventDefault();
  if (run) start(run);
});

/** A company's link has its code and salt behind the #, which no server sees; the address is cleaned of them. */
function readLink() {
  const said = new URLSearchParams(location.hash.slice(1));
  if (!said.has("code")) return;
  byId("code").value = said.get("code");
  byId("salt").value = said.get("salt") ?? "";
  history.replaceState(null, "", location.pathname + location.search);
  linked = true;
}

addEventListener("hashchange", () => {
  readLink();
  if (run?.passed) answerLink();
});

texts = await words();
byId("company").hidden = false;
readLink();
const wanted = new URLSearchParams(location.search).get("draw");
if (wanted) start({ no: wanted });
else byId("choice").hidden = false;
