// The hash suites a plan or a log may name (srd-1 section 3.1).

import { INITIAL as SHA256_INITIAL, compress as sha256Compress, sha256 } from "./sha256.js";
import { INITIAL as SM3_INITIAL, compress as sm3Compress, sm3 } from "./sm3.js";

/** `hash(bytes)` is general; `initial` and `compress` serve inputs of one block (tickets). */
export const SUITES = new Map([
  ["sha256", { hash: sha256, initial: SHA256_INITIAL, compress: sha256Compress }],
  ["sm3", { hash: sm3, initial: SM3_INITIAL, compress: sm3Compress }],
]);
