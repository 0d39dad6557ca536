// The hash suites a plan or a log may name (srd-1 section 3.1).

import { compress, INITIAL, sha256 } from "./sha256.js";

/** `hash(bytes)` is general; `initial` and `compress` serve inputs of one block (tickets). */
export const SUITES = new Map([["sha256", { hash: sha256, initial: INITIAL, compress }]]);

/** Few draws need SM3: whoever reads the name of a suite in a file asks for it first. */
export async function loadSuite(text) {
  if (SUITES.has("sm3") || !text.includes('"sm3"')) return;
  const found = await import("./sm3.js");
  SUITES.set("sm3", { hash: found.sm3, initial: found.INITIAL, compress: found.compress });
}
