// The only places where text becomes code or markup: workers of our own origin, and an answer of our own server.

const types = self.trustedTypes ?? { createPolicy: (_, rules) => rules };

const workers = types.createPolicy("worker", {
  createScriptURL(address) {
    const url = new URL(address, location.href);
    if (url.origin !== location.origin) throw new Error("foreign script");
    return url.href;
  },
});

const fragments = types.createPolicy("fragment", { createHTML: (text) => text });

export const startWorker = (address) => new Worker(workers.createScriptURL(address), { type: "module" });

export const registerWorker = (address) =>
  navigator.serviceWorker.register(workers.createScriptURL(address), { scope: "/m/" });

/** The nodes of an answer; `connect-src 'self'` lets only our own server give one, and a parsed script never runs. */
export function nodesOf(answer) {
  return [...new DOMParser().parseFromString(fragments.createHTML(answer), "text/html").body.childNodes];
}
