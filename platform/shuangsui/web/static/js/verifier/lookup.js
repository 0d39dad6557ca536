// What a checked draw says about one company.

import { checkReceipt } from "./receipt.js";
import { blind } from "./openings.js";

/**
 * The place of one object in a checked draw.
 *
 * Answers `{state}` and what belongs to it: "unknown" (salted list, no salt), "absent" (not in the frozen registry),
 * "excluded" (`code`), "listed" (abandoned draw), "passed" or "drawn" (`stratum, place, of, quota, ticket, task,
 * replaced`). `salt` is hex; a public draw needs none, an opened object neither.
 */
export function lookUp(draw, id, salt = "") {
  const known = draw.plan.mode === "public" ? "" : salt || openedSalt(draw.openings, id);
  if (known === null) return { state: "unknown" };
  const row = draw.snapshot.find(blind(draw.suite.hash, id, known));
  if (row < 0) return { state: "absent" };
  if (!draw.snapshot.isEligible(row)) return { state: "excluded", code: draw.snapshot.code(row) };
  return draw.rankings ? placeOf(draw, row) : { state: "listed" };
}

/** The same from a receipt file, which also proves that the row stands in the plan's snapshot. */
export function lookUpReceipt(draw, bytes) {
  const { id, salt } = checkReceipt(bytes, "receipt", draw);
  return { id, ...lookUp(draw, id, salt) };
}

const openedSalt = (openings, id) => Object.values(openings).find((opening) => opening.id === id)?.salt ?? null;

function placeOf(draw, row) {
  const stratum = draw.snapshot.strata[draw.snapshot.stratum[row]];
  const ranking = draw.rankings.get(stratum);
  const { b, ticket } = ranking.entry(ranking.rows.indexOf(row));
  const task = draw.tasks.findIndex((candidate) => candidate.b === b);
  return {
    state: draw.everDrawn.has(b) ? "drawn" : "passed",
    stratum,
    place: ranking.place(row),
    of: ranking.rows.length,
    quota: draw.plan.quota[stratum],
    ticket,
    task: task < 0 ? null : task,
    replaced: draw.everDrawn.has(b) && (task < 0 || draw.tasks[task].cancelled),
  };
}
