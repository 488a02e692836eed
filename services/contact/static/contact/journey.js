// The questions in one document: the next one is fetched and laid in place of this one. So the browser's own Back
// (on a phone the only one) presses the page's Back, on every step, whether the page was touched or not: the entry
// it leads to was made at the press of a button. The network may go away: nothing typed goes with it.
// Sending is send.js's. Without JavaScript: ordinary forms.
(() => {
const d = document;
const form = () => d.getElementById("journey");
const back = () => form()?.querySelector("[data-back]");
const remember = () => {
  const there = back() || history.state ? 1 : 0;
  history[there && !history.state ? "pushState" : "replaceState"](there, "");
};
const lay = (page) => {
  for (const name of ["lang", "dir"]) d.documentElement.setAttribute(name, page.documentElement.getAttribute(name));
  d.body.replaceWith(d.adoptNode(page.body));
  remember();
  scrollTo({ top: 0, behavior: "instant" });
  (d.querySelector("[data-focus]") || d.getElementById("main")).focus({ preventScroll: true });
};
const stay = (f) => {
  delete f.dataset.sent;
  for (const b of d.querySelectorAll("[aria-busy]")) b.removeAttribute("aria-busy");
  d.querySelector("[data-offline]").hidden = false;
};
d.addEventListener("submit", (e) => {
  const f = e.target, by = e.submitter;
  if (e.defaultPrevented || f.id !== "journey" || by?.hasAttribute("formaction")) return;
  const words = new FormData(f);
  if (by?.name) words.append(by.name, by.value);
  if (words.get("step") === "check" && !words.get("go") && !words.get("speak")) return;
  e.preventDefault();
  const ask = new XMLHttpRequest();
  ask.open("POST", f.action);
  ask.responseType = "document";
  ask.timeout = 20000;
  ask.onload = () => (ask.response?.getElementById("main") ? lay(ask.response) : stay(f));
  ask.onerror = ask.ontimeout = () => stay(f);
  ask.send(new URLSearchParams(words));
});
d.addEventListener("answered", (e) => {
  if (e.target.id !== "journey") return;
  e.preventDefault();
  lay(e.detail);
});
addEventListener("popstate", () => {
  if (history.state !== 0) return; // a jump within the page
  const button = back();
  if (button) form().requestSubmit(button);
  else history.back();
});
if (form()) remember();
})();
