// The state machine of srd-1 section 7.2: which entry may follow which, for every draw of a log.

import { demand } from "./failure.js";

/** One draw of the log: `phase` is planned, revealing, drawn or abandoned; `open` is a replacement under way. */
class DrawPhases {
  constructor(plan) {
    this.entries = [plan];
    this.phase = "planned";
    this.open = null;
    this.round = 0;
    this.personsEnded = false;
  }

  event() {
    return this.phase === "planned";
  }

  reveal({ r }) {
    if (r > 0) return this.#isOpen(r, "person");
    if (!["planned", "revealing"].includes(this.phase)) return false;
    this.phase = "revealing";
    return true;
  }

  result({ r }) {
    if (r > 0) return this.#isOpen(r) && this.#close();
    if (this.phase !== "revealing") return false;
    this.phase = "drawn";
    return true;
  }

  replace(body) {
    const refused = this.phase !== "drawn" || this.open !== null || body.r !== this.round + 1;
    if (refused || (body.what === "person" && this.personsEnded)) return false;
    this.open = body;
    this.round = body.r;
    return true;
  }

  abandon({ r }) {
    if (r > 0) {
      this.personsEnded = true;
      return this.#isOpen(r, "person") && this.#close();
    }
    if (!["planned", "revealing"].includes(this.phase)) return false;
    this.phase = "abandoned";
    return true;
  }

  #isOpen(r, what = this.open?.what) {
    return this.open !== null && this.open.r === r && this.open.what === what;
  }

  #close() {
    this.open = null;
    return true;
  }
}

/** All draws of a log; `draws` maps each seq to its phases and entries. */
export class LogPhases {
  draws = new Map();

  accept(entry) {
    const { kind, body, i } = entry;
    if (kind === "PLAN") {
      demand(body.seq === this.draws.size + 1, "LOG_STATE", `entry ${i}: seq ${body.seq}`);
      this.draws.set(body.seq, new DrawPhases(entry));
      return;
    }
    const draw = this.draws.get(body.seq);
    demand(draw?.[kind.toLowerCase()](body), "LOG_STATE", `entry ${i}: ${kind} of seq ${body.seq}`);
    draw.entries.push(entry);
  }
}
