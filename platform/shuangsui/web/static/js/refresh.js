// A region that says how far work is fetches itself anew, without a word; at its end the page says what came of it.

import { nodesOf } from "./trusted.js";

const PAUSE = 1000;

async function look(region) {
  const answer = await fetch(location.href, { headers: { "X-Fragment": region.dataset.refresh } }).catch(() => null);
  if (answer && (!answer.ok || answer.redirected)) return location.reload(); // the whole page says what is wrong
  if (answer) region.replaceChildren(...nodesOf(await answer.text()));
  if (region.querySelector("[data-over]")) return location.replace(location.pathname);
  setTimeout(look, PAUSE, region);
  return undefined;
}

for (const region of document.querySelectorAll("[data-refresh]")) setTimeout(look, PAUSE, region);
