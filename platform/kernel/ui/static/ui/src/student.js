// The student's script: quick exit, offline notice, no double sending. Everything works without it.
(() => {
const d = document, on = (t, f, o) => d.addEventListener(t, f, o);
// Quick exit: cover the page at once, forget the visit, and leave no way back by the back button.
const leave = (url) => {
  const cover = d.createElement("div");
  cover.className = "gone";
  d.body.replaceChildren(cover);
  d.title = "";
  navigator.sendBeacon("/exit/");
  location.replace(url);
};
let esc = 0, last = 0;
on("click", (e) => {
  const a = e.target.closest("[data-exit]");
  if (a) { e.preventDefault(); leave(a.dataset.exit); }
});
on("keydown", (e) => {
  if (e.key !== "Escape") return;
  esc = e.timeStamp - last < 1500 ? esc + 1 : 1;
  last = e.timeStamp;
  const a = d.querySelector("[data-exit]");
  if (esc > 2 && a) leave(a.dataset.exit);
});
// A page from the browser's back-forward cache is asked for anew.
addEventListener("pageshow", (e) => { if (e.persisted) location.reload(); });
// The answer to a form: the history keeps only its address. Back leads there without the browser's own error page,
// and shows nobody's words to whoever has the phone next. A receipt may be asked for again: it stays.
if (!d.querySelector("[data-keep]")) history.replaceState(history.state, "");
// Send once.
on("submit", (e) => {
  const f = e.target;
  if (!f.matches("[data-once]")) return;
  if (f.dataset.sent) return e.preventDefault();
  f.dataset.sent = 1;
  for (const b of f.querySelectorAll("[type=submit]")) b.setAttribute("aria-busy", "true");
  setTimeout(() => { delete f.dataset.sent; for (const b of f.querySelectorAll("[aria-busy]")) b.removeAttribute("aria-busy"); }, 9000);
});
// A page with the numbers to call is kept for when there is no network. Nobody is asked to install anything.
if (d.querySelector("[data-worker]")) addEventListener("load", () => {
  const own = { createScriptURL: () => "/sw.js" }, url = (self.trustedTypes?.createPolicy("sw", own) ?? own).createScriptURL("");
  navigator.serviceWorker?.register(url).catch(() => {});
});
addEventListener("beforeinstallprompt", (e) => e.preventDefault());
const say = () => { const n = d.querySelector("[data-offline]"); if (n) n.hidden = navigator.onLine; };
addEventListener("online", say); addEventListener("offline", say); say();
d.querySelector("[data-focus]")?.focus();
for (const b of d.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break;
  b.hidden = false;
  b.addEventListener("click", async () => {
    await navigator.clipboard.writeText(b.dataset.copy);
    for (const s of b.querySelectorAll("span")) s.hidden = !("done" in s.dataset);
  });
}
})();
