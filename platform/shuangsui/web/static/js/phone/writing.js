// The form of a record at work: what is written stays on the phone, what is saved goes to the outbox, photographs too.

import { t } from "../words.js";
import { photographed } from "./photo.js";
import { keep, open, save } from "./record.js";
import { alone } from "./sending.js";

/** Binds the form to the record of `who`; `after` sends, or says that it cannot. */
export async function bind(form, who, seen, after) {
  const record = await open(form, who, seen);
  const said = form.querySelector("[data-said]");
  const told = (count) => {
    said.textContent = count ? t("本机已保存，{n} 处还没有送出", { n: count }) : "";
  };
  told(Object.keys(record.changed).length);
  const write = keep(form, record, told);
  const saved = async () => {
    await write();
    const count = await save(record);
    said.textContent = count ? t("已放入待送内容") : t("没有改动");
    await after(count);
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void alone(saved);
  });
  form.addEventListener("change", async ({ target }) => {
    if (!target.matches("[data-photo]") || !target.files[0]) return;
    said.textContent = t("正在处理照片…");
    said.textContent = await photographed(record, target.files[0], target.dataset.photo);
    target.value = "";
    await after(1);
  });
}
