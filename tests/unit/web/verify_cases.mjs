// stdin: [{files: {name: base64}, trust}]; stdout: [{line, code, warnings, checks}], the outcome of each.

import { readFileSync } from "node:fs";
import { verdictLine, verify } from "./verifier/verify.js";

const cases = JSON.parse(readFileSync(0, "utf8"));

async function outcome({ files, trust }) {
  const bytes = Object.entries(files).map(([name, text]) => [name, new Uint8Array(Buffer.from(text, "base64"))]);
  const heard = [];
  const report = await verify(new Map(bytes), { trust: trust ?? "", onCheck: (check) => heard.push(check) });
  return {
    line: report.verdict === "FAIL" ? `FAIL ${report.code}` : verdictLine(report),
    warnings: [...new Set(report.warnings.map(({ code }) => code))].sort(),
    checks: Object.fromEntries(report.checks.map(({ id, status }) => [id, status])),
    heard: heard.filter(({ status }) => status !== "running").map(({ id }) => id),
    counts: report.counts,
  };
}

process.stdout.write(JSON.stringify(await Promise.all(cases.map(outcome))));
