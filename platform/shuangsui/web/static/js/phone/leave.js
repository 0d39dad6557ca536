// Signing out, at a desk or on a phone: what has not been sent from this browser is looked at first.

import { t } from "../words.js";
import { alone, sendOff } from "./sending.js";
import { forget, seen, unsent } from "./store.js";

const LEAVING = "/console/leaving";
const OFF = t("没有网络，不能退出：联网以后再退出，没有送达的内容仍保存在本机。");

async function leave(form) {
  if ((await unsent()).length > 0) return location.assign(LEAVING);
  await forget(form.dataset.leave);
  return sendOff(form);
}

for (const form of document.querySelectorAll("form[data-leave]")) {
  form.addEventListener("submit", (event) => {
    const told = document.querySelector("[data-told]");
    event.preventDefault();
    if (navigator.onLine || !told) return void alone(() => leave(form));
    told.textContent = OFF;
    told.hidden = false;
    return undefined;
  });
  void seen(form.dataset.leave);
}
