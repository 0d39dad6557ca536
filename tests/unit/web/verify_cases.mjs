// stdin: [{files: {name: base64}, trust, piece}]; stdout: what outcomes.js says of each.

import { readFileSync } from "node:fs";
import { outcome } from "./outcomes.js";

const cases = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(await Promise.all(cases.map(outcome))));
