// The end of the live page: this device fetches the published files and recomputes the draw, without being asked.

import { markProof, showSpent } from "./live-view.js";
import { startWorker } from "./trusted.js";
import { showShare, showVerdict, verdictOf } from "./verify-view.js";
import { t, words } from "./words.js";

const TRIES = 120;
const BROKEN = 5; // failures while the server is there
const PAUSE = 1500; // the files are published right after the last event, and a server may just be restarted
const PROOFS = { snapshot: "lock", contributors: ["commit", "reveal"], events: "entropy", seed: "seed" };

const sleep = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/** Verdict on the page; answers codes of the drawn objects that may be told, by task from 1. */
export async function verifyLive({ draw, worker }) {
  document.getElementById("verdict").hidden = false;
  showVerdict("wait", t("等待公开档案"), t("档案公开后立即下载，全部在您的设备上核验。"));
  const said = await patiently(words);
  if (!said || !(await patiently(() => published(draw)))) {
    return none(t("没有取得档案"), t("公开档案还没有发布或网络不通，请稍后用下面的“逐项核验”再试。"));
  }
  showVerdict("wait", t("正在核验"), t("档案边下载边核验，全部在您的设备上重新计算。"));
  const began = performance.now();
  const report = await recomputed(worker, draw);
  if (!report) return none(t("无法核验"), t("浏览器没能取得全部档案或没能完成计算。请用下面的“逐项核验”再试，或下载档案核验。"));
  showSpent(Math.round(performance.now() - began));
  showVerdict(...verdictOf(report, said, false));
  document.body.dataset.done = report.verdict;
  if (report.verdict !== "VERIFIED") return new Map();
  return (await patiently(() => codesOf(draw))) ?? new Map();
}

function none(title, text) {
  showVerdict("bad", title, text);
  return new Map();
}

async function json(address) {
  const answer = await fetch(address, { cache: "no-cache" });
  if (!answer.ok) throw new Error(address);
  return answer.json();
}

/** The first answer that is one; what fails because the line is broken is tried again. */
async function patiently(attempt, tries = TRIES) {
  for (let i = 0; i < tries; i += 1) {
    const found = await attempt().catch(() => null);
    if (found) return found;
    await sleep(PAUSE);
  }
  return null;
}

/** Whether the published files hold the end of the draw. */
async function published(draw) {
  return (await json(`${draw}index.json`)).state !== "committed";
}

/** The report; null if the computation fails again and again although the server is there. */
async function recomputed(address, folder) {
  for (let [tries, broken] = [TRIES, BROKEN]; tries && broken; tries -= 1) {
    const report = await recompute(address, folder);
    if (report) return report;
    if (await published(folder).catch(() => false)) broken -= 1;
    await sleep(PAUSE);
  }
  return null;
}

/** The report of a Worker of its own; null if it could not finish. Each proof turns green when its check has passed. */
function recompute(address, folder) {
  return new Promise((done) => {
    const worker = startWorker(address);
    const finish = (report) => {
      worker.terminate();
      done(report);
    };
    worker.onmessage = ({ data }) => {
      if (data.kind === "share") showShare(data.share);
      if (data.kind === "check") showProofs(data.check);
      if (data.kind === "report") finish(data.report);
      if (data.kind === "error") finish(null);
    };
    worker.onerror = () => finish(null);
    worker.postMessage({ kind: "verify", folder, local: null, trust: "" });
  });
}

function showProofs({ id, status }) {
  for (const name of [PROOFS[id] ?? []].flat()) {
    if (status === "pass") markProof(name, "pass", t("本机已核验"));
    if (status === "fail") markProof(name, "fail", t("核验不符"));
  }
}

/** Openings by the place of their object in the work order. */
async function codesOf(draw) {
  const [opened, { order }] = await Promise.all([json(`${draw}openings.json`), json(`${draw}result.json`)]);
  return new Map(order.map((b, i) => [i + 1, opened[b]?.id ?? ""]));
}
