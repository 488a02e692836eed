// The page for when there is no network: one language at a time, and the page that was asked for as soon as there is.
(() => {
const d = document, parts = [...d.querySelectorAll("[data-language]")], links = d.querySelectorAll("[data-say]");
const found = (code) => parts.find((part) => part.lang === code);
const show = ({ lang, dir }) => {
  for (const one of parts) one.hidden = one.lang !== lang;
  for (const link of links) link.dataset.say === lang ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current");
  d.documentElement.lang = lang;
  d.documentElement.dir = dir;
};
const near = { no: "nb" };
const wanted = navigator.languages.flatMap((one) => [one, one.split("-")[0], near[one.split("-")[0]]]);
show(wanted.map(found).find(Boolean) || parts[0]);
for (const link of links) link.addEventListener("click", (e) => { e.preventDefault(); show(found(link.dataset.say)); });
if (location.pathname === "/offline/") for (const link of d.querySelectorAll("[data-again]")) link.href = "/";
else {
  // A phone may say that it is in a network long before anything is reached by it: asked of a file of ours.
  const look = () => fetch("/manifest.webmanifest", { cache: "no-store" }).then((answer) => answer.ok && location.reload(), () => {});
  addEventListener("online", look);
  setInterval(look, 10000);
}
})();
