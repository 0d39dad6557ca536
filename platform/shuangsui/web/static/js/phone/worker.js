// Without a network the pages of the phone open as an empty shell, which shows what this phone keeps. Nothing else is
// kept here: no page of anybody, no answer of the server.

const asked = new URL(self.location.href).searchParams;
const root = `/static/${asked.get("at")}`;
const language = asked.get("lang");
const NAME = `shell ${root} ${language ?? ""}`;
const OFFLINE = language ? `/m/offline?lang=${language}` : "/m/offline";
const SHELL = [
  OFFLINE,
  ...["tokens", "base", "parts", "fold", "console", "phone", "record"].map((name) => `${root}/css/${name}.css`),
  ...["store", "outbox", "record", "photo", "page", "shell", "writing", "cards", "leave", "sending"].map(
    (name) => `${root}/js/phone/${name}.js`,
  ),
  `${root}/js/trusted.js`,
  `${root}/js/words.js`,
  `${root}/img/mark.svg`,
  ...(language ? [`${root}/text/${language}-phone.json`] : []),
];

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(SHELL)));
});

self.addEventListener("activate", (event) => {
  const tidy = async () => {
    for (const name of await caches.keys()) if (name !== NAME) await caches.delete(name);
    await self.clients.claim();
  };
  event.waitUntil(tidy());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(fetch(request).catch(() => caches.match(OFFLINE)));
  else if (new URL(request.url).pathname.startsWith(`${root}/`)) {
    event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)));
  }
});
