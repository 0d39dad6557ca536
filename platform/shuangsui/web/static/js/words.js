// Text for people: elements that hold it, numbers and times as read in China; in English where the page is English.

const english = document.documentElement.lang === "en" ? await loaded() : {};

/** Without the words the page speaks Chinese rather than not at all. */
async function loaded() {
  const { texts } = document.querySelector("[data-texts]").dataset;
  const answer = await fetch(texts).catch(() => null);
  return answer?.ok ? (await answer.json()).phrases : {};
}

/** What is said, in the language of the page; `{name}` stands for a value. */
export const t = (text, values = {}) => (english[text] ?? text).replace(/\{(\w+)\}/g, (_, name) => values[name]);

export const element = (name, text = "", className = "") =>
  Object.assign(document.createElement(name), { textContent: text, className });

export const number = (n) => n.toLocaleString("zh-CN");

/** A UTC time as people in China read it. */
export function local(time) {
  const shifted = new Date(new Date(time).getTime() + 8 * 3600 * 1000);
  return shifted.toISOString().slice(0, 19).replace("T", " ");
}
