// The checks of srd-1 section 12.1, one function a step. Each reads and extends the value `draw`; some wait.

import { concat, decode, hex } from "./bytes.js";
import { parseCanonical, sameValue } from "./canonical.js";
import { checkCheckpoints } from "./checkpoint.js";
import * as commitments from "./commitments.js";
import { demand, Unfinished } from "./failure.js";
import { readLog } from "./log.js";
import { checkOpenings } from "./openings.js";
import { checkPlan } from "./plan.js";
import { POOLS } from "./plan-pools.js";
import { checkPublicIds } from "./public-ids.js";
import { checkQuota } from "./quota.js";
import { replay } from "./replacement.js";
import { publishedCut, publishedObjects, select } from "./selection.js";
import { hasExactly } from "./shape.js";
import { readSnapshot } from "./snapshot.js";
import { loadSuite, SUITES } from "./suite.js";
import { drawPool, forcedTasks, publishedPool } from "./teams.js";

const SKIP = "skip";
const REQUIRED = ["plan.json", "rows.txt", "log.jsonl", "openings.json"];

function file(draw, name) {
  const found = draw.files.get(name) ?? draw.streams.get(name);
  demand(found, "FILE_MISSING", name);
  return found;
}

function files(draw) {
  for (const name of REQUIRED) file(draw, name);
}

async function plan(draw) {
  const bytes = file(draw, "plan.json");
  await loadSuite(decode(bytes));
  const value = parseCanonical(bytes, "plan.json");
  checkPlan(value);
  const suite = SUITES.get(value.suite);
  Object.assign(draw, { plan: value, suite, planHash: hex(suite.hash(concat("srd1/plan\n", bytes))) });
}

async function snapshot(draw) {
  const ids = draw.plan.mode === "public" ? file(draw, "ids.txt") : null;
  draw.snapshot = await readSnapshot(file(draw, "rows.txt").chunks(), draw.plan, draw.suite.hash);
  draw.alike = ids ? await checkPublicIds(ids.chunks(), draw.snapshot, draw.suite) : [];
}

function quota(draw) {
  checkQuota(draw.plan);
}

async function log(draw) {
  const bytes = file(draw, "log.jsonl");
  await loadSuite(decode(bytes));
  draw.log = readLog(bytes);
}

function logged(draw) {
  draw.planEntry = commitments.findPlanEntry(draw.log, draw.plan, draw.planHash);
  draw.entries = draw.log.draws.get(draw.plan.seq).entries;
  draw.abandon = commitments.abandonEntry(draw.entries);
}

function events(draw) {
  draw.eventValues = commitments.checkEventEntries(draw.plan, draw.entries);
}

function contributors(draw) {
  draw.confirmed = commitments.checkContributorSignatures(draw.plan, draw.trust);
  draw.secrets = commitments.checkReveals(draw.plan, draw.entries, draw.suite.hash);
}

function abandoned(draw) {
  if (!draw.abandon) return SKIP;
  commitments.checkAbandon(draw.plan, draw.abandon);
}

function seed(draw) {
  if (draw.abandon) return SKIP;
  draw.resultEntry = draw.entries.find(({ kind, body }) => kind === "RESULT" && body.r === 0);
  demand(draw.resultEntry, "LOG_STATE", "no RESULT", Unfinished);
  draw.seed = commitments.makeSeed(draw.plan, draw.planEntry, draw.secrets, draw.eventValues, draw.suite.hash);
  demand(hex(draw.seed) === draw.resultEntry.body.seed, "SEED", hex(draw.seed));
  const bytes = file(draw, "result.json");
  draw.result = parseCanonical(bytes, "result.json");
  const hash = hex(draw.suite.hash(concat("srd1/result\n", bytes)));
  demand(hash === draw.resultEntry.body.hash, "RESULT_HASH", hash);
  demand(hasExactly(draw.result, ["objects", "order", ...POOLS]), "RESULT_FIELD", "members");
}

function selection(draw) {
  if (draw.abandon) return SKIP;
  const { rankings, drawn, order } = select(draw.suite, draw.seed, draw.snapshot, draw.plan);
  demand(sameValue(draw.result.objects, publishedObjects(drawn)), "SELECT", "objects");
  demand(sameValue(draw.resultEntry.body.cut, publishedCut(drawn)), "CUT", "cut");
  demand(sameValue(draw.result.order, order.map(({ b }) => b)), "ORDER", "order");
  draw.tasks = order.map(({ row, b }) => ({ row, b, stratum: draw.snapshot.kindOf(row).stratum, cancelled: false }));
  draw.everDrawn = new Set(draw.result.order);
  draw.rankings = rankings;
}

function teams(draw) {
  if (draw.abandon) return SKIP;
  for (const [name, code] of [["teams", "TEAM"], ["experts", "EXPERT"]]) {
    const drawn = draw.plan[name] && drawPool(name, draw.plan[name], draw.tasks, draw);
    demand(sameValue(draw.result[name], drawn && publishedPool(drawn)), code, name);
    if (!drawn) continue;
    draw.pools.set(name, drawn.seats);
    draw.forced.push(...forcedTasks(drawn.seats));
  }
  return draw.pools.size === 0 ? SKIP : undefined;
}

async function replacements(draw) {
  if (draw.abandon) return SKIP;
  await replay(draw);
  for (const { b } of draw.tasks) draw.everDrawn.add(b);
  return draw.entries.some(({ kind }) => kind === "REPLACE") ? undefined : SKIP;
}

function openings(draw) {
  draw.openings = parseCanonical(file(draw, "openings.json"), "openings.json");
  checkOpenings(draw.openings, draw.everDrawn, draw.plan.mode, draw.suite.hash);
}

function checkpoints(draw) {
  draw.checkpoints = checkCheckpoints(draw.files, draw.log, draw.trust);
  return draw.checkpoints.length === 0 ? SKIP : undefined;
}

async function receipts(draw) {
  const names = [...draw.files.keys()].filter((name) => /^receipt-.*\.json$/.test(name)).sort();
  if (names.length === 0) return SKIP;
  const { checkReceipt } = await import("./receipt.js");
  for (const name of names) checkReceipt(draw.files.get(name), name, draw);
  return undefined;
}

/** In the order of srd-1; a function answers "skip" where the draw gives it nothing to check. */
export const STEPS = {
  files, plan, snapshot, quota, log, logged, events, contributors, abandoned, seed, selection, teams, replacements,
  openings, checkpoints, receipts,
};
