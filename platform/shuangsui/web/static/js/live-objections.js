// What those who watch object to a draw, as soon as it is recorded; it is beside the draw and stops nothing.

import { say } from "./live-view.js";
import { element, local, t } from "./words.js";

let shown = 0;

/** Whoever reconnects hears all of them again. */
export function showObjection({ no, at, text }) {
  if (no <= shown) return;
  shown = no;
  const item = element("li");
  item.append(element("span", local(at), "num"), " ", element("b", text));
  const place = document.getElementById("objections");
  place.querySelector("ol").append(item);
  place.hidden = false;
  say(t("监督人员提出异议：{text}", { text }));
}
