// The exact members of each kind of log entry (srd-1 section 7.2).

import { POOLS } from "./plan-pools.js";
import {
  hasExactly, isDistinct, isHex64, isInteger, isObject, isPrintable, isText, isTime, isU32, U32,
} from "./shape.js";

const ABANDON_REASONS = ["event-failed", "reveal-missing", "plan-error", "freeze-error", "legal-order", "data-fault"];
const PERSON_REASONS = ["recusal", "unavailable", "object-invalid"];

const oneOf = (...values) => (x) => values.includes(x);
const isCount = (x) => isInteger(x, 1, U32);
const isSlot = (x) => isInteger(x, 0, 15);
const isPlaced = (x) =>
  Array.isArray(x) && x.length === 3 && isU32(x[0]) && isSlot(x[1]) && (x[2] === null || isText(x[2]));
const isOutcome = (x) => x === null || isHex64(x) || (Array.isArray(x) && x.every(isPlaced));
const isRoles = (x) => Array.isArray(x) && x.length >= 2 && x.length <= 16 && x.every(isText) && isDistinct(x);

/** Whether an object has exactly these members, each accepted by its predicate. */
const shape = (fields) => (body) =>
  hasExactly(body, Object.keys(fields)) && Object.entries(fields).every(([member, accepts]) => accepts(body[member]));

const isDrawResult = shape({ seq: isCount, r: oneOf(0), seed: isHex64, hash: isHex64, cut: isObject });
const isReplaceResult = shape({ seq: isCount, r: isCount, in: isOutcome });
const isObjectRequest = shape({
  seq: isCount, r: isCount, what: oneOf("object"), task: isU32, out: isText, reason: oneOf("object-invalid"),
});
const isPersonRequest = shape({
  seq: isCount, r: isCount, what: oneOf("person"), task: isU32, out: (x) => x === null || isText(x),
  reason: oneOf("unfilled", ...PERSON_REASONS), pool: oneOf(...POOLS), slot: isSlot, scope: oneOf("task", "draw"),
});

/** An empty seat is `unfilled` and named alone; a person leaves for another reason. */
const isDeparture = ({ out, reason, scope }) =>
  out === null ? reason === "unfilled" && scope === "task" : reason !== "unfilled";

/** Kind → whether an object is a body of that kind. */
export const KINDS = new Map([
  ["PLAN", shape({ seq: isCount, plan_hash: isHex64, item: isText, reveal_by: isTime })],
  ["EVENT", shape({ seq: isCount, name: isText, value: (x) => isPrintable(x, 1, 256) })],
  ["REVEAL", shape({ seq: isCount, r: isU32, who: isText, value: isHex64 })],
  ["RESULT", (body) => isDrawResult(body) || isReplaceResult(body)],
  ["REPLACE", (body) => isObjectRequest(body) || (isPersonRequest(body) && isDeparture(body))],
  ["ABANDON", shape({ seq: isCount, r: isU32, reason: oneOf(...ABANDON_REASONS), by: isRoles })],
]);
