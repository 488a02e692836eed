// What is sent from a page is still in the page until it is known to have arrived. A network that is away, a server that
// is away, somebody else's page in between: the words stay, the page says so, and the same words under the same key go
// out again while it is open. The server does one key once. Nothing is stored on the device.
// Forms with data-send. Where a page says so (data-stays), its other forms are sent from it as well, and what stands unsent
// in one form stays when another is sent. Without JavaScript: ordinary forms.
(() => {
const d = document, WAITS = [5, 10, 20, 30, 60], PATIENCE = 20000, HELD = 8000, HELD_BACK = 60;
// The last page asks a sum of the browser, beside the page: who has no time for it, or no script, is heard as well.
const own = { createScriptURL: (url) => { if (new URL(url, location).origin !== location.origin) throw url; return url; } };
const policy = self.trustedTypes?.createPolicy("work", own) ?? own;
const think = () => {
  const field = d.querySelector("[data-challenge]");
  if (!field || field.dataset.begun || !self.Worker) return;
  field.dataset.begun = 1;
  const worker = new Worker(policy.createScriptURL(field.dataset.with));
  worker.onmessage = (e) => { field.value = e.data; worker.terminate(); };
  worker.postMessage(JSON.parse(field.dataset.challenge));
};
think();
// A file is chosen by our own button, and named in the page's own words; without this the browser's own stands there.
const ourButton = () => { for (const one of d.querySelectorAll("[data-file] > label, [data-file] > output")) one.hidden = false; };
ourButton();
new MutationObserver(() => { think(); ourButton(); }).observe(d.documentElement, { childList: true });
d.addEventListener("change", (e) => {
  const said = e.target.closest("[data-file]")?.querySelector("output");
  if (said) said.value = [...e.target.files].map((file) => file.name).join(", ") || said.dataset.none;
});
let now = null; // what is being sent: { form, stop }
// Each form says in its own place what has not arrived; only one is on its way at a time.
const box = (form = now?.form) => form?.querySelector("[data-unsent]");
// What the house reads at most of one file and of all together (kernel.uploads): told before anything goes out.
const MOST = 8e6, TOGETHER = 16e6;
const exceeds = (words) => {
  const sizes = [...words.values()].map((one) => one.size || 0);
  return Math.max(0, ...sizes) > MOST || sizes.reduce((sum, size) => sum + size, 0) > TOGETHER;
};
const large = (form, still) => {
  const note = form.querySelector("[data-large]");
  note.hidden = still;
  if (!still) note.focus();
};
// Who leads away while words are not sent is asked once by the browser before they are gone. Never who leaves fast (the
// page is covered by then) or calls a number.
let calls = -Infinity;
const warn = (e) => { if (now && box()?.isConnected && !box().hidden && performance.now() - calls > 2000) e.preventDefault(); };
// What stands in the page's other forms, and is not sent with this one. Found again by its place's id; words whose place
// is gone stand in the form for writing.
const WRITTEN = "textarea, input[type=text], input[type=email], input[type=tel]", WRITING = "id_text";
const others = (form) => [...d.querySelectorAll("#main form")].filter((one) => one !== form && d.querySelector("[data-stays]"))
  .flatMap((one) => [...one.elements]).filter((one) => one.id && (one.files ? one.files.length : one.matches(WRITTEN) && one.value.trim()));
const giveBack = (kept) => {
  for (const { id, value, files, tagName } of kept) {
    const place = d.getElementById(id) || (tagName === "TEXTAREA" && d.getElementById(WRITING));
    if (!place) continue;
    if (files) { place.files = files; place.dispatchEvent(new Event("change", { bubbles: true })); }
    else if (!place.value.includes(value)) place.value = [place.value, value].filter((one) => one.trim()).join("\n\n");
    const around = place.closest("details");
    if (around) around.open = true;
  }
};
const ask = (e) => { if (!d.querySelector("body > .gone")) e.preventDefault(); };
const lay = (form, page) => {
  if (d.querySelector("body > .gone")) return; // who left fast is not called back
  const kept = others(form);
  if (!form.dispatchEvent(new CustomEvent("answered", { bubbles: true, cancelable: true, detail: page }))) return;
  for (const name of ["lang", "dir"]) d.documentElement.setAttribute(name, page.documentElement.getAttribute(name));
  d.body.replaceWith(d.adoptNode(page.body));
  giveBack(kept);
  scrollTo({ top: 0, behavior: "instant" });
  (d.querySelector("[data-focus]") || d.getElementById("main")).focus({ preventScroll: true });
};
// Another form of the page, sent while something else stands there unsent: from here, as the browser would. An answer
// without a place for the words is not shown: they stay, and the page says that it did not work.
const beside = (form, words, by) => {
  const action = by?.hasAttribute("formaction") ? by.formAction : form.action;
  const ask = new XMLHttpRequest(), place = new URL(action).pathname.split("/").filter(Boolean).pop();
  const fail = () => { const note = d.querySelector("[data-stays]"); rest(form); if (note) { note.hidden = false; note.focus(); } };
  ask.open("POST", action);
  ask.responseType = "document";
  ask.timeout = PATIENCE;
  ask.onload = () => {
    if (ask.response?.querySelector("[data-moved]")) { form.action = action; return openMoved(form, words); }
    if (!ask.response?.getElementById(WRITING)) return fail();
    lay(form, ask.response);
    if (!d.querySelector("[data-focus]")) d.getElementById(place)?.scrollIntoView({ behavior: "instant" });
  };
  ask.onerror = ask.ontimeout = fail;
  ask.send(form.enctype === "multipart/form-data" ? words : new URLSearchParams(words));
};
// The address has ended, and the page that says so leads to another host: this page's policy would not let it. The browser
// sends the form itself, and opens that page.
const openMoved = (form, words) => {
  for (const [name, value] of words) {
    if (typeof value !== "string" || [...form.elements].some((one) => one.name === name && one.type !== "submit")) continue;
    form.append(Object.assign(d.createElement("input"), { type: "hidden", name, value }));
  }
  HTMLFormElement.prototype.submit.call(form);
};
const freeze = (form, still) => { for (const one of form.elements) if ("readOnly" in one) one.readOnly = still; };
const rest = (form) => {
  delete form.dataset.sent;
  for (const one of d.querySelectorAll("[aria-busy]")) one.removeAttribute("aria-busy");
};
const send = (form, words) => {
  const body = form.enctype === "multipart/form-data" ? words : new URLSearchParams(words);
  const next = box(form).querySelector("[data-next]");
  let tries = 0, clock, ask;
  const over = () => { clearInterval(clock); ask.onload = ask.onerror = ask.ontimeout = null; ask.abort(); removeEventListener("online", attempt); removeEventListener("beforeunload", warn); };
  const later = (_e, wait) => {
    let left = wait ?? WAITS[Math.min(tries++, WAITS.length - 1)];
    const say = () => { next.textContent = next.dataset.says.replace("#", left); };
    if (box(form).hidden) { box(form).hidden = false; box(form).focus(); addEventListener("beforeunload", warn); }
    rest(form);
    say();
    clearInterval(clock);
    clock = setInterval(() => { left -= 1; if (left > 0) say(); else attempt(); }, 1000);
  };
  const answered = () => {
    const page = ask.response, { status, responseURL } = ask; // gone once it is over
    // Too large stays too large, whoever says so and in whatever words: the form is given back, and nothing is tried again.
    if (status === 413) { now.stop(); return large(form, false); }
    // Only a page of ours says that something has arrived: a school's network answers 200 as well.
    if (status >= 500 || status === 408 || status === 429 || !page?.querySelector("body.student #main")) return later();
    if (page.querySelector("[data-moved]")) { now = null; over(); return openMoved(form, words); }
    if (form.id === "journey" && page.getElementById("receipt-code")) return receipt(page);
    now = null;
    over();
    // A message that was sent leads back to the conversation; that page is opened as after any other send.
    if (status === 200 && /\/(conversation|receipt)\/(\?.*)?$/.test(responseURL) && !others(form).length) return location.assign(responseURL);
    lay(form, page);
  };
  // The knock is accepted. Sent once more by the browser itself, so that the receipt can be asked for again by a reload;
  // the key gives the same one. Should that hang, the receipt that came already is laid here.
  const receipt = (page) => {
    now = null;
    over();
    HTMLFormElement.prototype.submit.call(form);
    setTimeout(() => { stop(); lay(form, page); }, HELD);
  };
  const attempt = () => {
    if (ask && ask.readyState !== 4) return;
    clearInterval(clock);
    next.textContent = next.dataset.now;
    ask = new XMLHttpRequest();
    ask.open("POST", form.action);
    ask.responseType = "document";
    ask.timeout = PATIENCE;
    // A picture may take its time on a slow line: patience begins anew while some of it still goes out.
    const began = performance.now(), sending = ask;
    ask.upload.onprogress = () => { sending.timeout = performance.now() - began + PATIENCE; };
    ask.onload = answered;
    ask.onerror = ask.ontimeout = later;
    ask.send(body);
  };
  addEventListener("online", attempt);
  freeze(form, true);
  // Another form leads away, unless the browser's question keeps us here: nothing goes out meanwhile.
  const hold = () => { ask.onload = ask.onerror = ask.ontimeout = null; ask.abort(); later(null, HELD_BACK); };
  now = { form, attempt, hold, stop: () => { now = null; over(); freeze(form, false); rest(form); box(form).hidden = true; } };
  attempt();
};
d.addEventListener("submit", (e) => {
  const form = e.target, by = e.submitter;
  const words = new FormData(form);
  if (by?.name) words.append(by.name, by.value);
  const sends = form.matches("[data-send]") && !by?.hasAttribute("formaction") && box(form) && (!now || now.form === form) && !words.get("go") && !words.get("speak");
  // Something else was pressed: nothing goes out behind it.
  if (now && !sends) form === now.form || box().hidden ? now.stop() : now.hold();
  if (e.defaultPrevented) return;
  // Who closes the conversation on this device leaves nothing in it. A form that gives a file or another page (data-apart)
  // is the browser's; before another page it asks.
  if (!sends && form.method === "post" && words.get("act") !== "leave" && others(form).length) {
    if (by?.matches("[data-leads-away]")) { addEventListener("beforeunload", ask); setTimeout(() => removeEventListener("beforeunload", ask), 2000); }
    if (!form.matches("[data-apart]")) { e.preventDefault(); return beside(form, words, by); }
  }
  if (!sends) return;
  e.preventDefault();
  large(form, true);
  if (!now && exceeds(words)) { setTimeout(() => rest(form)); return large(form, false); }
  if (now) now.attempt();
  else send(form, words);
});
d.addEventListener("click", (e) => {
  if (e.target.closest("a[href^='tel:'], a[href^='sms:']")) calls = performance.now();
  if (!now) return;
  if (e.target.closest("[data-try]")) now.attempt();
  if (e.target.closest("[data-stop]")) { const { form } = now; now.stop(); form.querySelector("textarea, [type=submit]").focus(); }
});
})();
