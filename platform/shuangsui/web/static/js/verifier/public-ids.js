// ids.txt as it arrives: every line hashes to its row (srd-1 section 12.1 step 3), and no two look alike.

import { digestWords } from "./blocks.js";
import { concat, decodeStrictly, utf8 } from "./bytes.js";
import { demand, Failure } from "./failure.js";
import { blind } from "./openings.js";

const PREFIX = utf8("srd1/id\n");
const LONGEST = 256; // bytes of an id

/** Checks the pieces of ids.txt against the rows; answers the ids that are but another spelling of one in the list. */
export async function checkPublicIds(chunks, snapshot, suite) {
  const reader = new IdReader(snapshot, suite);
  for await (const chunk of chunks) reader.push(chunk);
  demand(reader.rest.length === 0 && reader.row === snapshot.n, "PUBLIC_ID", `${reader.row} ids`);
  return reader.alike;
}

class IdReader {
  constructor(snapshot, suite) {
    this.snapshot = snapshot;
    this.suite = suite;
    this.row = 0;
    this.rest = new Uint8Array(0);
    this.message = new Uint8Array(PREFIX.length + LONGEST);
    this.message.set(PREFIX);
    this.folded = new Set();
    this.alike = [];
  }

  push(chunk) {
    const bytes = concat(this.rest, chunk);
    let at = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, at)) {
      this.#line(bytes.subarray(at, end));
      at = end + 1;
    }
    this.rest = bytes.slice(at);
    demand(this.rest.length <= LONGEST, "PUBLIC_ID", `line ${this.row}`);
  }

  #line(id) {
    const fits = id.length > 0 && id.length <= LONGEST && this.row < this.snapshot.n;
    if (!fits || !this.#isRow(id) || !this.#isText(id)) throw new Failure("PUBLIC_ID", `line ${this.row}`);
    this.row += 1;
  }

  /** Whether the id's hash is the blinded id of its row. */
  #isRow(id) {
    this.message.set(id, PREFIX.length);
    const message = this.message.subarray(0, PREFIX.length + id.length);
    const words = digestWords(message, this.suite.initial, this.suite.compress);
    return words.every((word, k) => word === this.snapshot.words[8 * this.row + k]);
  }

  /** Capitals and digits need no further look; of anything else the spelling is compared. */
  #isText(id) {
    if (id.every(isPlain)) return true;
    const text = id.some(isControl) ? null : decodeStrictly(id);
    if (text !== null) this.#compare(text);
    return text !== null;
  }

  /** Only an id that folding changes can be another spelling. */
  #compare(id) {
    const folded = fold(id);
    if (folded === id) return;
    if (this.folded.has(folded) || this.#stands(folded)) this.alike.push(id);
    this.folded.add(folded);
  }

  #stands(id) {
    return fold(id) === id && this.snapshot.find(blind(this.suite.hash, id, "")) >= 0;
  }
}

const isPlain = (byte) => (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x5a);
const isControl = (byte) => byte < 0x20 || byte === 0x7f;
const fold = (id) => id.normalize("NFKC").toUpperCase().replace(/\p{White_Space}/gu, "");
