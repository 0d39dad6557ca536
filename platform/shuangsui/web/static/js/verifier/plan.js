// The plan has exactly the members of srd-1 section 5, each with its type and bounds.

import { demand } from "./failure.js";
import { checkContributors, checkEvents } from "./plan-parties.js";
import { checkPools } from "./plan-pools.js";
import { hasExactly, isCode, isHex64, isInteger, isName, isObject, isText, isTime, isU32, U32 } from "./shape.js";
import { SUITES } from "./suite.js";

const MEMBERS = [
  "v", "suite", "origin", "seq", "tenant", "item", "basis", "policy", "mode", "snapshot", "rules", "quota", "batch",
  "alternates", "replacements", "contributors", "events", "reveal_by", "teams", "experts", "ext",
];
const RATIO = /^(0|[1-9]\d*)\/([1-9]\d*)$/;

const need = (condition, field) => demand(condition, "PLAN_FIELD", field);

export function checkPlan(plan) {
  need(hasExactly(plan, MEMBERS), "members");
  checkHead(plan);
  checkSnapshot(plan.snapshot);
  checkRules(plan.rules);
  checkStrata(plan);
  checkContributors(plan.contributors);
  checkEvents(plan.events);
  need(isTime(plan.reveal_by) && plan.events.every((event) => event.at < plan.reveal_by), "reveal_by");
  checkPools(plan);
}

function checkHead(plan) {
  need(plan.v === "srd-1", "v");
  need(SUITES.has(plan.suite), "suite");
  need(isInteger(plan.seq, 1, U32), "seq");
  for (const field of ["origin", "tenant", "item", "basis"]) need(isText(plan[field]), field);
  need(plan.policy === null || isHex64(plan.policy), "policy");
  need(plan.mode === "public" || plan.mode === "salted", "mode");
  for (const field of ["batch", "alternates"]) need(isU32(plan[field]), field);
  need(isInteger(plan.replacements, 0, 1000), "replacements");
  need(isObject(plan.ext), "ext");
}

function checkSnapshot(snapshot) {
  need(hasExactly(snapshot, ["root", "n", "eligible", "excluded"]), "snapshot");
  need(isHex64(snapshot.root), "snapshot.root");
  need(isInteger(snapshot.n, 1, U32), "snapshot.n");
  need(isObject(snapshot.excluded), "snapshot.excluded");
  for (const [code, count] of Object.entries(snapshot.excluded)) {
    need(isCode(code) && isInteger(count, 1), `snapshot.excluded.${code}`);
  }
}

function checkRules(rules) {
  need(hasExactly(rules, ["mode", "total", "strata"]) && isObject(rules.strata), "rules");
  need(rules.mode === "ratio" ? rules.total === null : rules.mode === "total" && isU32(rules.total), "rules.total");
  const [chance, isChance] = rules.mode === "ratio" ? ["ratio", isRatio] : ["share", (x) => isInteger(x, 1, 1000000)];
  for (const [name, rule] of Object.entries(rules.strata)) {
    need(hasExactly(rule, [chance, "floor", "cap"]) && isChance(rule[chance]), `rules.strata.${name}`);
    need(isU32(rule.floor), `rules.strata.${name}.floor`);
    need(rule.cap === null || isInteger(rule.cap, rule.floor, U32), `rules.strata.${name}.cap`);
  }
}

function isRatio(text) {
  const parts = typeof text === "string" && RATIO.exec(text);
  if (!parts) return false;
  const [p, q] = [BigInt(parts[1]), BigInt(parts[2])];
  return p <= q && q <= 1000000n;
}

/** Quota, rules and snapshot speak of the same strata. */
function checkStrata(plan) {
  const names = Object.keys(plan.rules.strata);
  need(names.length > 0 && names.every(isName), "rules.strata");
  for (const [field, counts] of [["quota", plan.quota], ["snapshot.eligible", plan.snapshot.eligible]]) {
    need(hasExactly(counts, names) && Object.values(counts).every(isU32), field);
  }
}
