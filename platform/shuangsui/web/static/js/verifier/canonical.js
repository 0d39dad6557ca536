// Canonical JSON (srd-1 section 3.2): parse, refuse what the rules refuse, write again, compare byte for byte.

import { decode } from "./bytes.js";
import { demand } from "./failure.js";

const MEMBER = /^[A-Za-z0-9._-]{1,64}$/;
const FORBIDDEN = /[\u0000-\u001f\u007f]|\p{Surrogate}/u;
const ESCAPED = /["\\]|[^\u0000-\u007e]/g;
const DEEPEST = 32;

/** The value of a canonical file. Its objects have no prototype, so that no member name is special. */
export function parseCanonical(bytes, where) {
  const text = decode(bytes);
  const value = parse(text, where);
  demand(serialise(value, where) === text, "NOT_CANONICAL", where);
  return value;
}

function parse(text, where) {
  try {
    return JSON.parse(text);
  } catch {
    return demand(false, "NOT_CANONICAL", where);
  }
}

/** The canonical text of a JSON value; `where` names it in the failure. */
export function serialise(value, where = "value", depth = 1) {
  if (typeof value === "string") return quote(value, where);
  if (typeof value === "number") return integer(value, where);
  if (value === null || typeof value === "boolean") return String(value);
  demand(depth <= DEEPEST, "NOT_CANONICAL", `${where}: nesting`);
  return Array.isArray(value)
    ? `[${value.map((item) => serialise(item, where, depth + 1)).join(",")}]`
    : object(value, where, depth);
}

function object(value, where, depth) {
  Object.setPrototypeOf(value, null);
  const members = Object.keys(value).sort();
  return `{${members.map((name) => `${member(name, where)}:${serialise(value[name], where, depth + 1)}`).join(",")}}`;
}

function member(name, where) {
  demand(MEMBER.test(name), "NOT_CANONICAL", `${where}: member name`);
  return `"${name}"`;
}

function integer(value, where) {
  demand(Number.isSafeInteger(value) && !Object.is(value, -0), "NOT_CANONICAL", `${where}: number`);
  return String(value);
}

function quote(value, where) {
  demand(!FORBIDDEN.test(value), "NOT_CANONICAL", `${where}: character`);
  return `"${value.replace(ESCAPED, escape)}"`;
}

function escape(character) {
  if (character === '"' || character === "\\") return `\\${character}`;
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** Whether two JSON values are the same. */
export const sameValue = (a, b) => serialise(a) === serialise(b);
