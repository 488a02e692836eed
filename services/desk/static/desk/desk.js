// What makes the desk quicker with a script. Each of it is reachable without.
(() => {
const d = document;

// --- drafts: what is typed is kept a moment later, and when the page goes away -------------------------------
const fields = new Map();  // textarea → {timer, kept, sending, call}
const body = (field) => {
  const said = new FormData();
  for (const name of ["csrfmiddlewaretoken", "once", "seen"]) {
    const one = field.form?.elements[name];
    if (one) said.set(name, one.value);
  }
  said.set("text", field.value);
  said.set("draft", field.dataset.kind);
  said.set("quiet", "1");
  return said;
};
const tell = (field, how) => {
  const line = field.form?.querySelector("[data-draft-said]");
  if (line) { line.textContent = line.dataset[how]; line.hidden = false; }
};
const keep = async (field) => {
  const state = fields.get(field);
  if (!state || state.sent || state.kept === field.value) return;
  const value = field.value;
  state.call?.abort();
  state.call = new AbortController();
  try {
    const answer = await fetch(field.dataset.draft, { method: "POST", body: body(field), redirect: "manual", signal: state.call.signal });
    if (answer.status !== 204) throw new Error(answer.status);
    state.kept = value;
    if (value.trim()) tell(field, "kept");
  } catch (error) {
    if (error.name !== "AbortError") tell(field, "failed");
  }
};
d.addEventListener("input", (e) => {
  const field = e.target.closest?.("textarea[data-draft]");
  if (!field) return;
  const state = fields.get(field) ?? fields.set(field, { kept: null, sent: false }).get(field);
  clearTimeout(state.timer);
  state.timer = setTimeout(() => keep(field), 1200);
});
// A form that is sent ends its draft: nothing of it is kept after that.
d.addEventListener("submit", (e) => {
  if (e.defaultPrevented) return;
  for (const [field, state] of fields) {
    clearTimeout(state.timer);
    if (field.form === e.target) { state.sent = true; state.call?.abort(); } else keepNow(field, state);
  }
});
const keepNow = (field, state) => {
  if (!state.sent && state.kept !== field.value && navigator.sendBeacon(field.dataset.draft, body(field))) state.kept = field.value;
};
addEventListener("pagehide", () => { for (const [field, state] of fields) { clearTimeout(state.timer); keepNow(field, state); } });
d.addEventListener("visibilitychange", () => { if (d.hidden) for (const [field, state] of fields) keepNow(field, state); });
// Back in the browser's history shows an old page: what is kept there may have been sent since.
addEventListener("pageshow", (e) => { if (e.persisted) for (const state of fields.values()) state.sent = false; });

// --- ready replies: in at the cursor, or over what is marked; undo of the browser takes them out again -------
d.addEventListener("click", (e) => {
  const button = e.target.closest?.("[data-ready]");
  const field = button?.form?.querySelector("textarea[name=text]");
  if (!field) return;
  e.preventDefault();
  field.focus();
  // On a line of its own where something was typed before it.
  const before = field.value.slice(0, field.selectionStart);
  const text = (before.trim() && !before.endsWith("\n") ? "\n" : "") + button.dataset.ready;
  if (!d.execCommand("insertText", false, text)) field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
});

// --- the tabs count along with the list that refreshes itself; quietly, the list says what changed ------------------
d.addEventListener("htmx:after:swap", () => {
  const counts = JSON.parse(d.getElementById("tab-counts")?.value || "{}");
  const put = (place, text) => { if (place && text !== undefined && place.textContent !== text) place.textContent = text; };
  for (const link of d.querySelectorAll(".tabs a")) put(link.querySelector(".count"), counts[link.getAttribute("href")]);
  put(d.querySelector(".tabs summary .count"), counts.more);
});

// --- an address that points at a fold opens it ------------------------------------------------------------------
const unfold = () => {
  const fold = /^#[\w-]+$/.test(location.hash) && d.querySelector(`.folds > ${location.hash} > details`);
  if (fold) { fold.open = true; fold.scrollIntoView(); }
};
addEventListener("hashchange", unfold);
unfold();

// --- keys: j and k go through the list, Enter opens, / searches, ? shows the sheet; they can be switched off --
const sheet = d.getElementById("keys"), opener = d.querySelector("[data-keys-open]"), toggle = d.querySelector("[data-keys-switch]");
const off = () => { try { return localStorage.getItem("keys") === "off"; } catch { return false; } };
const paint = () => { if (toggle) toggle.firstElementChild.textContent = off() ? toggle.dataset.on : toggle.dataset.off; };
if (sheet && opener) {
  opener.hidden = false;
  opener.addEventListener("click", () => sheet.showModal());
  sheet.querySelector("[data-keys-close]").addEventListener("click", () => sheet.close());
  toggle.addEventListener("click", () => {
    try { off() ? localStorage.removeItem("keys") : localStorage.setItem("keys", "off"); } catch { /* not remembered */ }
    paint();
  });
  paint();
}
const step = (by) => {
  const links = [...d.querySelectorAll(".row .row-title a")];
  if (!links.length) return;
  let at = links.indexOf(d.activeElement);
  if (at < 0) at = links.findIndex((one) => one.closest(".row").getAttribute("aria-current"));
  if (at < 0) at = by > 0 ? -1 : links.length;
  links[Math.max(0, Math.min(links.length - 1, at + by))].focus();
};
d.addEventListener("keydown", (e) => {
  if (e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey || e.isComposing) return;
  if (e.target.closest?.("input, textarea, select, [contenteditable], dialog[open]")) return;
  if (e.key === "?" && sheet) { e.preventDefault(); return sheet.open || sheet.showModal(); }
  if (off()) return;
  if (e.key === "j" || e.key === "k") { e.preventDefault(); step(e.key === "j" ? 1 : -1); }
  if (e.key === "/" && opener) {
    e.preventDefault();
    const field = d.getElementById("id_search");
    if (field) field.focus(); else location.assign(opener.dataset.search);
  }
});
})();
