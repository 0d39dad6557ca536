// Blinded ids, published ids and openings (srd-1 sections 4.1 and 12.1 steps 3 and 13).

import { concat, decodeStrictly, hex, unhex } from "./bytes.js";
import { demand } from "./failure.js";
import { hasExactly, isHex64, isObject, isText } from "./shape.js";

const SALT = new Map([["public", /^$/], ["salted", /^[0-9a-f]{32}$/]]);
const CONTROL = /[\u0000-\u001f\u007f]/;

export const isSalt = (salt, mode) => typeof salt === "string" && SALT.get(mode).test(salt);

/** The blinded id of an object as hex; `salt` is hex too, empty in public mode. */
export const blind = (hash, id, salt) => hex(hash(concat("srd1/id\n", unhex(salt), id)));

/** The ids of a public snapshot in row order; each hashes to its row. */
export function checkPublicIds(bytes, snapshot, hash) {
  const text = decodeStrictly(bytes);
  demand(text?.endsWith("\n"), "PUBLIC_ID", "ids.txt");
  const ids = text.slice(0, -1).split("\n");
  demand(ids.length === snapshot.n, "PUBLIC_ID", `${ids.length} ids`);
  ids.forEach((id, i) => {
    demand(isText(id) && !CONTROL.test(id) && blind(hash, id, "") === snapshot.id(i), "PUBLIC_ID", `line ${i}`);
  });
  return ids;
}

/** `openings.json` may name drawn objects only, each with the id and salt that give its blinded id. */
export function checkOpenings(openings, drawn, mode, hash) {
  demand(isObject(openings), "OPENING", "openings.json");
  const ids = new Set();
  for (const [b, opening] of Object.entries(openings)) {
    const formed = isHex64(b) && hasExactly(opening, ["id", "salt"]) && isText(opening.id);
    demand(formed && isSalt(opening.salt, mode), "OPENING", b);
    demand(drawn.has(b), "OPENING_EXTRA", b);
    demand(blind(hash, opening.id, opening.salt) === b, "OPENING", b);
    demand(!ids.has(opening.id), "OPENING_DUP", opening.id);
    ids.add(opening.id);
  }
}
