// A page that waits for somebody else looks whether other acts are offered by now; then it is shown anew.

const PAUSE = 4000;
const LONGEST = 10 * 60 * 1000; // since somebody last did something here: a session without use must come to its end

let used = Date.now();
const place = document.querySelector("[data-awaits]");
const twin = document.querySelector("link[rel=alternate][type='application/json']");

async function look() {
  const answer = await fetch(twin.href, { cache: "no-store" }).catch(() => null);
  if (answer?.ok && (await answer.json()).acts.join(" ") !== place.dataset.awaits) return location.reload();
  setTimeout(wait, PAUSE);
  return undefined;
}

/** Whoever types is left in peace, and nobody looks from a page that nobody looks at. */
function wait() {
  if (Date.now() - used > LONGEST) return;
  const busy = document.hidden || document.activeElement?.matches("input, textarea, select");
  if (busy) setTimeout(wait, PAUSE);
  else look();
}

for (const name of ["pointerdown", "keydown"]) document.addEventListener(name, () => (used = Date.now()));
if (place && twin) setTimeout(wait, PAUSE);
