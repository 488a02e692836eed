// Passkeys: asks the browser, puts the answer in the form, sends the form. Without JavaScript the forms stay hidden.
(() => {
  "use strict";
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  // The server's options hold bytes as base64url text; the browser wants bytes.
  function read(options) {
    const key = { ...options.publicKey };
    key.challenge = bytes(key.challenge);
    if (key.user) key.user = { ...key.user, id: bytes(key.user.id) };
    for (const list of ["allowCredentials", "excludeCredentials"]) {
      if (key[list]) key[list] = key[list].map((one) => ({ ...one, id: bytes(one.id) }));
    }
    return { publicKey: key };
  }

  function write(credential) {
    const answer = { clientDataJSON: text(credential.response.clientDataJSON) };
    for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[part]) answer[part] = text(credential.response[part]);
    }
    return JSON.stringify({
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      clientExtensionResults: credential.getClientExtensionResults(),
      response: answer,
    });
  }

  async function options(form) {
    if (form.dataset.options) return read(JSON.parse(form.dataset.options));
    const response = await fetch(form.dataset.optionsUrl, { headers: { Accept: "application/json" } });
    return read((await response.json()).request_options);
  }

  async function ask(form) {
    const failed = form.querySelector("[data-passkey-failed]");
    if (failed) failed.hidden = true;
    try {
      const wanted = await options(form);
      const found = form.dataset.passkey === "create"
        ? await navigator.credentials.create(wanted)
        : await navigator.credentials.get(wanted);
      form.elements.credential.value = write(found);
      form.submit();
    } catch {
      if (failed) failed.hidden = false;
    }
  }

  const can = "credentials" in navigator && "PublicKeyCredential" in window;
  for (const form of document.querySelectorAll("[data-passkey]")) {
    form.hidden = !can;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      ask(form);
    });
  }
  for (const none of document.querySelectorAll("[data-passkey-none]")) none.hidden = can;
})();
