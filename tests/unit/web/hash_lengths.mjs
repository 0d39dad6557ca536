// stdin: {count}; stdout: {sha256, sm3, sha512}: the digests of the messages of 0 to count − 1 bytes, as hex.

import { readFileSync } from "node:fs";
import { hex } from "./verifier/bytes.js";
import { sha256 } from "./verifier/sha256.js";
import { sha512 } from "./verifier/sha512.js";
import { sm3 } from "./verifier/sm3.js";

const { count } = JSON.parse(readFileSync(0, "utf8"));
const messages = Array.from({ length: count }, (_, n) => Uint8Array.from({ length: n }, (_, i) => (7 * i + n) % 256));
const digests = Object.entries({ sha256, sm3, sha512 }).map(([name, hash]) => [
  name,
  messages.map((message) => hex(hash(message))),
]);
process.stdout.write(JSON.stringify(Object.fromEntries(digests)));
