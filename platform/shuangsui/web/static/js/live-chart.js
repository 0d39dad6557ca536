// All tickets as bars, and the drawn ones as lines in the leftmost part, magnified.

import { number, t } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 960;
const LARGEST = 2 ** 64;
const byId = (id) => document.getElementById(id);

let end = 1; // which share of the whole range the magnified part shows

function shape(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}

/** `bins` of the tickets event; heights are shares of the largest bin. */
export function drawBins({ bins, cut }, { even, picks }) {
  const all = bins.reduce((sum, n) => sum + n, 0);
  if (picks === all) return; // everybody is inspected: nothing lies left of anything
  const most = Math.max(...bins, 1);
  const step = WIDTH / bins.length;
  const bars = bins.map((n, i) => {
    const height = Math.max((110 * n) / most, n ? 2 : 0);
    return shape("rect", { x: i * step + 1, y: 120 - height, width: step - 2, height });
  });
  byId("bins").replaceChildren(...bars);
  const about = even
    ? t("全部 {n} 个签号的分布（高低只是偶然起伏：每家机会相同）", { n: number(all) })
    : t("全部 {n} 个签号的分布（权重大的对象取几个号中最小的，所以左边更高）", { n: number(all) });
  byId("chart-text").textContent = about;
  const cuts = Object.values(cut).filter(Boolean).map(share);
  end = Math.min(1, Math.max(...cuts, 0.0001) * 1.05);
  byId("zoom-end").textContent = `${(end * 100).toPrecision(3)}%`;
  byId("lines").replaceChildren();
  byId("chart").hidden = false;
  byId("zoom").hidden = cuts.length === 0;
}

export function drawLine({ ticket }) {
  if (byId("zoom").hidden) return;
  const x = (WIDTH * share(ticket)) / end;
  byId("lines").append(shape("rect", { x: Math.min(x, WIDTH - 2), y: 4, width: 2, height: 56 }));
}

export function resetChart() {
  byId("lines").replaceChildren();
  for (const id of ["chart", "zoom"]) byId(id).hidden = true;
}

/** A ticket of 16 hex digits as a share of the largest; exact to a pixel. */
const share = (ticket) => Number(BigInt(`0x${ticket}`)) / LARGEST;
