// Plan entry, public events and contributors of one draw (srd-1 sections 5.2, 7.3 and 12.1 steps 6 to 9).

import { concat, hex, lp, u32, unbase64, unhex } from "./bytes.js";
import { demand, Unfinished } from "./failure.js";
import { isEventValue } from "./plan-parties.js";

const ofKind = (entries, kind, r) => entries.filter((entry) => entry.kind === kind && (entry.body.r ?? 0) === r);

/** The log's one PLAN entry of this plan. */
export function findPlanEntry(log, plan, planHash) {
  const found = log.entries.filter(({ kind, body }) => kind === "PLAN" && body.plan_hash === planHash);
  demand(found.length === 1, "PLAN_NOT_LOGGED", `${found.length} PLAN entries`);
  const { body, time } = found[0];
  const same = body.seq === plan.seq && body.item === plan.item && body.reveal_by === plan.reveal_by;
  demand(same, "PLAN_NOT_LOGGED", `entry ${found[0].i}`);
  demand(plan.origin === log.origin, "PLAN_ORIGIN", plan.origin);
  demand(plan.events.every(({ at }) => time < at), "PLAN_LATE", time);
  return found[0];
}

/** The draw's ABANDON entry, or undefined. */
export const abandonEntry = (entries) => ofKind(entries, "ABANDON", 0)[0];

/** Values of the events in the order of the plan; an abandoned draw may have fewer. */
export function checkEventEntries(plan, entries) {
  const logged = ofKind(entries, "EVENT", 0);
  demand(logged.length <= plan.events.length, "EVENT", "more events than planned");
  logged.forEach(({ body, time }, i) => {
    const event = plan.events[i];
    demand(body.name === event.name && time >= event.at, "EVENT", body.name);
    demand(isEventValue(event, body.value), "EVENT", `${body.name}: value`);
  });
  demand(logged.length === plan.events.length || abandonEntry(entries), "EVENT", "missing", Unfinished);
  return logged.map(({ body }) => body.value);
}

/** Names of the contributors whose signature a key of the reader's list confirms. */
export function checkContributorSignatures(plan, trust) {
  const confirmed = plan.contributors.filter(({ who }) => trust.contributors.has(who));
  for (const contributor of confirmed) {
    const message = contributorMessage(plan, contributor);
    const signature = contributor.sig && unbase64(contributor.sig);
    const keys = trust.contributors.get(contributor.who);
    const valid = signature && keys.some((key) => trust.verifySignature(key, message, signature));
    demand(valid, "CONTRIBUTOR_SIG", contributor.who);
  }
  return confirmed.map(({ who }) => who);
}

const contributorMessage = (plan, { commit }) =>
  concat("srd1/contrib\n", lp(plan.origin), u32(plan.seq), unhex(commit));

/** The value each contributor revealed, in plan order; every value opens its commitment. */
export function checkReveals(plan, entries, hash) {
  const values = new Map();
  for (const { body } of ofKind(entries, "REVEAL", 0)) {
    const contributor = plan.contributors.find(({ who }) => who === body.who);
    demand(contributor && !values.has(body.who), "COMMIT_OPEN", body.who);
    const value = unhex(body.value);
    const opened = hash(concat("srd1/commit\n", lp(plan.origin), u32(plan.seq), lp(body.who), lp(value)));
    demand(hex(opened) === contributor.commit, "COMMIT_OPEN", body.who);
    values.set(body.who, value);
  }
  const missing = plan.contributors.find(({ who }) => !values.has(who));
  demand(!missing || abandonEntry(entries), "COMMIT_OPEN", `${missing?.who} is missing`, Unfinished);
  return plan.contributors.map(({ who }) => values.get(who));
}

export function checkAbandon(plan, abandon) {
  const early = abandon.body.reason === "reveal-missing" && abandon.time <= plan.reveal_by;
  demand(!early, "ABANDON_EARLY", abandon.time);
}

/** The seed of srd-1 section 8.1. */
export function makeSeed(plan, planEntry, secrets, eventValues, hash) {
  const contributed = plan.contributors.map(({ who }, i) => concat(lp(who), lp(secrets[i])));
  const events = plan.events.map(({ name }, i) => concat(lp(name), lp(eventValues[i])));
  return hash(concat("srd1/seed\n", planEntry.hash, ...contributed, ...events));
}
