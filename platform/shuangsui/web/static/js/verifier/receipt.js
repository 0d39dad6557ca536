// One company checks its own row with a receipt (srd-1 section 13).

import { concat, hex, unhex } from "./bytes.js";
import { parseCanonical } from "./canonical.js";
import { demand } from "./failure.js";
import { leafHash, nodeHash } from "./merkle.js";
import { blind, isSalt } from "./openings.js";
import { hasExactly, isHex64, isInteger, isText } from "./shape.js";

const MEMBERS = ["v", "plan_hash", "id", "salt", "index", "tile", "path"];
const TILE = 256;

/** The receipt's content, proved to be in the plan's snapshot. */
export function checkReceipt(bytes, name, { plan, planHash, suite }) {
  const receipt = parseCanonical(bytes, name);
  demand(isReceipt(receipt, plan, planHash), "RECEIPT_FIELD", name);
  const { index, tile } = receipt;
  const number = Math.floor(index / TILE);
  const last = Math.ceil(plan.snapshot.n / TILE) - 1;
  const size = number === last ? plan.snapshot.n - TILE * number : TILE;
  demand(tile.length === size, "RECEIPT_TILE", name);
  const b = blind(suite.hash, receipt.id, receipt.salt);
  demand(tile[index % TILE].startsWith(`${b} `), "RECEIPT_ROW", name);
  const root = climb(suite.hash, receipt, number, last);
  demand(root !== null && hex(root) === plan.snapshot.root, "RECEIPT_PATH", name);
  return receipt;
}

function isReceipt(receipt, plan, planHash) {
  return hasExactly(receipt, MEMBERS) && receipt.v === plan.v && receipt.plan_hash === planHash &&
    isInteger(receipt.index, 0, plan.snapshot.n - 1) && isText(receipt.id) && isSalt(receipt.salt, plan.mode) &&
    Array.isArray(receipt.tile) && receipt.tile.every((row) => typeof row === "string") &&
    Array.isArray(receipt.path) && receipt.path.every(isHex64);
}

/** The root the path leads to, or null if it has the wrong length. */
function climb(hash, { tile, path }, number, last) {
  let node = leafHash(hash, concat(...tile.map((row) => `${row}\n`)));
  let [fn, sn] = [number, last];
  for (const step of path.map(unhex)) {
    if (sn === 0) return null;
    if (fn % 2 === 1 || fn === sn) {
      node = nodeHash(hash, step, node);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else {
      node = nodeHash(hash, node, step);
    }
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 ? node : null;
}

const half = (n) => Math.floor(n / 2);
