// A failed check: `code` is one of srd-1 section 12.1, `detail` says where.

export class Failure extends Error {
  constructor(code, detail = "") {
    super(`${code} ${detail}`.trim());
    this.code = code;
    this.detail = String(detail);
  }
}

/** The log simply ends before the draw does: nothing is wrong yet, and nothing is proved. */
export class Unfinished extends Failure {}

export function demand(condition, code, detail, Kind = Failure) {
  if (!condition) throw new Kind(code, detail);
}
