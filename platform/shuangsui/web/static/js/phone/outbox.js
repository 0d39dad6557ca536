// What waits to be sent goes out in its order, one at a time; what the server has got is forgotten here.

import { own, put, remove } from "./store.js";

const LOCK = "shuangsui-outbox";
const AGAIN = [408, 429, 500, 502, 503, 504];

export const send = (entry, csrf) =>
  fetch(entry.path, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRF-Token": csrf },
    body: JSON.stringify(entry.body),
  });

/**
 * Sends what waits of one person; two pages never send at once. Answers {sent, left, stopped, conflict}: `stopped` says
 * why the rest still waits ("offline", "signin" or ""), `conflict` the task about which a person has to choose.
 */
export const deliver = (who, csrf) =>
  navigator.locks ? navigator.locks.request(LOCK, () => delivered(who, csrf)) : delivered(who, csrf);

async function delivered(who, csrf) {
  const told = { sent: 0, left: 0, stopped: "", conflict: "" };
  for (const entry of await own("outbox", who)) {
    if (entry.refused || told.stopped) {
      told.left += 1;
      continue;
    }
    const answer = await send(entry, csrf).catch(() => null);
    await took(entry, answer, told);
  }
  return told;
}

async function took(entry, answer, told) {
  const body = await answer?.json().catch(() => null);
  if (answer?.ok && body) {
    await remove("outbox", entry.id);
    told.sent += 1;
    if (body.conflicts?.length) told.conflict = entry.no;
    return;
  }
  told.left += 1;
  if (!answer || !body || AGAIN.includes(answer.status)) told.stopped = "offline";
  else if (answer.status === 401 || body.code === "csrf_refused") told.stopped = "signin";
  else await put("outbox", { ...entry, refused: body.detail });
}
