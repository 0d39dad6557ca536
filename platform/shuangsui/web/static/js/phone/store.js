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

const storeOf = async (store, mode) => (await database()).transaction(store, mode).objectStore(store);

export const get = async (store, key) => done((await storeOf(store, "readonly")).get(key));
export const put = async (store, row) => done((await storeOf(store, "readwrite")).put(row));
export const remove = async (store, key) => done((await storeOf(store, "readwrite")).delete(key));

/** The rows of everybody who used this phone, the oldest first. */
export const every = async (store) => done((await storeOf(store, "readonly")).getAll());

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

/** Nothing is left of anybody. */
export const wipe = async () => {
  (await database()).close();
  opened = null;
  await done(indexedDB.deleteDatabase(NAME));
};

const fresh = () => `phone-${[...crypto.getRandomValues(new Uint8Array(8))].map((n) => n.toString(16)).join("")}`;
