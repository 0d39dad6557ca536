// The only place where text becomes code: a Worker of our own origin, under the Trusted Types policy `worker`.

const types = self.trustedTypes ?? { createPolicy: (_, rules) => rules };

const policy = types.createPolicy("worker", {
  createScriptURL(address) {
    const url = new URL(address, location.href);
    if (url.origin !== location.origin) throw new Error("foreign script");
    return url.href;
  },
});

export const startWorker = (address) => new Worker(policy.createScriptURL(address), { type: "module" });
