// Wiring of the verifier page.

import { startWorker } from "./trusted.js";
import { resetChecks, showCheck, showProblem, showReport, showShare, showVerdict } from "./verify-view.js";
import { put, t, words } from "./words.js";

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
  report({ report }) {
    run.passed = report.verdict !== "FAIL";
    showReport(report, texts, run.trust.trim() !== "");
    document.body.dataset.done = report.verdict;
    answerLink();
  },
  answer: async ({ answer }) => (await import("./verify-answer.js")).showAnswer(answer, texts),
  error({ during, unreachable, code, line }) {
    if (during === "receipt") return showProblem(t("查验单无法使用：{reason}（{code}）。", { reason: texts.failure[code], code }));
    if (line) return refuseTrust(line);
    if (unreachable) return showUnreachable();
    showVerdict("bad", t("无法核验"), t("浏览器没能完成计算，可能是档案太大。请下载档案，用 fairdraw.pyz 核验。"));
  },
};

function refuseTrust(line) {
  byId("trust").setAttribute("aria-invalid", "true");
  byId("trust-error").hidden = false;
  const format = t("信任清单第 {line} 行格式不对：应为“log、witness 或 contributor 加一个公钥”，或“quorum 加一个数”。", { line });
  byId("trust-error").textContent = format;
  showVerdict("wait", t("没有开始核验"), t("请先改正信任清单，或清空它再核验。"));
}

function showUnreachable() {
  const text = t("没能取得抽取 {no} 的公开档案，请检查编号和网络，或在下面打开本地档案。", run);
  showVerdict("bad", t("没有取得档案"), text);
  resetChecks();
  byId("choice").hidden = false;
}

/** Credit codes are printed in capitals; other ids stay as typed. */
const creditCode = (text) => (/^[0-9a-z]{18}$/i.test(text) ? text.toUpperCase() : text);

function ask(message) {
  if (run?.passed) worker.postMessage(message);
  else showProblem(t("请先完成核验；核验未通过时，名录中的位置没有意义。"));
}

const SALT = t("盐应为 32 位十六进制数字，请对照通知书重新输入。");

/** The question in the two fields, or null with the problem shown. */
function question() {
  const [id, salt] = [creditCode(byId("code").value.trim()), byId("salt").value.trim().toLowerCase()];
  const wrong = id === "" ? t("请输入统一社会信用代码。") : salt !== "" && !/^[0-9a-f]{32}$/.test(salt) && SALT;
  if (wrong) showProblem(wrong);
  return wrong ? null : { kind: "company", id, salt };
}

function askFields() {
  const found = question();
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
