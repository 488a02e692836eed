// The code remembered on the student's own phone, when they choose it: sealed with a PIN of theirs, here and nowhere
// else. Leaving fast takes it away with everything that this browser has of us.
(() => {
const d = document, NAME = "kept", TRIES = 5, subtle = window.crypto && crypto.subtle;
const text = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)));
const bytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
let store = null;
try { store = localStorage; store.getItem(NAME); } catch { return; }
if (!subtle) return;
const sealed = () => { try { return JSON.parse(store.getItem(NAME)); } catch { return null; } };
const keyOf = async (pin, salt) => subtle.deriveKey(
  { name: "PBKDF2", hash: "SHA-256", salt, iterations: 600000 },
  await subtle.importKey("raw", new TextEncoder().encode(pin), "PBKDF2", false, ["deriveKey"]),
  { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
const keep = async (code, pin) => {
  const salt = crypto.getRandomValues(new Uint8Array(16)), iv = crypto.getRandomValues(new Uint8Array(12));
  const box = await subtle.encrypt({ name: "AES-GCM", iv }, await keyOf(pin, salt), new TextEncoder().encode(code));
  store.setItem(NAME, JSON.stringify({ salt: text(salt), iv: text(iv), box: text(box), left: TRIES }));
};
const open = async (pin) => {
  const known = sealed();
  if (!known || !(known.left > 0)) return null;
  store.setItem(NAME, JSON.stringify({ ...known, left: known.left - 1 }));
  try {
    const key = await keyOf(pin, bytes(known.salt));
    const code = new TextDecoder().decode(await subtle.decrypt({ name: "AES-GCM", iv: bytes(known.iv) }, key, bytes(known.box)));
    store.setItem(NAME, JSON.stringify({ ...known, left: TRIES }));
    return code;
  } catch { return null; }
};
const say = (form, what) => {
  for (const one of form.querySelectorAll("[data-say]")) one.hidden = one.dataset.say !== what;
  form.querySelector("input").setAttribute("aria-invalid", String(what === "wrong" || what === "short"));
};
const pinOf = (form) => form.querySelector("input").value.trim();
const busy = async (form, act) => {
  const button = form.querySelector("button");
  button.disabled = true;
  try { await act(); } finally { button.disabled = false; }
};

const keeping = d.querySelector("[data-keep-here]");
if (keeping && !sealed()) {
  keeping.hidden = false;
  const form = keeping.querySelector("[data-pin]");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!/^[0-9]{6,12}$/.test(pinOf(form))) return say(form, "short");
    const code = [...d.querySelectorAll("#receipt-code > span")].map((one) => one.textContent).join("");
    busy(form, async () => {
      await keep(code, pinOf(form));
      form.querySelector("input").value = "";
      say(form, "done");
    });
  });
}

const opening = d.querySelector("[data-kept-here]");
if (opening && sealed()) {
  opening.hidden = false;
  const form = opening.querySelector("[data-pin]"), typed = d.querySelector("#id_receipt");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    busy(form, async () => {
      const code = await open(pinOf(form));
      if (code) {
        typed.value = code;
        typed.form.requestSubmit();
      } else if (!(sealed() && sealed().left > 0)) {
        store.removeItem(NAME);
        say(form, "gone");
      } else say(form, "wrong");
    });
  });
  opening.querySelector("[data-forget]").addEventListener("click", () => {
    store.removeItem(NAME);
    opening.hidden = true;
    typed.focus();
  });
}
})();
