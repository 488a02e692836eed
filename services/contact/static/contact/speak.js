// Reads a block of the page aloud, in the page's language and with a voice of this device: a voice from elsewhere would
// send the words there. Where there is none, the buttons stay hidden. A student's own words are
// never read; an adult's answer is, to whoever presses its button.
(() => {
const d = document, voices = self.speechSynthesis;
if (!voices) return;
const near = { nb: ["nb", "no", "nn"], nn: ["nn", "nb", "no"] };
const spoken = (one) => one.lang.toLowerCase().replace("_", "-").split("-")[0];
const voice = () => {
  const page = d.documentElement.lang.toLowerCase().split("-")[0];
  const here = voices.getVoices().filter((one) => one.localService);
  for (const lang of near[page] || [page]) { const found = here.find((one) => spoken(one) === lang); if (found) return found; }
};
const show = () => { const hidden = !voice(); for (const b of d.querySelectorAll("[data-speak]")) b.hidden = hidden; };
const hush = () => { voices.cancel(); for (const b of d.querySelectorAll("[data-speak][aria-pressed]")) b.removeAttribute("aria-pressed"); };
d.addEventListener("click", (e) => {
  const button = e.target.closest("[data-speak]");
  if (!button) return;
  const was = button.hasAttribute("aria-pressed");
  hush();
  if (was) return;
  const text = [...button.closest("[data-say]").querySelectorAll("[data-words]")].map((one) => one.textContent.trim()).join(". ");
  const said = new SpeechSynthesisUtterance(text), found = voice();
  if (!found) return;
  said.voice = found; said.lang = found.lang; said.rate = 0.9;
  said.onend = said.onerror = () => button.removeAttribute("aria-pressed");
  button.setAttribute("aria-pressed", "true");
  voices.speak(said);
});
// Who leaves, or covers the page, is not spoken of any longer.
addEventListener("pagehide", hush);
d.addEventListener("visibilitychange", () => { if (d.hidden) hush(); });
d.addEventListener("click", (e) => { if (e.target.closest("[data-exit]")) hush(); }, true);
d.addEventListener("keydown", (e) => { if (e.key === "Escape") hush(); });
voices.addEventListener?.("voiceschanged", show);
show();
})();
