// Runs the verifier off the page's thread. Messages in: verify, company, receipt; out: check, report, answer, error.

import { lookUp, lookUpReceipt } from "./verifier/lookup.js";
import { TrustError } from "./verifier/trust.js";
import { verify } from "./verifier/verify.js";

let checked = null; // the recomputed draw, once it has passed

const handlers = {
  async verify({ files, trust }) {
    checked = null;
    const onCheck = (check) => postMessage({ kind: "check", check });
    const { draw, ...report } = await verify(files, { trust, onCheck });
    checked = draw;
    postMessage({ kind: "report", report: { ...report, demo: draw?.plan.ext.demo === true } });
  },
  company({ id, salt }) {
    postMessage({ kind: "answer", answer: { id, ...lookUp(checked, id, salt) } });
  },
  receipt({ bytes }) {
    postMessage({ kind: "answer", answer: lookUpReceipt(checked, bytes) });
  },
};

onmessage = async ({ data }) => {
  try {
    await handlers[data.kind](data);
  } catch (error) {
    const line = error instanceof TrustError ? error.line : null;
    postMessage({ kind: "error", during: data.kind, code: error.code ?? null, line });
  }
};
