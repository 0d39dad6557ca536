// The pages of one task while there is a network: the record's form, photographs of the evidence page.

import { photographed } from "./photo.js";
import { flush } from "./page.js";
import { described, values } from "./record.js";
import { alone } from "./sending.js";
import { get, keeps, remove } from "./store.js";
import { bind } from "./writing.js";

const { who } = document.body.dataset;
const form = document.querySelector("form[data-record]");
const upload = document.querySelector("form[data-upload]");

async function photograph(event) {
  const file = upload.elements.file.files[0];
  if (!file?.type.startsWith("image/")) return;
  event.preventDefault();
  await alone(() => sent(file));
}

async function sent(file) {
  const task = { who, no: upload.dataset.no, object: upload.dataset.object };
  upload.querySelector("[data-said]").textContent = await photographed(task, file, upload.elements.note.value);
  await flush();
}

/** What can no longer be written here is not kept either, unless somebody wrote something that was never sent. */
async function forget(no) {
  const kept = await get("records", [who, no]);
  if (kept && Object.keys(kept.changed).length === 0) await remove("records", [who, no]);
}

document.addEventListener("delivered", ({ detail }) => {
  const page = form ?? upload;
  const signing = document.querySelector("[data-drawn]"); // what is being signed stays on the screen
  if (page && !signing && detail.sent && !detail.conflict && !detail.stopped) location.assign(page.dataset.then);
});

const kept = await keeps(); // where nothing is kept, the forms work as without scripts
if (kept && form) await bind(form, who, { ...described(form), shown: values(form) }, flush);
else if (kept && "closed" in document.body.dataset) await forget(document.body.dataset.no);
if (kept) upload?.addEventListener("submit", (event) => void photograph(event));
document.body.dataset.bound = "";
