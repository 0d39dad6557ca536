// Narrow a table to the rows that hold every word of a query; the query stays in the address.

import { t } from "./words.js";

const form = document.querySelector("form[data-filter]");
const rows = [...document.querySelectorAll(`#${form.dataset.filter} [data-row]`)];
const count = document.querySelector("[data-filter-count]");
const total = count.textContent;

function narrow(query) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  for (const row of rows) row.hidden = !words.every((word) => row.textContent.toLowerCase().includes(word));
  const shown = rows.filter((row) => !row.hidden).length;
  count.textContent = words.length === 0 ? total : shown > 0 ? t("找到 {shown} 条", { shown }) : t("没有找到，请换一个词");
}

function remember(query) {
  const address = new URL(location);
  if (query) address.searchParams.set("q", query);
  else address.searchParams.delete("q");
  history.replaceState(null, "", address);
}

form.addEventListener("input", () => narrow(form.q.value));
form.addEventListener("submit", (event) => {
  event.preventDefault();
  narrow(form.q.value);
  remember(form.q.value);
});

form.q.value = new URLSearchParams(location.search).get("q") ?? "";
narrow(form.q.value);
