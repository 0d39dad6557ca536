// Warnings of srd-1 section 12.1: they never change the verdict.

const LISTED_CODES = new Set(["X10-1", "X9", "XSP", "XCLOSED", "XSCOPE"]);

/** `{code, detail}` for everything a reader should know about a draw that passed. */
export function findWarnings(draw) {
  return [
    ...contributorWarnings(draw),
    ...eventWarnings(draw),
    ...siblingWarnings(draw),
    ...replacementWarnings(draw),
    ...draw.forced.map((place) => warn("FORCED_TEAM", place)),
    ...stratumWarnings(draw),
    ...exclusionWarnings(draw),
    ...duplicateWarnings(draw),
    ...lateWarnings(draw),
  ];
}

const warn = (code, detail) => ({ code, detail: String(detail) });

const contributorWarnings = ({ plan, confirmed }) =>
  plan.contributors
    .filter(({ who }) => !confirmed.includes(who))
    .map(({ who }) => warn("CONTRIBUTOR_UNAUTHENTICATED", who));

const eventWarnings = ({ plan }) =>
  plan.events.filter(({ kind }) => kind !== "ceremony").map(({ name }) => warn("EVENT_UNCHECKED", name));

/** Other draws of the same item that ended in a result, or hang past their time. */
function siblingWarnings({ plan, log }) {
  const now = log.entries.at(-1).time;
  return [...log.draws]
    .filter(([seq, { entries: [{ body }], phase }]) => {
      const hangs = phase !== "abandoned" && body.reveal_by < now;
      return seq !== plan.seq && body.item === plan.item && (phase === "drawn" || hangs);
    })
    .map(([seq]) => warn("SIBLINGS", `seq ${seq}`));
}

function replacementWarnings({ entries }) {
  const counts = new Map();
  for (const { kind, body } of entries) {
    if (kind !== "REPLACE") continue;
    const place = body.what === "object" ? `task ${body.task}` : `${body.pool} ${body.task}/${body.slot}`;
    counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  return [...counts].filter(([, count]) => count >= 2).map(([place]) => warn("REPLACED_OFTEN", place));
}

function stratumWarnings({ plan, snapshot }) {
  return Object.entries(plan.snapshot.eligible).flatMap(([name, n]) => {
    const certain = n > 0 && (plan.quota[name] === 0 || (plan.quota[name] === n && plan.batch === 0));
    return [
      ...(n > 0 && n < 5 ? [warn("SMALL_STRATUM", name)] : []),
      ...(certain ? [warn("CERTAIN", name)] : []),
      ...(isUneven(snapshot, name) ? [warn("WEIGHT_RATIO", name)] : []),
    ];
  });
}

function isUneven(snapshot, name) {
  const weights = snapshot.eligibleKinds(name).map(({ weight }) => weight);
  return Math.max(...weights) > 8 * Math.min(...weights);
}

function exclusionWarnings({ plan }) {
  const excluded = Object.entries(plan.snapshot.excluded);
  const count = excluded.reduce((sum, [, n]) => sum + n, 0);
  const unlisted = excluded.filter(([code]) => !LISTED_CODES.has(code) && !code.startsWith("XL-"));
  return [
    ...(10 * count > plan.snapshot.n ? [warn("EXCLUDED_MANY", count)] : []),
    ...unlisted.map(([code]) => warn("CODE_UNLISTED", code)),
  ];
}

const duplicateWarnings = ({ alike }) => alike.map((id) => warn("NEAR_DUPLICATE_ID", id));

const lateWarnings = ({ plan, entries }) =>
  entries
    .filter(({ kind, body, time }) => kind === "REVEAL" && body.r === 0 && time > plan.reveal_by)
    .map(({ body }) => warn("LATE_REVEAL", body.who));
