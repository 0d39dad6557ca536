// stdin: [{key, message, signature}] as hex; stdout: whether each signature is valid.

import { readFileSync } from "node:fs";
import { unhex } from "./verifier/bytes.js";
import { verifySignature } from "./verifier/ed25519.js";

const cases = JSON.parse(readFileSync(0, "utf8"));
const valid = ({ key, message, signature }) => verifySignature(unhex(key), unhex(message), unhex(signature));
process.stdout.write(JSON.stringify(cases.map(valid)));
