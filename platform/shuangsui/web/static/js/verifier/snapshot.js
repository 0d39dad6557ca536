// The frozen registry: its rows in columns, its counts and its Merkle root (srd-1 section 4).

import { hex } from "./bytes.js";
import { demand } from "./failure.js";
import { inclusionPath, treeRoot } from "./merkle.js";
import { RowReader, TILE } from "./rows.js";

const ELIGIBLE = "-";

/** Rows in columns: a million objects would be dear. */
export class Snapshot {
  constructor({ n, words, kind, kinds, leaves, hash }) {
    Object.assign(this, { n, words, kind, kinds, leaves, hash });
    this.groups = groups(this);
  }

  /** `{stratum, weight, code, count}` of row `i`; `count` rows have the same. */
  kindOf(i) {
    return this.kinds[this.kind[i]];
  }

  /** The blinded id of row `i` as 64 hex digits. */
  id(i) {
    let text = "";
    for (let k = 8 * i; k < 8 * i + 8; k++) text += (this.words[k] >>> 0).toString(16).padStart(8, "0");
    return text;
  }

  isEligible(i) {
    return this.kindOf(i).code === ELIGIBLE;
  }

  /** Row number of a blinded id, or -1. */
  find(id) {
    let [low, high] = [0, this.n];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.id(middle) < id) low = middle + 1;
      else high = middle;
    }
    return low < this.n && this.id(low) === id ? low : -1;
  }

  /** Row numbers of the eligible rows of one stratum. */
  eligibleRows(name) {
    return this.groups.get(name) ?? new Uint32Array(0);
  }

  /** The kinds of the eligible rows of one stratum. */
  eligibleKinds(name) {
    return this.kinds.filter(({ stratum, code }) => stratum === name && code === ELIGIBLE);
  }

  root() {
    return hex(treeRoot(this.hash, this.leaves));
  }

  /** What leads from row `i` to the root: its tile, and the nodes beside the way up. */
  proof(i) {
    const number = Math.floor(i / TILE);
    const length = Math.min(TILE, this.n - TILE * number);
    const tile = Array.from({ length }, (_, k) => this.#line(TILE * number + k));
    return { tile, path: inclusionPath(this.hash, this.leaves, number).map(hex) };
  }

  #line(i) {
    const { stratum, weight, code } = this.kindOf(i);
    return `${this.id(i)} ${stratum} ${weight} ${code}`;
  }
}

/** Row numbers of the eligible rows by stratum. */
function groups({ n, kind, kinds }) {
  const counts = new Map();
  for (const { stratum, count } of kinds.filter(isEligible)) counts.set(stratum, (counts.get(stratum) ?? 0) + count);
  const found = new Map([...counts].map(([name, count]) => [name, new Uint32Array(count)]));
  const names = [...found.keys()];
  const rows = [...found.values()];
  const group = kinds.map((one) => (isEligible(one) ? names.indexOf(one.stratum) : -1));
  const filled = new Uint32Array(rows.length);
  for (let i = 0; i < n; i++) {
    const g = group[kind[i]];
    if (g >= 0) rows[g][filled[g]++] = i;
  }
  return found;
}

const isEligible = ({ code }) => code === ELIGIBLE;

/** The rows of a plan's snapshot from the pieces of rows.txt, in the order of srd-1 section 12.1 step 3. */
export async function readSnapshot(chunks, plan, hash) {
  const reader = new RowReader(hash);
  for await (const chunk of chunks) reader.push(chunk);
  reader.end();
  demand(reader.disorder < 0, "ROW_ORDER", `row ${reader.disorder}`);
  for (const { stratum } of reader.kinds) demand(stratum in plan.quota, "ROW_STRATUM", stratum);
  checkCounts(reader, plan.snapshot);
  const snapshot = new Snapshot(reader);
  demand(snapshot.root() === plan.snapshot.root, "SNAPSHOT_ROOT", plan.snapshot.root);
  return snapshot;
}

function checkCounts({ n, kinds }, claimed) {
  demand(n === claimed.n, "SNAPSHOT_COUNT", `${n} rows, plan says ${claimed.n}`);
  const eligible = new Map(Object.keys(claimed.eligible).map((name) => [name, 0]));
  const excluded = new Map(Object.keys(claimed.excluded).map((code) => [code, 0]));
  for (const { stratum, code, count } of kinds) {
    const [counts, name] = code === ELIGIBLE ? [eligible, stratum] : [excluded, code];
    counts.set(name, (counts.get(name) ?? 0) + count);
  }
  for (const [counts, plan] of [[eligible, claimed.eligible], [excluded, claimed.excluded]]) {
    for (const [name, count] of counts) demand(plan[name] === count, "SNAPSHOT_COUNT", `${name}: ${count}`);
  }
}
