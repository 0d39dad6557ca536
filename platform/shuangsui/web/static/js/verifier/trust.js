// The reader's trust list (srd-1 section 7.4): whose signatures count. It never comes from the operator.

import { concat, hex, unbase64, unhex, utf8 } from "./bytes.js";
import { verifySignature } from "./ed25519.js";
import { sha256 } from "./sha256.js";

const KEY_TYPES = new Map([["log", 1], ["witness", 4], ["contributor", 1]]);
const VKEY = /^([^ +]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/;

/** A malformed list is a mistake of the reader, not a verdict on the draw; `line` counts from 1. */
export class TrustError extends Error {
  constructor(line) {
    super(`trust list, line ${line}`);
    this.name = "TrustError";
    this.line = line;
  }
}

/** A parsed list together with the signature check. */
export const readTrust = (text) => ({ ...parseTrust(text), verifySignature });

/** Keys by role: `logs` and `witnesses` as `{name, id, key}`, `contributors` as name → keys, and the quorum. */
function parseTrust(text) {
  const trust = { logs: [], witnesses: [], contributors: new Map(), quorum: null };
  text.split("\n").forEach((line, i) => {
    const content = line.trim();
    if (content !== "" && !content.startsWith("#") && !readLine(trust, content)) throw new TrustError(i + 1);
  });
  trust.quorum ??= Math.floor(trust.witnesses.length / 2) + 1;
  return trust;
}

function readLine(trust, content) {
  const [role, value, ...more] = content.split(" ");
  if (more.length > 0 || value === undefined) return false;
  return role === "quorum" ? readQuorum(trust, value) : readKey(trust, role, value);
}

function readQuorum(trust, value) {
  if (trust.quorum !== null || !/^[1-9]\d*$/.test(value)) return false;
  trust.quorum = Number(value);
  return true;
}

function readKey(trust, role, value) {
  const known = KEY_TYPES.has(role) && parseKey(value, KEY_TYPES.get(role));
  if (!known) return false;
  if (role === "log") trust.logs.push(known);
  if (role === "witness") trust.witnesses.push(known);
  if (role === "contributor") {
    trust.contributors.set(known.name, [...(trust.contributors.get(known.name) ?? []), known.key]);
  }
  return true;
}

function parseKey(vkey, type) {
  const parts = VKEY.exec(vkey);
  const typed = parts && unbase64(parts[3]);
  if (!typed || typed.length !== 33 || typed[0] !== type) return null;
  const id = hex(sha256(concat(utf8(parts[1]), "\n", typed)).subarray(0, 4));
  return id === parts[2] ? { name: parts[1], id: unhex(id), key: typed.subarray(1) } : null;
}
