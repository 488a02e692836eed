// The service worker that takes itself away (SERVICE_WORKER=0): whatever one before it kept is deleted.
addEventListener("install", () => skipWaiting());
addEventListener("activate", (e) => {
  e.waitUntil(
    caches.keys().then((names) => Promise.all(names.map((name) => caches.delete(name))))
      .then(() => registration.unregister()),
  );
});
