// What a checked draw says about one company.

import { serialise } from "./canonical.js";
import { blind } from "./openings.js";
import { checkReceipt } from "./receipt.js";

/**
 * The place of one object in a checked draw.
 *
 * Answers `{state}` and what belongs to it: "unknown" (salted list, no salt), "absent" (not in the frozen registry),
 * "excluded" (`code`), "listed" (abandoned draw), "passed" or "drawn" (`stratum, place, of, quota, weight, uneven,
 * ticket, cut, task, replaced`). Every row found has its `proof`: see `proofOf`. `salt` is hex; a public draw needs
 * none, an opened object neither.
 */
export function lookUp(draw, id, salt = "") {
  const known = draw.plan.mode === "public" ? "" : salt || openedSalt(draw.openings, id);
  if (known === null) return { state: "unknown" };
  const row = draw.snapshot.find(blind(draw.suite.hash, id, known));
  if (row < 0) return { state: "absent" };
  return { ...standing(draw, row), proof: proofOf(draw, row, id, known) };
}

/** The same from a receipt file, which also proves that the row stands in the plan's snapshot. */
export function lookUpReceipt(draw, bytes) {
  const { id, salt } = checkReceipt(bytes, "receipt", draw);
  return { id, ...lookUp(draw, id, salt) };
}

const openedSalt = (openings, id) => Object.values(openings).find((opening) => opening.id === id)?.salt ?? null;

/** `{row, line, path, root, receipt}`: the row as text, the way from it to the root, both as receipt.json too. */
function proofOf({ plan, planHash, snapshot }, row, id, salt) {
  const { tile, path } = snapshot.proof(row);
  const receipt = serialise({ v: plan.v, plan_hash: planHash, id, salt, index: row, tile, path });
  return { row, line: tile[row % 256], path, root: plan.snapshot.root, receipt };
}

function standing(draw, row) {
  if (!draw.snapshot.isEligible(row)) return { state: "excluded", code: draw.snapshot.kindOf(row).code };
  return draw.rankings ? placeOf(draw, row) : { state: "listed" };
}

function placeOf(draw, row) {
  const { stratum, weight } = draw.snapshot.kindOf(row);
  const ranking = draw.rankings.get(stratum);
  const { b, ticket } = ranking.entry(ranking.rows.indexOf(row));
  const task = draw.tasks.findIndex((candidate) => candidate.b === b);
  return {
    state: draw.everDrawn.has(b) ? "drawn" : "passed",
    stratum,
    place: ranking.place(row),
    of: ranking.rows.length,
    quota: draw.plan.quota[stratum],
    weight,
    uneven: draw.snapshot.eligibleKinds(stratum).some((kind) => kind.weight !== weight),
    ticket,
    cut: draw.resultEntry.body.cut[stratum]?.[1] ?? null,
    task: task < 0 ? null : task,
    replaced: draw.everDrawn.has(b) && (task < 0 || draw.tasks[task].cancelled),
  };
}
