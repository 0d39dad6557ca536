// Text for people: elements that hold it, numbers and times as read in China; in English where the page is English.

const HAN = /([\u3000-\u9fff\uff00-\uffef]+(?:[\w .-]*[\u3000-\u9fff\uff00-\uffef]+)*)/;

const inEnglish = document.documentElement.lang === "en";
const { texts, first = texts } = document.querySelector("[data-texts]")?.dataset ?? {};
const loaded = new Set();
const kept = {}; // words by kind; "phrases": what scripts say themselves, by what they say in Chinese

async function load(address) {
  if (!loaded.has(address)) Object.assign(kept, await (await fetch(address)).json());
  loaded.add(address);
  return kept;
}

/** The page's words by kind; an English page that names a first file starts with what is said on most days. */
export const words = () => load(first);

/** All of them, or what there is if the network breaks off. */
export const allWords = () => load(texts).catch(() => kept);

/** Without the words the page speaks Chinese rather than not at all. */
if (inEnglish && texts) await words().catch(() => kept);

/** What is said, in the language of the page; `{name}` stands for a value. */
export const t = (text, values = {}) => (kept.phrases?.[text] ?? text).replace(/\{(\w+)\}/g, (_, name) => values[name]);

/** Text into an element; on an English page what is Chinese in it, a title or a name, is marked as such. */
export function put(holder, text) {
  if (!inEnglish) holder.textContent = text;
  else holder.replaceChildren(...text.split(HAN).map((part, i) => (i % 2 ? chinese(part) : part)));
  return holder;
}

const chinese = (text) => Object.assign(document.createElement("span"), { lang: "zh-CN", textContent: text });

export const element = (name, text = "", className = "") =>
  put(Object.assign(document.createElement(name), { className }), text);

export const number = (n) => n.toLocaleString("zh-CN");

/** A UTC time as people in China read it. */
export function local(time) {
  const shifted = new Date(new Date(time).getTime() + 8 * 3600 * 1000);
  return shifted.toISOString().slice(0, 19).replace("T", " ");
}
