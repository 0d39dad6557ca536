// The frozen registry: rows.txt, its counts and its Merkle root (srd-1 section 4).

import { decode, hex } from "./bytes.js";
import { demand } from "./failure.js";
import { leafHash, treeRoot } from "./merkle.js";

const ROW = /([0-9a-f]{64}) ([A-Za-z0-9][A-Za-z0-9._-]{0,31}) ([1-9][0-9]?) (-|[A-Z][A-Z0-9-]{0,15})\n/y;
const TILE = 256;
const ELIGIBLE = 0; // index of the status "-"

/** Rows in columns: a million of them are cheap as typed arrays and dear as objects. */
export class Snapshot {
  constructor(bytes) {
    this.bytes = bytes;
    this.text = decode(bytes);
    const lines = countLines(bytes);
    this.starts = new Uint32Array(lines + 1);
    this.prefixes = new Int32Array(4 * lines); // b[:16] as four big-endian words
    this.stratum = new Uint32Array(lines);
    this.weight = new Uint8Array(lines);
    this.status = new Uint32Array(lines);
    this.strata = [];
    this.codes = ["-"];
    this.n = lines;
    this.#read();
  }

  #read() {
    const [strata, codes] = [new Map(), new Map([["-", ELIGIBLE]])];
    ROW.lastIndex = 0;
    for (let i = 0; i < this.n; i++) {
      const row = ROW.exec(this.text);
      demand(row && Number(row[3]) <= 64, "ROW_FORMAT", `row ${i}`);
      for (let k = 0; k < 4; k++) this.prefixes[4 * i + k] = parseInt(row[1].slice(8 * k, 8 * k + 8), 16);
      this.stratum[i] = indexOf(strata, this.strata, row[2]);
      this.weight[i] = Number(row[3]);
      this.status[i] = indexOf(codes, this.codes, row[4]);
      this.starts[i + 1] = ROW.lastIndex;
    }
    demand(this.n > 0 && this.starts[this.n] === this.text.length, "ROW_FORMAT", "end of rows.txt");
  }

  /** The blinded id of row `i` as 64 hex digits. */
  id(i) {
    return this.text.substr(this.starts[i], 64);
  }

  isEligible(i) {
    return this.status[i] === ELIGIBLE;
  }

  /** Exclusion code of row `i`, "-" if it is eligible. */
  code(i) {
    return this.codes[this.status[i]];
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
    const wanted = this.strata.indexOf(name);
    const rows = [];
    for (let i = 0; i < this.n; i++) if (this.stratum[i] === wanted && this.isEligible(i)) rows.push(i);
    return rows;
  }

  root(hash) {
    const leaves = [];
    for (let i = 0; i < this.n; i += TILE) {
      const end = this.starts[Math.min(i + TILE, this.n)];
      leaves.push(leafHash(hash, this.bytes.subarray(this.starts[i], end)));
    }
    return hex(treeRoot(hash, leaves));
  }
}

function countLines(bytes) {
  let lines = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) lines += 1;
  return lines;
}

function indexOf(known, names, name) {
  if (!known.has(name)) {
    known.set(name, names.length);
    names.push(name);
  }
  return known.get(name);
}

/** The rows of a plan's snapshot, checked in the order of srd-1 section 12.1 step 3. */
export function readSnapshot(bytes, plan, hash) {
  const snapshot = new Snapshot(bytes);
  for (let i = 1; i < snapshot.n; i++) {
    const ascending = snapshot.id(i - 1).slice(0, 32) < snapshot.id(i).slice(0, 32);
    demand(ascending, "ROW_ORDER", `row ${i}`);
  }
  for (const name of snapshot.strata) demand(name in plan.quota, "ROW_STRATUM", name);
  checkCounts(snapshot, plan.snapshot);
  demand(snapshot.root(hash) === plan.snapshot.root, "SNAPSHOT_ROOT", plan.snapshot.root);
  return snapshot;
}

function checkCounts(snapshot, claimed) {
  demand(snapshot.n === claimed.n, "SNAPSHOT_COUNT", `${snapshot.n} rows, plan says ${claimed.n}`);
  const eligible = new Map(Object.keys(claimed.eligible).map((name) => [name, 0]));
  const excluded = new Map(Object.keys(claimed.excluded).map((code) => [code, 0]));
  for (let i = 0; i < snapshot.n; i++) {
    const [counts, name] = snapshot.isEligible(i)
      ? [eligible, snapshot.strata[snapshot.stratum[i]]]
      : [excluded, snapshot.code(i)];
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  for (const [counts, plan] of [[eligible, claimed.eligible], [excluded, claimed.excluded]]) {
    for (const [name, count] of counts) demand(plan[name] === count, "SNAPSHOT_COUNT", `${name}: ${count}`);
  }
}
