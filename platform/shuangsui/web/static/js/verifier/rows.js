// rows.txt as it arrives: every line into columns, every 256 lines into a leaf (srd-1 sections 4.2 and 4.3).

import { concat } from "./bytes.js";
import { demand, Failure } from "./failure.js";
import { leafHash } from "./merkle.js";

export const TILE = 256;
const ID = 64; // hex digits
const LONGEST = 118; // bytes of a line
const REST = /^ ([A-Za-z0-9][A-Za-z0-9._-]{0,31}) ([1-9][0-9]?) (-|[A-Z][A-Z0-9-]{0,15})$/;
const DIGIT = new Int8Array(256).fill(-1);
for (let i = 0; i < 16; i++) DIGIT["0123456789abcdef".charCodeAt(i)] = i;
const latin1 = new TextDecoder("latin1"); // a byte is a character, so that places in text and bytes are the same

/**
 * Columns of the rows read so far, 36 bytes a row: `words` has the blinded id as 8 words, `kind` the place in `kinds`
 * of what stands behind it. `disorder` is the first row out of order, or -1.
 */
export class RowReader {
  constructor(hash) {
    this.hash = hash;
    this.n = 0;
    this.words = new Int32Array(8 * 1024);
    this.kind = new Uint32Array(1024);
    this.kinds = [];
    this.places = new Map();
    this.leaves = [];
    this.disorder = -1;
    this.tile = new Uint8Array(0); // bytes that belong to no leaf yet
    this.parsed = 0; // how many of them have been read
  }

  push(chunk) {
    const bytes = concat(this.tile, chunk);
    const text = latin1.decode(bytes);
    let [tile, at] = [0, this.parsed];
    for (let end = text.indexOf("\n", at); end >= 0; end = text.indexOf("\n", at)) {
      this.#row(bytes, at, text.slice(at + ID, end));
      at = end + 1;
      if (this.n % TILE > 0) continue;
      this.leaves.push(leafHash(this.hash, bytes.subarray(tile, at)));
      tile = at;
    }
    demand(bytes.length - at < LONGEST, "ROW_FORMAT", `row ${this.n}`);
    this.tile = bytes.slice(tile);
    this.parsed = at - tile;
  }

  end() {
    demand(this.n > 0 && this.parsed === this.tile.length, "ROW_FORMAT", "end of rows.txt");
    if (this.parsed > 0) this.leaves.push(leafHash(this.hash, this.tile));
  }

  #row(bytes, at, rest) {
    if (this.n === this.kind.length) this.#widen();
    const to = 8 * this.n;
    for (let k = 0; k < 8; k++) {
      let [word, bad] = [0, 0];
      for (let i = at + 8 * k; i < at + 8 * k + 8; i++) {
        const digit = DIGIT[bytes[i]];
        bad |= digit;
        word = (word << 4) | digit;
      }
      if (bad < 0) throw new Failure("ROW_FORMAT", `row ${this.n}`);
      this.words[to + k] = word;
    }
    if (this.disorder < 0 && this.n > 0 && !this.#ascends(to)) this.disorder = this.n;
    const kind = this.places.get(rest) ?? this.#learn(rest);
    this.kind[this.n] = kind;
    this.kinds[kind].count += 1;
    this.n += 1;
  }

  /** Whether `b[:16]` of the row at `to` is greater than that of the row before. */
  #ascends(to) {
    for (let k = to; k < to + 4; k++) {
      const [before, now] = [this.words[k - 8] >>> 0, this.words[k] >>> 0];
      if (before !== now) return before < now;
    }
    return false;
  }

  #learn(rest) {
    const parts = REST.exec(rest);
    demand(parts && Number(parts[2]) <= 64, "ROW_FORMAT", `row ${this.n}`);
    const kind = this.kinds.push({ stratum: parts[1], weight: Number(parts[2]), code: parts[3], count: 0 }) - 1;
    this.places.set(rest, kind);
    return kind;
  }

  #widen() {
    this.words = twice(this.words);
    this.kind = twice(this.kind);
  }
}

function twice(column) {
  const wider = new column.constructor(2 * column.length);
  wider.set(column);
  return wider;
}
