// Replacements in log order (srd-1 section 11), and the final recusals.

import { sameValue } from "./canonical.js";
import { demand } from "./failure.js";

/** Apply all REPLACE entries of a draw to `draw.tasks` and `draw.pools`. */
export async function replay(draw) {
  const requests = draw.entries.filter(({ kind }) => kind === "REPLACE");
  const objects = new ObjectRequests(draw);
  const persons = requests.some(({ body }) => body.what !== "object") ? await personRequests(draw) : null;
  for (const { body } of requests) {
    const answers = draw.entries.filter((entry) => entry.kind !== "REPLACE" && entry.body.r === body.r);
    (body.what === "object" ? objects : persons).apply(body, answers);
  }
  checkRecusals(draw.pools);
}

/** Few draws need them, and every reader of a draw would load them. */
async function personRequests(draw) {
  const { PersonRequests } = await import("./replacement-person.js");
  return new PersonRequests(draw);
}

class ObjectRequests {
  constructor({ plan, tasks, rankings }) {
    this.plan = plan;
    this.tasks = tasks;
    this.rankings = rankings;
    this.asked = new Map();
    this.used = new Map();
    this.alternates = new Map();
  }

  apply({ r, task, out }, answers) {
    const times = (this.asked.get(task) ?? 0) + 1;
    this.asked.set(task, times);
    demand(times <= 2, "REPLACE_OBJECT", `r ${r}: third request for task ${task}`);
    const target = this.tasks[task];
    demand(target?.b === out, "REPLACE_OBJECT", `r ${r}: out`);
    const result = answers.find(({ kind }) => kind === "RESULT");
    if (!result) return;
    const next = this.#next(target.stratum);
    demand(sameValue(result.body.in, next?.b ?? null), "REPLACE_OBJECT", `r ${r}: in`);
    if (!next) {
      target.cancelled = true;
      return;
    }
    this.used.set(target.stratum, (this.used.get(target.stratum) ?? 0) + 1);
    Object.assign(target, { row: next.row, b: next.b, cancelled: false });
  }

  /** The next alternate 候补 of a stratum, or undefined. */
  #next(stratum) {
    const used = this.used.get(stratum) ?? 0;
    const quota = this.plan.quota[stratum];
    const most = Math.min(this.plan.alternates, quota);
    if (used >= most) return undefined;
    if (!this.alternates.has(stratum)) this.alternates.set(stratum, this.rankings.get(stratum).first(quota + most));
    return this.alternates.get(stratum)[quota + used];
  }
}

/** Nobody recused for the object now at a task may hold one of its seats. */
function checkRecusals(pools) {
  for (const seats of pools.values()) {
    seats.seat.forEach((slots, t) => {
      const recused = slots.find((i) => i >= 0 && seats.isRecused(i, t));
      demand(recused === undefined, "TEAM_RECUSED", `task ${t}: ${seats.spec.people[recused]?.id}`);
    });
  }
}
