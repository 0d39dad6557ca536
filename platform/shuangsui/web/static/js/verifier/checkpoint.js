// Checkpoints of the log and their signatures (srd-1 section 7.4, C2SP tlog-checkpoint).

import { concat, decodeStrictly, hex, unbase64 } from "./bytes.js";
import { demand } from "./failure.js";
import { leafHash, treeRoot } from "./merkle.js";

const FILE = /^checkpoint-([0-9]+)\.txt$/;
const SIGNATURE = /^— ([^ +]+) ([A-Za-z0-9+/=]+)$/;
const DECIMAL = /^[1-9]\d*$/;

/** Every checkpoint file, checked: `{size, logSigned, cosignatures: [{key, time}]}`, in the order of the names. */
export function checkCheckpoints(files, log, trust) {
  const names = [...files.keys()].filter((name) => FILE.test(name)).sort();
  const leaves = log.lines.map((line) => leafHash(log.suite.hash, line));
  return names.map((name) => {
    const checkpoint = readCheckpoint(files.get(name), name, log);
    const root = treeRoot(log.suite.hash, leaves.slice(0, checkpoint.size));
    demand(hex(root) === hex(checkpoint.root), "CHECKPOINT_ROOT", name);
    return checkSignatures(checkpoint, name, log.origin, trust);
  });
}

function readCheckpoint(bytes, name, log) {
  const need = (condition) => demand(condition, "CHECKPOINT_FORMAT", name);
  const note = decodeStrictly(bytes) ?? "";
  const end = note.indexOf("\n\n");
  need(end > 0 && note.endsWith("\n"));
  const text = note.slice(0, end + 1);
  const lines = text.slice(0, -1).split("\n");
  need(lines.length >= 3 && lines.every((line) => line !== ""));
  const [origin, size, root] = lines;
  need(origin === log.origin && DECIMAL.test(size) && Number(size) <= log.lines.length);
  need(FILE.exec(name)[1] === size && unbase64(root)?.length === 32);
  const signatures = note.slice(end + 2).split("\n").slice(0, -1).map(readSignature);
  need(signatures.length > 0 && !signatures.includes(null));
  return { text, size: Number(size), root: unbase64(root), signatures };
}

/** `{name, id, payload}` of one signature line, or null. */
function readSignature(line) {
  const parts = SIGNATURE.exec(line);
  const bytes = parts && unbase64(parts[2]);
  return bytes?.length > 4 ? { name: parts[1], id: hex(bytes.subarray(0, 4)), payload: bytes.subarray(4) } : null;
}

function checkSignatures({ text, size, signatures }, name, origin, trust) {
  const logs = trust.logs.filter((log) => log.name === origin);
  const cosignatures = [];
  let logSigned = false;
  for (const signature of signatures) {
    const isBy = (known) => known.name === signature.name && hex(known.id) === signature.id;
    for (const { key } of logs.filter(isBy)) {
      demand(isLogSignature(trust, key, text, signature.payload), "CHECKPOINT_SIG", `${name}: ${signature.name}`);
      logSigned = true;
    }
    for (const { key } of trust.witnesses.filter(isBy)) {
      demand(isCosignature(trust, key, text, signature.payload), "CHECKPOINT_SIG", `${name}: ${signature.name}`);
      cosignatures.push({ key: hex(key), time: cosignatureTime(signature.payload) });
    }
  }
  demand(logSigned || logs.length === 0, "CHECKPOINT_SIG", `${name}: log`);
  const foreign = cosignatures.filter(({ key }) => logs.every((log) => hex(log.key) !== key));
  return { size, logSigned, cosignatures: foreign };
}

const isLogSignature = (trust, key, text, payload) =>
  payload.length === 64 && trust.verifySignature(key, concat(text), payload);

function isCosignature(trust, key, text, payload) {
  if (payload.length !== 72) return false;
  const message = concat(`cosignature/v1\ntime ${cosignatureTime(payload)}\n`, text);
  return trust.verifySignature(key, message, payload.subarray(8));
}

/** Seconds since 1970, as an exact integer of 64 bits. */
const cosignatureTime = (payload) => new DataView(payload.buffer, payload.byteOffset, 8).getBigUint64(0);

/** Whether enough distinct witnesses cosigned this log-signed checkpoint, counting those before `limit` if given. */
export function hasQuorum(checkpoint, trust, limit = null) {
  const counted = checkpoint.cosignatures.filter(({ time }) => limit === null || time < BigInt(limit));
  return checkpoint.logSigned && new Set(counted.map(({ key }) => key)).size >= trust.quorum;
}
