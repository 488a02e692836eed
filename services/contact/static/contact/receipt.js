// What a phone or a computer can do with the code: share it, keep it as a picture, print it. All of it happens here:
// nothing leaves the device but by the student's own hand. Without JavaScript the code stands there to be written down.
(() => {
const d = document;
const groups = [...d.querySelectorAll("#receipt-code > span")].map((one) => one.textContent);
const offer = (what, act) => {
  const button = d.querySelector(`[data-${what}]`);
  button.hidden = false;
  button.addEventListener("click", () => act(button));
};
const picture = (label) => {
  const canvas = d.createElement("canvas");
  canvas.width = 900;
  canvas.height = 640;
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fbf8f2";
  pen.fillRect(0, 0, 900, 640);
  pen.fillStyle = "#20242b";
  pen.textAlign = "center";
  pen.font = "36px system-ui, sans-serif";
  pen.fillText(label, 450, 90, 840);
  pen.fillText(`${location.host}/receipt/`, 450, 590, 840);
  pen.font = "700 84px ui-monospace, monospace";
  for (let n = 0; n < groups.length; n += 2) pen.fillText(groups.slice(n, n + 2).join(""), 450, 220 + n * 60, 840);
  return canvas;
};
if (navigator.share) {
  offer("share", () => navigator.share({ text: `${groups.join("")}\n${location.origin}/receipt/` }).catch(() => {}));
}
offer("print", () => print());
offer("save", (button) => picture(button.dataset.save).toBlob((blob) => {
  const link = d.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = "code.png";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 9000);
}));
// Reloading this page knocks the same knock again; going back to it later asks for the code.
d.addEventListener("submit", (event) => event.target.matches("[data-pin]") || history.replaceState(0, "", "/receipt/"));
})();
