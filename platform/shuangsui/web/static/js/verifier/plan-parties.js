// Contributors and events of a plan (srd-1 sections 5.2 and 5.3).

import { unbase64 } from "./bytes.js";
import { demand } from "./failure.js";
import { hasExactly, isDistinct, isHex64, isInteger, isPrintable, isText, isTime, seconds } from "./shape.js";

const DRAND_CHAINS = new Map([
  ["52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971", { genesis: 1692803367, period: 3 }],
  ["8990e7a9aaed2ffed73dbd7092123d6f289930540d7651336225dc172e51b2ce", { genesis: 1595431050, period: 30 }],
]);
const EVENT_MEMBERS = new Map([
  ["ceremony", ["name", "kind", "at", "digits"]],
  ["drand", ["name", "kind", "at", "chain", "round"]],
  ["quote", ["name", "kind", "at"]],
]);

const need = (condition, field) => demand(condition, "PLAN_FIELD", field);

export function checkContributors(contributors) {
  need(Array.isArray(contributors) && contributors.length >= 2 && contributors.length <= 16, "contributors");
  for (const contributor of contributors) {
    need(hasExactly(contributor, ["who", "commit", "escrow", "sig"]), "contributors");
    need(isText(contributor.who) && isHex64(contributor.commit), "contributors");
    need(contributor.escrow === null || isEscrow(contributor.escrow), `escrow of ${contributor.who}`);
    need(contributor.sig === null || isSignature(contributor.sig), `sig of ${contributor.who}`);
  }
  need(isDistinct(contributors.map(({ who }) => who)), "contributors.who");
  need(isDistinct(contributors.map(({ commit }) => commit)), "contributors.commit");
}

const isEscrow = (escrow) =>
  hasExactly(escrow, ["to", "alg", "ct"]) && isText(escrow.to) && isText(escrow.alg) && isPrintable(escrow.ct, 0, 8192);

const isSignature = (sig) => typeof sig === "string" && unbase64(sig)?.length === 64;

export function checkEvents(events) {
  need(Array.isArray(events) && events.length >= 1 && events.length <= 4, "events");
  for (const event of events) {
    need(EVENT_MEMBERS.has(event?.kind) && hasExactly(event, EVENT_MEMBERS.get(event.kind)), "events");
    need(isText(event.name) && isTime(event.at), "events");
    need(event.kind !== "ceremony" || isInteger(event.digits, 20, 256), `digits of ${event.name}`);
    need(event.kind !== "drand" || isDrand(event), `chain and round of ${event.name}`);
  }
  need(isDistinct(events.map(({ name }) => name)), "events.name");
  need(events.some(({ kind }) => kind !== "quote"), "events.kind");
}

/** A known chain, and a round not older than the time the plan promised. */
function isDrand({ chain, round, at }) {
  const known = DRAND_CHAINS.get(chain);
  return known !== undefined && isInteger(round, 1) && known.genesis + (round - 1) * known.period >= seconds(at);
}

/** Whether `value` has the form its event's kind prescribes. */
export function isEventValue(event, value) {
  if (event.kind === "ceremony") return value.length === event.digits && /^\d+$/.test(value);
  return event.kind === "drand" ? isHex64(value) : isPrintable(value, 1, 256);
}
