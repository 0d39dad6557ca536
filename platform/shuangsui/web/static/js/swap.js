// Inside [data-swap] a filter, a sort or a step through the pages exchanges that region; the address is the only state.

import { nodesOf } from "./trusted.js";

const PAUSE = 250;
const PAUSE_COMPOSING = 900; // Chinese is typed in several keystrokes a word

let running = null;
let timer = 0;

async function swap(region, address, { push = true } = {}) {
  running?.abort();
  running = new AbortController();
  region.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { headers: { "X-Fragment": region.dataset.swap }, signal: running.signal });
    if (!answer.ok || answer.redirected) return location.assign(address); // the whole page says what is wrong
    put(region, await answer.text());
    if (push) history.pushState({ swapped: true }, "", address);
  } catch (error) {
    if (error.name !== "AbortError") location.assign(address);
    return undefined;
  }
  region.removeAttribute("aria-busy");
  return undefined;
}

/** Exchanges the content; whoever stood in it with the keyboard stands at the same place, with the same caret. */
function put(region, text) {
  const active = region.contains(document.activeElement) ? document.activeElement : null;
  const { id = "", selectionStart: caret = null, value = null } = active ?? {};
  region.replaceChildren(...nodesOf(text));
  if (active) stand(region, id, caret, value);
  document.querySelector("[data-said]").textContent = region.querySelector("[data-counted], .empty")?.textContent ?? "";
  document.dispatchEvent(new Event("swapped"));
}

function stand(region, id, caret, value) {
  const again = (id && document.getElementById(id)) || region;
  if (caret !== null && value !== null) again.value = value; // what was typed while the answer was on its way
  again.focus({ preventScroll: true });
  if (caret !== null) again.setSelectionRange?.(caret, caret);
}

function addressOf(form) {
  const address = new URL(form.action);
  address.search = "";
  for (const [name, value] of new FormData(form)) if (value !== "") address.searchParams.append(name, value);
  return address.href;
}

const regionOf = (element) => element.closest?.("[data-swap]");

document.addEventListener("submit", (event) => {
  const region = regionOf(event.target);
  if (!region || event.target.method !== "get") return;
  event.preventDefault();
  swap(region, addressOf(event.target));
});

document.addEventListener("change", ({ target }) => {
  if (target.matches("select") && target.form?.method === "get" && regionOf(target)) {
    swap(regionOf(target), addressOf(target.form));
  }
});

document.addEventListener("input", (event) => {
  const { target } = event;
  if (!target.matches("[data-live]") || !regionOf(target)) return;
  clearTimeout(timer);
  timer = setTimeout(() => swap(regionOf(target), addressOf(target.form)), event.isComposing ? PAUSE_COMPOSING : PAUSE);
});

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  const region = link && regionOf(link);
  if (!region || link.closest("tbody")) return; // a row leads somewhere else, also where that is the same path
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
  if (link.origin + link.pathname !== location.origin + location.pathname || link.dataset.full !== undefined) return;
  event.preventDefault();
  swap(region, link.href);
});

addEventListener("popstate", () => {
  for (const region of document.querySelectorAll("[data-swap]")) swap(region, location.href, { push: false });
});
