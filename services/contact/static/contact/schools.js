// A long list of schools gets shorter while one types. Without this the button beside the field does it.
(() => {
const d = document, words = d.querySelector("input[name=words]"), none = d.querySelector("[data-none]");
const rows = [...d.querySelectorAll(".choice:has(input[name=school])")];
// A list that has been searched already is not whole: there the button stays.
if (!words || words.value || !none) return;
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
d.querySelector("button[name=find]").hidden = true;
words.addEventListener("input", () => {
  const wanted = plain(words.value).split(/\s+/).filter(Boolean);
  let left = 0;
  for (const row of rows) {
    const fits = wanted.every((word) => plain(row.textContent).includes(word));
    // What is chosen stays in sight, whatever is typed afterwards.
    row.hidden = !fits && !row.querySelector(":checked");
    left += !row.hidden;
  }
  none.hidden = left > 0;
});
})();
