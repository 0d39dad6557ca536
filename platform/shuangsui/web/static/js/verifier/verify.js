// Recompute a whole draw from its published files (srd-1). No page, no network, no clock: values in, a verdict out.

import { hasQuorum } from "./checkpoint.js";
import { countDraw } from "./counts.js";
import { Failure, Unfinished } from "./failure.js";
import { seconds } from "./shape.js";
import { partSources } from "./sources.js";
import { STEPS } from "./steps.js";
import { findWarnings } from "./warnings.js";

/**
 * Check the files of one draw in the order of srd-1 section 12.1; `sources` by name, see sources.js.
 *
 * A malformed `trust` list rejects with TrustError. `onCheck({id, status})` hears every step: "running", then "pass",
 * "skip", "fail", or "open" where the log ends before the draw does. `verdict`: "VERIFIED", "ABANDONED" or "FAIL";
 * `code`: "witnessed", "unwitnessed", the reason or the failure; `due`: when an unfinished draw should be revealed.
 */
export async function verify(sources, { trust = "", onCheck = () => {} } = {}) {
  const parted = await partSources(sources);
  const draw = { ...parted, trust: await trusted(trust), pools: new Map(), forced: [], everDrawn: new Set() };
  const checks = Object.keys(STEPS).map((id) => ({ id, status: "waiting" }));
  try {
    for (const check of checks) await runCheck(check, draw, onCheck);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { ...failed(error, draw), checks, counts: null, warnings: [], draw: null };
  }
  return { ...conclude(draw), checks, counts: countDraw(draw), warnings: findWarnings(draw), draw };
}

/** The reader's list; only who has one has to load the code that reads it and checks signatures. */
const trusted = async (text) => (text.trim() === "" ? NOBODY : (await import("./trust.js")).readTrust(text));

const NOBODY = { logs: [], witnesses: [], contributors: new Map(), quorum: 1 };

function failed(error, draw) {
  const due = error instanceof Unfinished ? draw.plan.reveal_by : null;
  return { verdict: "FAIL", code: error.code, detail: error.detail, due };
}

async function runCheck(check, draw, onCheck) {
  check.status = "running";
  onCheck({ ...check });
  try {
    check.status = (await STEPS[check.id](draw)) ?? "pass";
  } catch (error) {
    check.status = error instanceof Unfinished ? "open" : "fail";
    throw error;
  } finally {
    onCheck({ ...check });
  }
}

function conclude(draw) {
  if (draw.abandon) return { verdict: "ABANDONED", code: draw.abandon.body.reason, detail: "", due: null };
  return { verdict: "VERIFIED", code: isWitnessed(draw) ? "witnessed" : "unwitnessed", detail: "", due: null };
}

/** A quorum saw the plan before the event, and a quorum saw the draw's last entry. */
function isWitnessed({ plan, planEntry, entries, checkpoints, trust }) {
  const event = Math.min(...plan.events.map(({ at }) => seconds(at)));
  const opening = entries.find(({ kind }) => kind === "EVENT" || kind === "ABANDON").i;
  const before = checkpoints.some(
    (checkpoint) => checkpoint.size > planEntry.i && checkpoint.size <= opening && hasQuorum(checkpoint, trust, event),
  );
  return before && checkpoints.some((checkpoint) => checkpoint.size > entries.at(-1).i && hasQuorum(checkpoint, trust));
}

/** The last line a verifier prints. */
export const verdictLine = ({ verdict, code, detail }) => [verdict, code, detail].filter(Boolean).join(" ");
