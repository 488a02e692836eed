// A worker: finds the number of a challenge (docs/how/abuse.md). Beside the page, so that nothing waits for it.
const bytes = (hex) => Uint8Array.from(hex.match(/../g) || [], (two) => parseInt(two, 16));
const hex = (key) => Array.from(key, (one) => one.toString(16).padStart(2, "0")).join("");
onmessage = async ({ data: challenge }) => {
  const { salt, nonce, keyPrefix } = challenge.parameters, wanted = bytes(keyPrefix);
  const start = bytes(salt + nonce), all = new Uint8Array(start.length + 4), view = new DataView(all.buffer);
  all.set(start);
  for (let counter = 0; counter < 1e6; counter += 1) {
    view.setUint32(start.length, counter);
    const key = new Uint8Array(await crypto.subtle.digest("SHA-256", all));
    if (wanted.every((one, at) => key[at] === one)) {
      return postMessage(btoa(JSON.stringify({ challenge, solution: { counter, derivedKey: hex(key) } })));
    }
  }
};
