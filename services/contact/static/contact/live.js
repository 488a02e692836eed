// The open conversation asks now and then whether something is new, and says so politely; it never changes the page under
// anybody, and nothing is stored. Asked less and less often, not at all while nobody looks, and no longer than the
// conversation is open in this browser. Without JavaScript: the link beside it.
(() => {
const d = document, FIRST = 15000, SLOWEST = 120000, GROWS = 1.4, LASTS = 20 * 60000;
let wait = FIRST, clock = 0, over = performance.now() + LASTS, asking = false;
const box = () => d.querySelector("[data-live]");
const tell = (here, now) => {
  const [answers, rest] = here.dataset.live.split("."), [newer, other] = now.split(".");
  const name = answers !== newer ? "answer" : rest !== other ? "other" : "";
  if (name) for (const one of here.querySelectorAll("[data-news]")) one.hidden = one.dataset.news !== name;
  return !!name;
};
const later = () => { clearTimeout(clock); if (!d.hidden && performance.now() < over) clock = setTimeout(ask, wait * (0.9 + Math.random() / 5)); };
const ask = async () => {
  const here = box();
  if (!here || asking || d.hidden) return;
  asking = true;
  try {
    const answer = await fetch(here.dataset.ask, { cache: "no-store", headers: { "If-None-Match": `"${here.dataset.live}"` }, signal: AbortSignal.timeout(10000) });
    if (answer.status === 404) over = 0;
    if (answer.status === 204 && tell(here, (answer.headers.get("ETag") || "").replace(/^W\/|"/g, ""))) over = 0;
    wait = Math.min(wait * GROWS, SLOWEST);
  } catch { wait = Math.min(wait * 2, SLOWEST); }
  asking = false;
  later();
};
d.addEventListener("visibilitychange", () => { if (d.hidden) clearTimeout(clock); else { wait = FIRST; ask(); } });
// An answer to a form lies in the same page: it is another one.
new MutationObserver(() => { const here = box(); if (here && !here.dataset.begun) { here.dataset.begun = 1; wait = FIRST; over = performance.now() + LASTS; later(); } }).observe(d.documentElement, { childList: true });
if (box()) { box().dataset.begun = 1; later(); }
})();
