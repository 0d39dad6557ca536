// Merkle trees of RFC 9162 section 2.1.1 over row tiles and log lines (srd-1 sections 4.3 and 7.4).

import { concat } from "./bytes.js";

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

export const leafHash = (hash, bytes) => hash(concat(LEAF, bytes));
export const nodeHash = (hash, left, right) => hash(concat(NODE, left, right));

/** Root over at least one leaf hash. */
export function treeRoot(hash, leaves) {
  let level = leaves;
  while (level.length > 1) level = parents(hash, level);
  return level[0];
}

/** What leads from leaf number `at` to the root, lowest level first (srd-1 section 13). */
export function inclusionPath(hash, leaves, at) {
  const path = [];
  for (let level = leaves, i = at; level.length > 1; level = parents(hash, level), i >>>= 1) {
    if ((i ^ 1) < level.length) path.push(level[i ^ 1]);
  }
  return path;
}

/** Pair neighbours; a last one alone moves up unchanged. */
function parents(hash, level) {
  const next = [];
  for (let i = 0; i + 1 < level.length; i += 2) next.push(nodeHash(hash, level[i], level[i + 1]));
  if (level.length % 2 === 1) next.push(level.at(-1));
  return next;
}
