// Seats of one pool: who may sit where (srd-1 section 10.1).

export const EMPTY = -1;

/** `tasks[t] = {row, b, stratum}` is shared with the replacement of objects, which changes it. */
export class Seats {
  constructor(pool, spec, tasks) {
    this.pool = pool;
    this.spec = spec;
    this.tasks = tasks;
    this.seat = tasks.map(() => new Array(spec.size).fill(EMPTY));
    this.held = spec.people.map(() => []);
    this.barred = new Set();
    this.recused = recusals(spec);
  }

  day(t) {
    return Math.floor(t / this.spec.per_day);
  }

  put([t, s], i) {
    this.seat[t][s] = i;
    this.held[i].push([t, s]);
  }

  /** Empty a seat; the person who held it, or EMPTY. */
  clear([t, s]) {
    const i = this.seat[t][s];
    this.seat[t][s] = EMPTY;
    if (i !== EMPTY) this.held[i] = this.held[i].filter(([t2, s2]) => t2 !== t || s2 !== s);
    return i;
  }

  load(i) {
    return this.held[i].length;
  }

  dayLoad(i, day) {
    return this.held[i].filter(([t]) => this.day(t) === day).length;
  }

  isDayFull(i, t) {
    return this.dayLoad(i, this.day(t)) >= this.spec.day_cap;
  }

  hasRoom(i, t) {
    return this.load(i) < this.spec.cap && !this.isDayFull(i, t);
  }

  /** Seats of a person, ascending by task and slot. */
  seatsOf(i) {
    return [...this.held[i]].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  }

  isRecused(i, t) {
    return this.recused.get(this.tasks[t].b)?.has(this.spec.people[i].id) ?? false;
  }

  isQualified(i, t) {
    const need = this.spec.need[this.tasks[t].stratum];
    return need === undefined || this.spec.people[i].quals.includes(need);
  }

  /** People who may sit at slot `s` of task `t`, whatever their load. */
  eligible(t, s) {
    return [...this.spec.people.keys()].filter((i) => this.#mayServe(i, t, s) && this.#fits(i, t, s));
  }

  #mayServe(i, t, s) {
    const elsewhere = this.seat[t].some((holder, slot) => slot !== s && holder === i);
    return !elsewhere && !this.barred.has(`${t} ${i}`) && !this.isRecused(i, t);
  }

  #fits(i, t, s) {
    if (this.pool === "experts") return this.isQualified(i, t);
    if (s === 0 && !this.spec.people[i].lead) return false;
    if (this.spec.size === 1) return this.isQualified(i, t);
    return s > 1 || this.#pairs(i, this.seat[t][1 - s], t);
  }

  /** Slots 0 and 1 together carry the rules on offices and on the needed qualification. */
  #pairs(i, k, t) {
    if (k === EMPTY) return true;
    const { people, two_offices: twoOffices } = this.spec;
    const clash = twoOffices && people[i].office === people[k].office;
    return !clash && (this.isQualified(i, t) || this.isQualified(k, t));
  }

  unfilled() {
    return this.seat.flat().filter((i) => i === EMPTY).length;
  }

  /** Person id per seat, null for an empty one. */
  slots() {
    return this.seat.map((slots) => slots.map((i) => this.idOf(i)));
  }

  idOf(i) {
    return i === EMPTY ? null : this.spec.people[i].id;
  }
}

/** Blinded id → ids of the people recused for it. */
function recusals(spec) {
  const pairs = new Map();
  for (const [id, b] of spec.recuse) pairs.set(b, (pairs.get(b) ?? new Set()).add(id));
  return pairs;
}
