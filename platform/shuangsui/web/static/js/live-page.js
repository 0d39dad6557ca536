// The live page: events in their order, at once what had happened before, at a walking pace what happens now.

import { drawBins, drawLine, resetChart } from "./live-chart.js";
import { showObjection } from "./live-objections.js";
import { addPick, openNames, resetPicks } from "./live-picks.js";
import { verifyLive } from "./live-verify.js";
import { resetView, say, sayPick, showDone, showLine, showLock, showProof, showStage } from "./live-view.js";
import { t } from "./words.js";

const { events: address, draw, worker } = document.getElementById("main").dataset;
const byId = (id) => document.getElementById(id);
const SHOW = 24000; // milliseconds for all picks together
const SLOWEST = 900;
const FASTEST = 40;
const STEP = 700;

const heard = []; // every event, by its number
let shown = 0; // how many of them stand on the page
let walking = false; // whether what comes now is shown one by one
let timer = 0;
let source = null;
let codes = new Map(); // of drawn objects that may be told, by task, once this device has checked them

function listen() {
  source = new EventSource(heard.length ? `${address}?after=${heard.length}` : address);
  source.onopen = () => showLine("live");
  source.onmessage = ({ data }) => hear(JSON.parse(data));
  source.addEventListener("now", () => {
    walking = true;
  });
  source.addEventListener("objection", ({ data }) => showObjection(JSON.parse(data)));
  source.onerror = () => {
    showLine("broken");
    if (source.readyState === EventSource.CLOSED) setTimeout(listen, 3000);
  };
}

/** Numbers go up one by one; what was heard already is not heard again. */
function hear(event) {
  if (event.n !== heard.length + 1) return;
  heard.push(event);
  if (event.type === "done") end();
  if (!timer) next();
}

/** The last event: the stream is over, and this device recomputes everything while the page still walks. */
async function end() {
  source.close();
  showLine("ended");
  codes = await verifyLive({ draw, worker });
  openNames(codes);
}

function next() {
  timer = 0;
  while (shown < heard.length) {
    const event = heard[shown];
    shown += 1;
    SHOWING[event.type](event);
    const pause = walking ? pauseAfter(event) : 0;
    if (pause) {
      byId("skip").hidden = false;
      timer = setTimeout(next, pause);
      return;
    }
  }
  const over = heard.at(-1)?.type === "done";
  byId("skip").hidden = true;
  byId("replay").hidden = !over;
  openNames(codes);
  if (over) document.body.dataset.shown = String(shown);
}

function pauseAfter(event) {
  if (event.type === "stage") return STEP;
  if (event.type !== "pick") return 0;
  return Math.max(FASTEST, Math.min(SLOWEST, SHOW / total()));
}

const total = () => heard[1]?.picks ?? 1;

const SHOWING = {
  stage: (event) => showStage(event, heard[1]),
  lock: showLock,
  commit: showProof,
  entropy: showProof,
  reveal: showProof,
  seed: showProof,
  tickets: (event) => drawBins(event, heard[1]),
  pick(event) {
    addPick(event, total());
    drawLine(event);
    if (walking) sayPick(event, total());
  },
  done: showDone,
};

byId("skip").addEventListener("click", () => {
  clearTimeout(timer);
  walking = false;
  next();
});

byId("replay").addEventListener("click", () => {
  resetView();
  resetPicks();
  resetChart();
  delete document.body.dataset.shown;
  shown = 0;
  walking = true;
  say(t("从头重放"));
  byId("replay").hidden = true;
  next();
});

if (document.fullscreenEnabled) {
  byId("full").hidden = false;
  byId("full").addEventListener("click", () => {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen();
  });
}

listen();
