// Shows at once what the server shows anyway: the address while it is typed, the door in the colour that is tried on,
// how far the building is. (Without JavaScript that page loads itself again.)
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
  const building = document.querySelector("[data-look-again]");
  if (building) lookAgain(building);

  // Puts the fresh list in the place of the old one, so that focus and reading stay where they are; once the portal
  // stands the answer is another page, and we go there. No network: the next look may do better.
  function lookAgain(list) {
    const pause = Number(list.dataset.lookAgain);
    const look = new XMLHttpRequest(); // it reads a page as a document, which Trusted Types ask of nobody else
    look.responseType = "document";
    look.onload = () => {
      if (look.responseURL !== location.href) return location.replace(look.responseURL);
      const fresh = look.response?.querySelector("[data-look-again]");
      if (fresh && fresh.textContent !== list.textContent) list.replaceChildren(...fresh.childNodes);
    };
    look.onloadend = () => lookAgain(list);
    setTimeout(() => {
      look.open("GET", location.href);
      look.send();
    }, pause);
  }
})();
