// Shows at once what the server shows anyway: the address while it is typed, the door in the colour that is tried on.
(() => {
  const host = document.querySelector("[data-host-preview]");
  const slug = document.getElementById("id_slug");
  if (host && slug) {
    slug.addEventListener("input", () => {
      host.textContent = (slug.value.trim().toLowerCase() || "…") + host.dataset.ending;
    });
  }
  const sheet = document.getElementById("tried-on");
  const colour = document.getElementById("id_brand");
  if (sheet && colour) {
    colour.addEventListener("change", () => {
      if (/^#[0-9a-f]{6}$/i.test(colour.value)) {
        sheet.setAttribute("href", `/start/theme.${colour.value.slice(1).toLowerCase()}.css`);
      }
    });
  }
})();
