// Who is drawn and in which order (srd-1 section 9).

import { purposeKey, compareWords, rowTickets, ticketText } from "./tickets.js";

/** Rows with their tickets, and the order of section 9.1: ticket, then blinded id. */
class Ranking {
  constructor(suite, key, snapshot, rows) {
    this.snapshot = snapshot;
    this.rows = rows;
    this.tickets = rowTickets(suite, key, snapshot, rows);
  }

  compare(i, k) {
    if (i === k) return 0;
    return compareWords(this.tickets, i, k) || (this.rows[i] < this.rows[k] ? -1 : 1); // rows ascend by blinded id
  }

  /** The first `count` rows in order as `{row, b, ticket}`; all the others are only compared with a threshold. */
  first(count) {
    if (count === 0) return [];
    const top = new Float64Array(this.rows.length);
    for (let i = 0; i < top.length; i++) top[i] = this.#leading(i);
    const threshold = top.slice().sort()[Math.min(count, top.length) - 1];
    const near = [];
    for (let i = 0; i < top.length; i++) if (top[i] <= threshold) near.push(i);
    near.sort((i, k) => this.compare(i, k));
    return near.slice(0, count).map((i) => this.entry(i));
  }

  /** The leading 53 bits of a ticket: exact as a number, equal for at most a few rows. */
  #leading(i) {
    return this.tickets.high[i] * 2 ** 21 + (this.tickets.low[i] >>> 11);
  }

  entry(i) {
    const row = this.rows[i];
    return { row, b: this.snapshot.id(row), ticket: ticketText(this.tickets, i) };
  }

  /** Place of a row of this ranking, from 1. */
  place(row) {
    const at = this.rows.indexOf(row);
    let place = 1;
    for (let i = 0; i < this.rows.length; i++) if (this.compare(i, at) < 0) place += 1;
    return place;
  }
}

/** Rankings per stratum, the rows drawn, the cut and the work order, all recomputed from the seed. */
export function select(suite, seed, snapshot, plan) {
  const rankings = new Map();
  const drawn = new Map();
  for (const name of Object.keys(plan.quota)) {
    const key = purposeKey(suite, seed, `objects/${name}`);
    rankings.set(name, new Ranking(suite, key, snapshot, snapshot.eligibleRows(name)));
    drawn.set(name, rankings.get(name).first(plan.quota[name]));
  }
  return { rankings, drawn, order: workOrder(suite, seed, snapshot, [...drawn.values()].flat()) };
}

/** All drawn objects in work order: `{row, b, ticket}` per task. */
function workOrder(suite, seed, snapshot, drawn) {
  const rows = drawn.map(({ row }) => row).sort((a, b) => a - b);
  return new Ranking(suite, purposeKey(suite, seed, "order"), snapshot, rows).first(rows.length);
}

/** `objects` of the result file. */
export const publishedObjects = (drawn) => mapped(drawn, (rows) => rows.map(({ b, ticket }) => [b, ticket]));

/** `cut` of the RESULT entry: the last pair drawn in each stratum. */
export const publishedCut = (drawn) =>
  mapped(drawn, (rows) => (rows.length ? [rows.at(-1).b, rows.at(-1).ticket] : null));

function mapped(drawn, change) {
  return Object.fromEntries([...drawn].map(([name, rows]) => [name, change(rows)]));
}
