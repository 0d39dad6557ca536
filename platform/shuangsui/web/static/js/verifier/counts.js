// What a verifier shows besides the verdict (srd-1 section 12.1, after the table).

import { hasQuorum } from "./checkpoint.js";
import { EMPTY } from "./seats.js";

/** Figures of a checked draw, as plain values that can be posted between threads. */
export function countDraw(draw) {
  const { plan, log } = draw;
  return {
    plan: { tenant: plan.tenant, item: plan.item, seq: plan.seq, hash: draw.planHash },
    rows: plan.snapshot.n,
    eligible: plan.snapshot.eligible,
    excluded: plan.snapshot.excluded,
    quota: plan.quota,
    drawn: draw.everDrawn.size,
    opened: Object.keys(draw.openings).length,
    events: draw.eventValues.map((value, i) => ({ name: plan.events[i].name, value })),
    escrow: plan.contributors.map(({ who, escrow }) => ({ who, to: escrow?.to ?? null })),
    replacements: draw.entries.filter(({ kind }) => kind === "REPLACE").map(({ body }) => body),
    emptySeats: emptySeats(draw.pools),
    item: countItem(log, plan.item),
    entries: log.entries.length,
    state: newestState(draw),
  };
}

function emptySeats(pools) {
  return [...pools].flatMap(([pool, seats]) =>
    seats.seat.flatMap((slots, task) => slots.flatMap((i, slot) => (i === EMPTY ? [{ pool, task, slot }] : []))),
  );
}

/** "P plans = R results + A abandoned (of these after the event: E) + O open" of one item. */
function countItem(log, item) {
  const draws = [...log.draws.values()].filter(({ entries }) => entries[0].body.item === item);
  const abandoned = draws.filter(({ phase }) => phase === "abandoned");
  const results = draws.filter(({ phase }) => phase === "drawn").length;
  return {
    plans: draws.length,
    results,
    abandoned: abandoned.length,
    afterEvent: abandoned.filter(({ entries }) => entries.some(({ kind }) => kind === "EVENT")).length,
    open: draws.length - results - abandoned.length,
  };
}

/** Newest log state a cosignature of the reader's witnesses vouches for, or null. */
function newestState({ checkpoints, trust }) {
  const signed = checkpoints.filter((checkpoint) => hasQuorum(checkpoint, trust));
  if (signed.length === 0) return null;
  const times = signed.flatMap(({ cosignatures }) => cosignatures.map(({ time }) => Number(time)));
  return { time: Math.max(...times), size: Math.max(...signed.map(({ size }) => size)) };
}
