// Lists of what this phone keeps, as every page shows them.

import { element, local, t } from "../words.js";

/** A list under its title. */
export function card(title, items) {
  const made = element("section", "", "card");
  const head = element("header");
  const list = element("ul", "", "body p-rows");
  head.append(element("h2", title));
  list.append(...items);
  made.append(head, list);
  return made;
}

/** A row of the outbox, with `more` below. */
export function waiting(entry, ...more) {
  const item = element("li");
  const how = entry.refused ? t("没有被接受：{why}", { why: entry.refused }) : t("等待送出");
  item.append(element("b", entry.about), element("small", `${local(entry.at)} · ${how}`), ...more);
  return item;
}

/** A record, which leads to its form. */
export function written(record) {
  const link = element("a", record.object);
  link.href = `/m/tasks/${encodeURIComponent(record.no)}/record`;
  const item = element("li");
  const count = Object.keys(record.changed).length;
  item.append(link, element("small", count ? `${record.no} · ${t("{n} 处没有保存", { n: count })}` : record.no));
  return item;
}
