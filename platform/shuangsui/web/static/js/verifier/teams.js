// The team draw (srd-1 sections 10.2 to 10.4): fill every seat, reassign along the shortest chain where needed.

import { Seats } from "./seats.js";
import { compareWords, personWords, purposeKey } from "./tickets.js";

/** The attempt with the fewest empty seats, the first of equals. */
export function drawPool(pool, spec, tasks, { suite, seed, snapshot }) {
  let best = null;
  for (let attempt = 0; attempt < spec.attempts && best?.unfilled !== 0; attempt++) {
    const key = purposeKey(suite, seed, `${pool}/${attempt}`);
    const words = tasks.map(({ row }) => personWords(suite, key, snapshot, row, spec.people.length));
    const seats = oneAttempt(new Seats(pool, spec, tasks), words);
    const unfilled = seats.unfilled();
    if (!best || unfilled < best.unfilled) best = { attempt, unfilled, seats };
  }
  return best;
}

/** `teams` or `experts` of the result file. */
export const publishedPool = ({ attempt, unfilled, seats }) => ({ attempt, unfilled, slots: seats.slots() });

/** Tasks as drawn, `"<pool> <task>"`, whose free people are so few that chance has little to choose. */
export function forcedTasks(seats) {
  const { people, size } = seats.spec;
  const strict = seats.pool === "experts" || size === 1;
  const isForced = (t) => {
    const free = [...people.keys()].filter((i) => !seats.isRecused(i, t) && (!strict || seats.isQualified(i, t)));
    const leaders = free.filter((i) => people[i].lead);
    return free.length < 3 * size || (seats.pool === "teams" && leaders.length < 3);
  };
  return [...seats.tasks.keys()].filter(isForced).map((t) => `${seats.pool} ${t}`);
}

function oneAttempt(seats, words) {
  for (let s = 0; s < seats.spec.size; s++) {
    for (let t = 0; t < seats.tasks.length; t++) fill(seats, words, t, s);
  }
  return seats;
}

/** Breadth first over seats whose holder could move to the seat before; a task is visited once. */
function fill(seats, words, t0, s0) {
  const queue = [{ t: t0, s: s0, parent: null, person: null }];
  const used = new Set([t0]);
  for (const node of queue) {
    const candidates = seats.eligible(node.t, node.s);
    const free = candidates.filter((i) => seats.hasRoom(i, node.t));
    if (free.length > 0) return move(seats, node, leastLoaded(seats, words[node.t], free));
    candidates.sort((i, k) => compareWords(words[node.t], i, k) || i - k);
    for (const i of candidates) queue.push(...movable(seats, node, i, used));
  }
}

function leastLoaded(seats, words, free) {
  return free.reduce((best, i) => {
    const order = seats.load(i) - seats.load(best) || compareWords(words, i, best) || i - best;
    return order < 0 ? i : best;
  });
}

/** Seats person `i` could leave in order to sit at `node`. */
function movable(seats, node, i, used) {
  const full = seats.isDayFull(i, node.t);
  const nodes = [];
  for (const [t, s] of seats.seatsOf(i)) {
    if (used.has(t) || (full && seats.day(t) !== seats.day(node.t))) continue;
    used.add(t);
    nodes.push({ t, s, parent: node, person: i });
  }
  return nodes;
}

/** Seat `person` at `node`, and along the chain each former holder one seat further back. */
function move(seats, node, person) {
  const moves = [];
  for (let at = node, i = person; at; i = at.person, at = at.parent) moves.push({ seat: [at.t, at.s], i });
  for (const { seat } of moves) seats.clear(seat);
  for (const { seat, i } of moves) seats.put(seat, i);
}
