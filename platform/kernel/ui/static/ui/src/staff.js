// The helper's and administrator's script: glue for htmx, announcements, small comforts. Everything works without it.
(() => {
const d = document;
// Trusted Types: what htmx swaps in is HTML from our own pages; scripts that come with it are refused (no createScript).
if (window.trustedTypes && window.htmx) {
  const policy = trustedTypes.createPolicy("htmx", { createHTML: (html) => html });
  htmx.registerExtension("trusted", { init: (inside) => inside.initSecurity(policy) });
}
// Say one thing to screen readers, politely.
const say = (text) => {
  const live = d.querySelector("[data-live]");
  if (live && text) { live.textContent = ""; requestAnimationFrame(() => { live.textContent = text; }); }
};
const ready = (root) => {
  root.querySelector?.("[data-focus]")?.focus();
  for (const b of root.querySelectorAll?.("[data-print]") ?? []) { b.hidden = false; b.onclick = () => print(); }
  for (const b of root.querySelectorAll?.("[data-copy]") ?? []) if (navigator.clipboard) b.hidden = false;
  // Our own button for files; without this the browser's own stands there.
  for (const one of root.querySelectorAll?.("[data-file] > label, [data-file] > output") ?? []) one.hidden = false;
};
d.addEventListener("submit", (e) => {
  const f = e.target;
  if (!f.matches("[data-once]")) return;
  if (f.dataset.sent) return e.preventDefault();
  f.dataset.sent = 1;
  setTimeout(() => { delete f.dataset.sent; }, 4000);
});
d.addEventListener("click", async (e) => {
  const copy = e.target.closest("[data-copy]");
  if (copy) {
    await navigator.clipboard.writeText(copy.dataset.copy);
    for (const s of copy.querySelectorAll("span")) s.hidden = !("done" in s.dataset);
    return;
  }
  // A menu closes when something else is pressed.
  for (const menu of d.querySelectorAll("details.languages[open], details.menu-box[open]")) if (!menu.contains(e.target)) menu.open = false;
});
d.addEventListener("keydown", (e) => {
  if (e.key !== "Escape") return;
  for (const menu of d.querySelectorAll("details.languages[open], details.menu-box[open]")) { menu.open = false; menu.querySelector("summary").focus(); }
});
// What was chosen is named in the page's own words.
d.addEventListener("change", (e) => {
  const said = e.target.closest("[data-file]")?.querySelector("output");
  if (said) said.value = [...e.target.files].map((file) => file.name).join(", ") || said.dataset.none;
});
d.addEventListener("input", (e) => {
  const well = e.target.closest("[data-well]");
  if (well) well.querySelector("output").value = e.target.value;
});
// htmx 4: what came in is made ready; a refusal (422) is shown in place, and what changed is said.
d.addEventListener("htmx:after:swap", (e) => {
  const target = e.detail?.ctx?.target ?? e.target;
  ready(target instanceof Element ? target : d);
  const news = (target instanceof Element ? target : d).querySelector?.("[data-announce]")?.dataset.announce;
  const headline = d.querySelector("[data-headline]");
  if (news && headline) headline.textContent = news;
  say(news);
});
d.addEventListener("htmx:error", () => say(d.querySelector("[data-live]")?.dataset.failed));
// On a shared screen the page is covered when nobody is there: by then its session is over as well. Whoever has typed signs
// in in another tab and finds everything here again.
const cover = d.querySelector("[data-cover]");
if (cover) {
  let seen = Date.now(), told = seen;
  const alive = async () => {
    try {
      const answer = await fetch("/account/screen/alive/", { redirect: "manual", cache: "no-store" });
      if (answer.status !== 204) return false;
      for (const one of d.querySelectorAll("input[name=csrfmiddlewaretoken]")) one.value = answer.headers.get("X-Mark");
      return true;
    } catch { return false; }
  };
  const others = () => [...d.body.children].filter((one) => one !== cover);
  const lift = () => { cover.hidden = true; for (const one of others()) one.inert = false; seen = told = Date.now(); };
  const drop = () => {
    for (const open of d.querySelectorAll("dialog[open]")) open.close();
    for (const one of others()) one.inert = true;
    const typed = [...d.querySelectorAll("main textarea, main input:not([type=hidden])")].some((one) => one.type === "radio" || one.type === "checkbox" ? one.checked !== one.defaultChecked : one.value !== one.defaultValue);
    const link = cover.querySelector("[data-cover-link]");
    if (typed) link.target = "_blank"; else link.href = location.href.split("#")[0];
    cover.hidden = false;
    cover.querySelector("h2").focus();
  };
  const here = () => {
    if (!cover.hidden) return;
    seen = Date.now();
    if (seen - told > 60000) { told = seen; alive(); }
  };
  for (const kind of ["pointerdown", "pointermove", "keydown", "input", "wheel", "touchmove"]) addEventListener(kind, here, { passive: true, capture: true });
  setInterval(() => { if (cover.hidden && Date.now() - seen >= cover.dataset.cover * 1000) drop(); }, 1000);
  d.addEventListener("visibilitychange", async () => { if (!d.hidden && !cover.hidden && await alive()) lift(); });
}
ready(d);
// What can be undone for some seconds only is no longer offered after them; who stands on it stays with what it was about.
for (const one of d.querySelectorAll("[data-gone]")) {
  const end = Date.now() + one.dataset.gone * 1000 - 500;
  const leave = () => {
    if (!one.isConnected || Date.now() < end) return;
    if (one.contains(d.activeElement)) { const about = one.closest(".toast"); about.tabIndex = -1; about.focus(); }
    one.remove();
  };
  setTimeout(leave, end - Date.now() + 20);
  addEventListener("pageshow", leave);
}
// What stands in a toast when the page comes was never announced by itself: it is said once the page has settled.
const told = [...d.querySelectorAll(".toast p")].map((p) => p.textContent.trim()).join(" ");
if (told) setTimeout(() => say(told), 400);
})();
