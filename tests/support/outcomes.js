// What the browser's verifier says of transcripts; run by Node and by Chromium, beside the folder `verifier`.

import { verdictLine, verify } from "./verifier/verify.js";

const bytesOf = (base64) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));

/** A file as a source whose pieces have `piece` bytes, wherever they break. */
const source = (bytes, piece) => ({
  size: bytes.length,
  bytes: async () => bytes,
  async *chunks() {
    for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
  },
});

/** Sources of files given as base64. */
export const sourcesOf = (files, piece) =>
  new Map(Object.entries(files).map(([name, text]) => [name, source(bytesOf(text), piece)]));

/** `{files: {name: base64}, trust, piece}` → `{line, warnings, checks, heard, counts}`. */
export async function outcome({ files, trust, piece = 65536 }) {
  const heard = [];
  const report = await verify(sourcesOf(files, piece), { trust: trust ?? "", onCheck: (check) => heard.push(check) });
  return {
    line: report.verdict === "FAIL" ? `FAIL ${report.code}` : verdictLine(report),
    warnings: [...new Set(report.warnings.map(({ code }) => code))].sort(),
    checks: Object.fromEntries(report.checks.map(({ id, status }) => [id, status])),
    heard: heard.filter(({ status }) => status !== "running").map(({ id }) => id),
    counts: report.counts,
  };
}

/** The line for every flip `[name, at, mask]` of one transcript: one byte of one file changed. */
export async function flipLines({ files, trust, flips }) {
  const whole = new Map(Object.entries(files).map(([name, text]) => [name, bytesOf(text)]));
  const lines = [];
  for (const [name, at, mask] of flips) {
    const changed = whole.get(name).slice();
    changed[at] ^= mask;
    const sources = [...whole].map(([one, bytes]) => [one, source(one === name ? changed : bytes, 65536)]);
    const report = await verify(new Map(sources), { trust: trust ?? "" });
    lines.push(report.verdict === "FAIL" ? report.code : verdictLine(report));
  }
  return lines;
}
