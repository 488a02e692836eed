// A long list to choose from gets shorter while one types. Without this the button beside the field does it.
(() => {
const d = document, box = d.querySelector("[data-narrow]"), list = box && d.getElementById(box.dataset.narrow);
const words = box?.querySelector("input[type=search]");
// A list that has been searched already is not whole: there the button stays.
if (!list || !words || words.value) return;
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
// What the list leaves out until it is looked for.
const rest = [...(box.querySelector("template[data-rest]")?.content.querySelectorAll("optgroup") ?? [])];
const near = [...list.querySelectorAll("optgroup")].map((group) => [group, [...group.children]]);
const groups = [...near, ...rest.map((group) => [group, [...group.children]])];
const none = box.querySelector("[data-none]");
box.querySelector("button[name=find]").hidden = true;
// Return would press the first button of the form.
words.addEventListener("keydown", (e) => { if (e.key === "Enter") { e.preventDefault(); list.focus(); } });
words.addEventListener("input", () => {
  const wanted = plain(words.value).split(/\s+/).filter(Boolean), first = list.options[0], chosen = list.value;
  let left = 0;
  // Taken out, not hidden: an option that is hidden stays in sight on some phones. What is chosen stays.
  const kept = groups.map(([group, options]) => {
    const isFar = rest.includes(group) && !wanted.length;
    const fits = options.filter((one) => !isFar && wanted.every((word) => plain(one.label).includes(word)));
    left += fits.length;
    const shown = options.filter((one) => fits.includes(one) || one.value === chosen);
    group.replaceChildren(...shown);
    return shown.length ? group : null;
  });
  list.replaceChildren(first, ...kept.filter(Boolean));
  list.value = chosen;  // a list that is emptied chooses another by itself
  none.hidden = left > 0;
});
})();
