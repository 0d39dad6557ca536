// The field classes of srd-1 section 3: text, hex64, name, u32, time.

import { utf8 } from "./bytes.js";

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const PRINTABLE = /^[ -~]*$/;

export const U32 = 2 ** 32 - 1;

export const isInteger = (x, low, high = Number.MAX_SAFE_INTEGER) => Number.isSafeInteger(x) && x >= low && x <= high;
export const isU32 = (x) => isInteger(x, 0, U32);
export const isHex64 = (x) => typeof x === "string" && /^[0-9a-f]{64}$/.test(x);
export const isName = (x) => typeof x === "string" && /^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/.test(x);
export const isCode = (x) => typeof x === "string" && /^[A-Z][A-Z0-9-]{0,15}$/.test(x);
export const isText = (x) => typeof x === "string" && x !== "" && utf8(x).length <= 256;
export const isObject = (x) => x !== null && typeof x === "object" && !Array.isArray(x);

/** Printable ASCII of `low` to `high` characters. */
export const isPrintable = (x, low, high) =>
  typeof x === "string" && x.length >= low && x.length <= high && PRINTABLE.test(x);

/** An object with these members and no other. */
export function hasExactly(x, members) {
  return isObject(x) && Object.keys(x).sort().join() === [...members].sort().join();
}

/** A real second of the years 0001 to 9999 in UTC. */
export function isTime(x) {
  if (typeof x !== "string" || !TIME.test(x) || x.startsWith("0000")) return false;
  const milliseconds = Date.parse(x);
  return !Number.isNaN(milliseconds) && new Date(milliseconds).toISOString() === x.replace("Z", ".000Z");
}

/** Seconds since 1970 of a time that passed `isTime`. */
export const seconds = (time) => Date.parse(time) / 1000;

export const isDistinct = (values) => new Set(values).size === values.length;

/** Whether `compare` puts every item before its successor. */
export const isAscending = (items, compare) => items.every((item, i) => i === 0 || compare(items[i - 1], item) < 0);
