// Signatures by hand: strokes on a canvas become a picture among the task's evidence, then the form is sent as ever.

import { t } from "../words.js";
import { base64 } from "./photo.js";
import { send } from "./outbox.js";
import { alone, sendOff } from "./sending.js";
import { get, own } from "./store.js";

const { who, no } = document.body.dataset;
const UNSENT = t("本机写的还没有送达，签的会是从前的内容：请先保存记录，送达以后再签。");

/** Nobody signs a text that is not the one on the screen. */
async function isUnsent() {
  const kept = await get("records", [who, no]);
  const waits = (await own("outbox", who)).some((entry) => entry.no === no && entry.kind === "record");
  return waits || Object.keys(kept?.changed ?? {}).length > 0;
}

function pad(form) {
  const box = form.querySelector("[data-strokes]");
  const canvas = box.querySelector("canvas");
  const pen = canvas.getContext("2d");
  let drawn = false;

  const clear = () => {
    const { width, height } = canvas.getBoundingClientRect();
    const scale = devicePixelRatio || 1;
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, width, height);
    Object.assign(pen, { lineWidth: 3, lineCap: "round", lineJoin: "round", strokeStyle: "#16202e" });
    mark(false);
  };
  const mark = (is) => {
    drawn = is;
    form.toggleAttribute("data-drawn", is);
  };
  const place = (event) => [event.offsetX, event.offsetY];

  canvas.addEventListener("pointerdown", (event) => {
    if (canvas.width === 0 || !drawn) clear();
    mark(true);
    canvas.setPointerCapture(event.pointerId);
    pen.beginPath();
    pen.moveTo(...place(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!canvas.hasPointerCapture(event.pointerId)) return;
    pen.lineTo(...place(event));
    pen.stroke();
  });
  box.querySelector("button").addEventListener("click", clear);
  return { isDrawn: () => drawn, picture: () => new Promise((resolve) => canvas.toBlob(resolve, "image/png")) };
}

async function handed(form, picture) {
  const person = form.elements.person.value;
  const file = { name: `签字-${person}.png`.replaceAll(/[/\\]/g, ""), data: await base64(picture) };
  const note = `${form.dataset.sign} ${person} 的签字笔迹`.slice(0, 500);
  const path = `/api/tasks/${encodeURIComponent(no)}/evidence`;
  const answer = await send({ path, body: { file, note } }, form.elements.csrf.value).catch(() => null);
  if (answer?.ok) return "";
  return (await answer?.json().catch(() => null))?.detail ?? t("没有网络，签字没有送达：请联网后再签。");
}

for (const form of document.querySelectorAll("form[data-sign]")) {
  const strokes = pad(form);
  const sign = async () => {
    let wrong = (await isUnsent()) ? UNSENT : "";
    if (!wrong && strokes.isDrawn()) wrong = await handed(form, await strokes.picture());
    if (!wrong) return sendOff(form);
    const said = form.querySelector("[data-said]");
    said.closest("details:not([open])")?.setAttribute("open", "");
    said.textContent = wrong;
    return undefined;
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void alone(sign);
  });
}
