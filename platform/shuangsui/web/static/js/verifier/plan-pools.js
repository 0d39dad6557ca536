// The people a plan draws teams and experts from (srd-1 section 5.4).

import { compareText } from "./bytes.js";
import { demand } from "./failure.js";
import { hasExactly, isAscending, isDistinct, isHex64, isInteger, isObject, isText } from "./shape.js";

const MEMBERS = ["size", "cap", "day_cap", "per_day", "two_offices", "attempts", "need", "people", "recuse"];

/** The two pools of a plan, in the order in which they are drawn. */
export const POOLS = ["teams", "experts"];

const need = (condition, field) => demand(condition, "PLAN_FIELD", field);

export function checkPools(plan) {
  for (const name of POOLS) if (plan[name] !== null) checkPool(plan[name], name, plan.rules.strata);
  const ids = POOLS.flatMap((name) => plan[name]?.people.map(({ id }) => id) ?? []);
  need(isDistinct(ids), "people in both pools");
}

function checkPool(pool, name, strata) {
  need(hasExactly(pool, MEMBERS), name);
  need(isInteger(pool.size, 1, 16), `${name}.size`);
  for (const field of ["cap", "day_cap", "per_day"]) need(isInteger(pool[field], 1), `${name}.${field}`);
  need(typeof pool.two_offices === "boolean", `${name}.two_offices`);
  need(!pool.two_offices || (name === "teams" && pool.size >= 2), `${name}.two_offices`);
  need(isInteger(pool.attempts, 1, 64), `${name}.attempts`);
  need(isObject(pool.need), `${name}.need`);
  for (const [stratum, qualification] of Object.entries(pool.need)) {
    need(stratum in strata && isText(qualification), `${name}.need.${stratum}`);
  }
  checkPeople(pool.people, `${name}.people`);
  checkRecusals(pool, `${name}.recuse`);
}

function checkPeople(people, field) {
  need(Array.isArray(people) && people.length >= 1 && people.every(isPerson), field);
  need(isAscending(people, (a, b) => compareText(a.id, b.id)), field);
}

const isPerson = (person) =>
  hasExactly(person, ["id", "office", "quals", "lead"]) && isText(person.id) && isText(person.office) &&
  Array.isArray(person.quals) && person.quals.every(isText) && isDistinct(person.quals) &&
  typeof person.lead === "boolean";

function checkRecusals({ recuse, people }, field) {
  need(Array.isArray(recuse), field);
  const known = new Set(people.map(({ id }) => id));
  const isPair = (pair) => Array.isArray(pair) && pair.length === 2 && known.has(pair[0]) && isHex64(pair[1]);
  need(recuse.every(isPair), field);
  need(isAscending(recuse, (a, b) => compareText(a[0], b[0]) || compareText(a[1], b[1])), field);
}
