// One sending at a time: what is tapped while something is on its way does nothing.

const LONGEST = 20_000; // milliseconds; who waits longer may try again

let until = 0;

const isBusy = () => performance.now() < until;

/** Does `work` unless something is on its way, and nothing else until it is over. */
export async function alone(work) {
  if (isBusy()) return undefined;
  const mine = performance.now() + LONGEST;
  until = mine;
  try {
    return await work();
  } finally {
    if (until === mine) until = 0;
  }
}

/** Sends a form for good: the next page follows. */
export function sendOff(form) {
  until = performance.now() + LONGEST;
  form.submit();
}

function refuse(event) {
  if (!isBusy()) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}

function leaves(event) {
  if (!event.defaultPrevented) until = performance.now() + LONGEST;
}

/** The same for every form of the page that no module sends. */
export function guardForms() {
  addEventListener("submit", refuse, { capture: true });
  addEventListener("submit", leaves);
  addEventListener("pageshow", () => {
    until = 0;
  });
}
