// What a phone keeps until the server has it: records and what waits to be sent, each under the person whose it is.

const NAME = "shuangsui-phone";
const KEYS = { records: ["who", "no"], outbox: "id", facts: "name" };

let opened = null;

const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

function database() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      for (const [store, keyPath] of Object.entries(KEYS)) {
        request.result.createObjectStore(store, { keyPath, autoIncrement: store === "outbox" });
      }
    };
    request.onsuccess = () => {
      request.result.onversionchange = () => request.result.close(); // another page signs out: nothing may hold it up
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
  });
  return opened;
}

/** Whether anything has ever been kept here: most browsers of a console never do. */
const there = () =>
  Promise.resolve()
    .then(() => indexedDB.databases())
    .then((found) => found.some(({ name }) => name === NAME))
    .catch(() => false);

const storeOf = async (store, mode) => (await database()).transaction(store, mode).objectStore(store);

/** Whether this browser keeps anything: in a private window it may not; then there is nothing to be read either. */
export const keeps = () =>
  database().then(
    () => true,
    () => false,
  );

export const get = async (store, key) =>
  (await keeps()) ? done((await storeOf(store, "readonly")).get(key)) : undefined;
export const put = async (store, row) => done((await storeOf(store, "readwrite")).put(row));
export const remove = async (store, key) => done((await storeOf(store, "readwrite")).delete(key));

/** The rows of everybody who used this phone, the oldest first. */
export const every = async (store) => ((await keeps()) ? done((await storeOf(store, "readonly")).getAll()) : []);

/** The rows of one person. */
export const own = async (store, who) => (await every(store)).filter((row) => row.who === who);

/** A record and what is to be sent of it change together or not at all. */
export async function settle(record, entries) {
  const change = (await database()).transaction(["records", "outbox"], "readwrite");
  const finished = new Promise((resolve, reject) => {
    change.oncomplete = resolve;
    change.onabort = () => reject(change.error);
  });
  change.objectStore("records").put(record);
  for (const entry of entries) change.objectStore("outbox").add(entry);
  return finished;
}

/** The name of this device for one person, and the next number of its steps. */
export async function step(who) {
  const store = await storeOf("facts", "readwrite");
  const fact = (await done(store.get(`device ${who}`))) ?? { name: `device ${who}`, device: fresh(), counter: 0 };
  fact.counter += 1;
  await done(store.put(fact));
  return { device: fact.device, counter: fact.counter };
}

/** Who used the pages last: whose drafts may be shown while there is no network. */
export const remember = (who) => put("facts", { name: "who", who });
export const lastWho = async () => (await get("facts", "who"))?.who ?? "";

/** Somebody is here: without a network nobody else's drafts are shown any more. */
export async function seen(who) {
  if ((await there()) && (await lastWho()) !== who) await remove("facts", "who");
}

/** Whether a person wrote something in a record since it was last saved. */
export const isDraft = (record) => Object.keys(record.changed).length > 0;

/** What has not been sent, of everybody who used this phone: rows of the outbox, then drafts. */
export async function unsent() {
  if (!(await there())) return [];
  return [...(await every("outbox")), ...(await every("records")).filter(isDraft)];
}

/** Nothing is left of one person; what others have not sent stays theirs. */
export async function forget(who) {
  if (!(await there())) return;
  for (const { no } of await own("records", who)) await remove("records", [who, no]);
  for (const { id } of await own("outbox", who)) await remove("outbox", id);
  await remove("facts", `device ${who}`);
  if ((await lastWho()) === who) await remove("facts", "who");
  if ((await every("records")).length + (await every("outbox")).length === 0) await wipe();
}

async function wipe() {
  (await database()).close();
  opened = null;
  await done(indexedDB.deleteDatabase(NAME));
}

const fresh = () => `phone-${[...crypto.getRandomValues(new Uint8Array(8))].map((n) => n.toString(16)).join("")}`;
