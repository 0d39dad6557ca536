// The log of a tenant, entry by entry: form, chain, time, phase of every draw (srd-1 section 7).

import { concat, decode, hex, utf8 } from "./bytes.js";
import { parseCanonical } from "./canonical.js";
import { demand } from "./failure.js";
import { KINDS } from "./log-bodies.js";
import { LogPhases } from "./log-phases.js";
import { hasExactly, isObject, isText, isTime } from "./shape.js";
import { SUITES } from "./suite.js";

const MEMBERS = ["i", "kind", "origin", "prev", "suite", "time", "body"];
const START = "0".repeat(64);

/** `entries` (each with its `hash`), `lines` as bytes, `suite` and `origin` of a checked log. */
export function readLog(bytes) {
  const { lines, entries } = parseLines(bytes);
  const suite = SUITES.get(entries[0]?.suite);
  const log = { lines, entries, suite, origin: entries[0]?.origin, suiteName: entries[0]?.suite };
  const phases = new LogPhases();
  const revealed = new Set();
  let [previous, time] = [START, ""];
  entries.forEach((entry, i) => {
    checkEntry(entry, i, log, previous, time);
    checkReveal(entry, revealed);
    phases.accept(entry);
    entry.hash = suite.hash(concat("srd1/log\n", lines[i]));
    [previous, time] = [hex(entry.hash), entry.time];
  });
  return { ...log, draws: phases.draws };
}

function parseLines(bytes) {
  const text = decode(bytes);
  demand(text.endsWith("\n"), "NOT_CANONICAL", "log.jsonl: last line");
  const lines = text.slice(0, -1).split("\n").map(utf8);
  return { lines, entries: lines.map((line, i) => parseCanonical(line, `log.jsonl line ${i}`)) };
}

function checkEntry(entry, i, log, previous, time) {
  const where = `entry ${i}`;
  demand(hasExactly(entry, MEMBERS) && hasTypes(entry), "LOG_FORMAT", where);
  const linked = entry.i === i && entry.prev === previous && log.suite !== undefined;
  demand(linked && entry.origin === log.origin && entry.suite === log.suiteName, "LOG_CHAIN", where);
  demand(entry.time >= time, "LOG_TIME", where);
  demand(KINDS.get(entry.kind)(entry.body), "LOG_FORMAT", `${where}: ${entry.kind}`);
}

const hasTypes = ({ i, kind, origin, prev, suite, time, body }) =>
  Number.isSafeInteger(i) && KINDS.has(kind) && isText(origin) && isTime(time) && isObject(body) &&
  typeof prev === "string" && typeof suite === "string";

/** A revealed value works once in a log: two draws may not share a secret. */
function checkReveal({ kind, body, i }, revealed) {
  if (kind !== "REVEAL") return;
  demand(!revealed.has(body.value), "REVEAL_REUSED", `entry ${i}`);
  revealed.add(body.value);
}
