// Fetches and recomputes a draw off the page's thread.
// Messages in: verify, company, receipt; out: subject, share, check, report, answer, error.

import { counted, localFiles, publishedDraw, Unreachable } from "./verify-files.js";
import { verify } from "./verifier/verify.js";

let checked = null; // the recomputed draw, once it has passed

const say = (kind, said) => postMessage({ kind, ...said });

const handlers = {
  async verify({ folder, local, trust }) {
    const { title, files } = folder ? await publishedDraw(folder) : { title: null, files: localFiles(local) };
    say("subject", { title });
    const sources = counted(files, (share) => say("share", { share }));
    const { draw, ...report } = await verify(sources, { trust, onCheck: (check) => say("check", { check }) });
    checked = draw;
    say("report", { report: { ...report, demo: draw?.plan.ext.demo === true } });
  },
  async company({ id, salt }) {
    const { lookUp } = await import("./verifier/lookup.js");
    say("answer", { answer: { id, ...lookUp(checked, id, salt) } });
  },
  async receipt({ file }) {
    const { lookUpReceipt } = await import("./verifier/lookup.js");
    say("answer", { answer: lookUpReceipt(checked, new Uint8Array(await file.arrayBuffer())) });
  },
};

onmessage = async ({ data }) => {
  try {
    await handlers[data.kind](data);
  } catch (error) {
    const line = error.name === "TrustError" ? error.line : null;
    say("error", { during: data.kind, unreachable: error instanceof Unreachable, code: error.code ?? null, line });
  }
};
