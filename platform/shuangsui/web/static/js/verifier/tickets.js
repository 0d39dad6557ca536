// Keys, words and tickets (srd-1 sections 8.2 to 8.4). A ticket is 64 bits, kept as two unsigned 32-bit halves.

import { concat } from "./bytes.js";

export const purposeKey = (suite, seed, purpose) => suite.hash(concat("srd1/key\n", seed, purpose));

/** The 8 hash words for four tickets of one row: `key || b[:16] || u32(counter)` is 52 bytes, one block. */
class WordSource {
  constructor(suite, key) {
    this.suite = suite;
    this.state = new Int32Array(8);
    this.block = new Int32Array(16);
    const view = new DataView(key.buffer, key.byteOffset);
    for (let i = 0; i < 8; i++) this.block[i] = view.getInt32(4 * i);
    this.block[13] = 0x80000000;
    this.block[15] = 52 * 8;
  }

  /** Four words of one row, of whose `b` only `b[:16]` counts. */
  four({ words }, row, counter) {
    for (let i = 0; i < 4; i++) this.block[8 + i] = words[8 * row + i];
    this.block[12] = counter;
    this.state.set(this.suite.initial);
    this.suite.compress(this.state, this.block);
    return this.state;
  }
}

/** Tickets of the given rows: the smallest of the first `weight` words each. */
export function rowTickets(suite, key, snapshot, rows) {
  const source = new WordSource(suite, key);
  const high = new Uint32Array(rows.length);
  const low = new Uint32Array(rows.length);
  for (let at = 0; at < rows.length; at++) {
    const { weight } = snapshot.kindOf(rows[at]);
    let bestHigh = 0xffffffff;
    let bestLow = 0xffffffff;
    for (let j = 0; j < weight; j += 4) {
      const words = source.four(snapshot, rows[at], j / 4);
      for (let k = 0; k < 4 && j + k < weight; k++) {
        const h = words[2 * k] >>> 0;
        const l = words[2 * k + 1] >>> 0;
        if (h > bestHigh || (h === bestHigh && l > bestLow)) continue;
        bestHigh = h;
        bestLow = l;
      }
    }
    high[at] = bestHigh;
    low[at] = bestLow;
  }
  return { high, low };
}

/** Words 0 to `count - 1` of the row `row`, one for each person of a pool. */
export function personWords(suite, key, snapshot, row, count) {
  const source = new WordSource(suite, key);
  const high = new Uint32Array(count);
  const low = new Uint32Array(count);
  for (let j = 0; j < count; j += 4) {
    const words = source.four(snapshot, row, j / 4);
    for (let k = 0; k < 4 && j + k < count; k++) {
      high[j + k] = words[2 * k];
      low[j + k] = words[2 * k + 1];
    }
  }
  return { high, low };
}

/** Order of entries `i` and `k` of two columns of 64-bit numbers. */
export const compareWords = ({ high, low }, i, k) => high[i] - high[k] || low[i] - low[k];

/** A ticket as it is published: 16 hex digits. */
export const ticketText = ({ high, low }, i) =>
  [high[i], low[i]].map((half) => half.toString(16).padStart(8, "0")).join("");
