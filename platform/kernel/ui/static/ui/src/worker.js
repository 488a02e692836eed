// The service worker of a municipality's door (docs/how/offline.md). It keeps on a device: files of ours that are the
// same for everybody and for ever, and one page with the numbers to call. Never a page with content, never an answer
// to a form. What it does not answer goes to the network as if it were not there.
const CACHE = `door-${DOOR.version}`;
const FILES = [DOOR.files, "/theme.", "/logo.", "/app-icon."];
const begins = (path, with_one_of) => with_one_of.some((one) => path.startsWith(one));

const keep = async (cache, path) => {
  // Without cookies: what is kept is nobody's.
  const answer = await fetch(path, { credentials: "omit" });
  if (!answer.ok || answer.redirected) throw new Error(path);
  await cache.put(path, answer);
};
const file = async (request) => {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request.url, { ignoreVary: true });
  if (kept) return kept;
  const answer = await fetch(request);
  const says = answer.headers.get("Cache-Control") || "";
  if (answer.status === 200 && answer.type === "basic" && says.includes("public") && says.includes("immutable")) {
    await cache.put(request.url, answer.clone());
  }
  return answer;
};
const page = async (request) => {
  try {
    return await fetch(request);
  } catch {
    const kept = await (await caches.open(CACHE)).match(DOOR.page, { ignoreVary: true });
    return kept || Response.error();
  }
};

addEventListener("install", (e) => {
  skipWaiting();
  e.waitUntil(caches.open(CACHE).then((cache) => Promise.all(DOOR.keep.map((path) => keep(cache, path)))));
});
addEventListener("activate", (e) => {
  e.waitUntil(caches.keys().then((names) => Promise.all(
    names.filter((name) => name !== CACHE).map((name) => caches.delete(name)),
  )));
});
addEventListener("fetch", (e) => {
  const { request } = e, { origin, pathname, search } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  // Quick exit goes to the server itself: its answer clears this worker and all it has kept.
  if (pathname === "/exit/" || begins(pathname, DOOR.staff)) return;
  if (request.mode === "navigate") e.respondWith(page(request));
  else if (!search && begins(pathname, FILES)) e.respondWith(file(request));
});
