// A person leaves a seat: the next chain links decide who follows (srd-1 section 11.2).

import { concat, hex, lp, u32, unhex } from "./bytes.js";
import { sameValue } from "./canonical.js";
import { demand } from "./failure.js";
import { EMPTY } from "./seats.js";
import { compareWords, personWords } from "./tickets.js";

export class PersonRequests {
  constructor({ plan, pools, suite, seed, snapshot, secrets }) {
    this.plan = plan;
    this.pools = pools;
    this.suite = suite;
    this.seed = seed;
    this.snapshot = snapshot;
    this.links = new Map(plan.contributors.map(({ who }, i) => [who, secrets[i]]));
    this.count = 0;
  }

  apply(request, answers) {
    this.count += 1;
    demand(this.count <= this.plan.replacements, "REPLACE_CHAIN", `r ${request.r}: no link left`);
    const seats = this.pools.get(request.pool);
    const emptied = this.#leave(seats, request);
    const links = this.#takeLinks(request.r, answers);
    const result = answers.find(({ kind }) => kind === "RESULT");
    if (!result) return;
    const missing = this.plan.contributors.find(({ who }) => !links.has(who));
    demand(!missing, "REPLACE_CHAIN", `r ${request.r}: ${missing?.who} is missing`);
    const filled = emptied.map((seat) => this.#fill(seats, seat, this.#key(request.r, links)));
    demand(sameValue(result.body.in, filled), "REPLACE_PERSON", `r ${request.r}: in`);
  }

  /** Empty the seats the request names and bar the person; the seats, ascending. */
  #leave(seats, { r, task, slot, out, scope }) {
    const where = `r ${r}`;
    demand(seats && task < seats.tasks.length && slot < seats.spec.size, "REPLACE_PERSON", `${where}: seat`);
    const person = seats.seat[task][slot];
    demand(seats.idOf(person) === out, "REPLACE_PERSON", `${where}: out`);
    const leaving = scope === "draw" ? seats.seatsOf(person) : [[task, slot]];
    leaving.forEach((seat) => seats.clear(seat));
    const tasks = scope === "draw" ? [...seats.tasks.keys()] : [task];
    if (person !== EMPTY) tasks.forEach((t) => seats.barred.add(`${t} ${person}`));
    return leaving;
  }

  /** The links revealed for this request; each must hash to the one its contributor revealed before. */
  #takeLinks(r, answers) {
    const links = new Map();
    for (const { kind, body } of answers) {
      if (kind !== "REVEAL") continue;
      const known = this.links.has(body.who) && !links.has(body.who);
      demand(known, "REPLACE_CHAIN", `r ${r}: ${body.who}`);
      const link = unhex(body.value);
      const image = this.suite.hash(concat("srd1/chain\n", link));
      demand(hex(image) === hex(this.links.get(body.who)), "REPLACE_CHAIN", `r ${r}: ${body.who}`);
      links.set(body.who, link);
    }
    links.forEach((link, who) => this.links.set(who, link));
    return links;
  }

  #key(r, links) {
    const parts = this.plan.contributors.map(({ who }) => lp(links.get(who)));
    return this.suite.hash(concat("srd1/replace\n", this.seed, u32(r), ...parts));
  }

  /** Seat the person with the smallest word; caps yield only if nobody has room. */
  #fill(seats, [t, s], key) {
    const candidates = seats.eligible(t, s);
    const roomy = candidates.filter((i) => seats.hasRoom(i, t));
    const choice = roomy.length > 0 ? roomy : candidates;
    if (choice.length === 0) return [t, s, null];
    const words = personWords(this.suite, key, this.snapshot, seats.tasks[t].row, seats.spec.people.length);
    const person = choice.reduce((best, i) => (compareWords(words, i, best) < 0 ? i : best));
    seats.put([t, s], person);
    return [t, s, seats.idOf(person)];
  }
}
