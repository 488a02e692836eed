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
// A question came by a form. The history keeps only its address, so going back or reloading shows nobody's words
// to whoever has the phone next; the browser's own Back presses the page's Back, which loses nothing.
const journey = d.getElementById("journey");
if (journey) {
  history.replaceState(0, "");
  const back = journey.querySelector("[data-back]");
  if (back) {
    history.pushState(1, "");
    addEventListener("popstate", () => journey.requestSubmit(back));
  }
}
// Send once.
on("submit", (e) => {
  const f = e.target;
  if (!f.matches("[data-once]")) return;
  if (f.dataset.sent) return e.preventDefault();
  f.dataset.sent = 1;
  for (const b of f.querySelectorAll("[type=submit]")) b.setAttribute("aria-busy", "true");
  setTimeout(() => { delete f.dataset.sent; for (const b of f.querySelectorAll("[aria-busy]")) b.removeAttribute("aria-busy"); }, 9000);
});
const net = d.querySelector("[data-offline]");
if (net) { const say = () => { net.hidden = navigator.onLine; }; addEventListener("online", say); addEventListener("offline", say); say(); }
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
