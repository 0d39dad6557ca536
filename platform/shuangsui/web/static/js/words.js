// Text for people: elements that hold it, numbers and times as read in China.

export const element = (name, text = "", className = "") =>
  Object.assign(document.createElement(name), { textContent: text, className });

export const number = (n) => n.toLocaleString("zh-CN");

/** A UTC time as people in China read it. */
export function local(time) {
  const shifted = new Date(new Date(time).getTime() + 8 * 3600 * 1000);
  return shifted.toISOString().slice(0, 19).replace("T", " ");
}
