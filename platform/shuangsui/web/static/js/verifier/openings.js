// Blinded ids and openings (srd-1 sections 4.1 and 12.1 step 13).

import { concat, hex, unhex } from "./bytes.js";
import { demand } from "./failure.js";
import { hasExactly, isHex64, isObject, isText } from "./shape.js";

const SALT = new Map([["public", /^$/], ["salted", /^[0-9a-f]{32}$/]]);

export const isSalt = (salt, mode) => typeof salt === "string" && SALT.get(mode).test(salt);

/** The blinded id of an object as hex; `salt` is hex too, empty in public mode. */
export const blind = (hash, id, salt) => hex(hash(concat("srd1/id\n", unhex(salt), id)));

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
