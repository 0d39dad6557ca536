// stdin: {files: {name: base64}, asked: [[id, salt]]}; stdout: what lookup.js answers to each.

import { readFileSync } from "node:fs";
import { sourcesOf } from "./outcomes.js";
import { lookUp } from "./verifier/lookup.js";
import { verify } from "./verifier/verify.js";

const { files, asked } = JSON.parse(readFileSync(0, "utf8"));
const { draw } = await verify(sourcesOf(files, 65536));
process.stdout.write(JSON.stringify(asked.map(([id, salt]) => lookUp(draw, id, salt))));
