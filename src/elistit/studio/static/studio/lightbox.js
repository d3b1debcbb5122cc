/* A larger look at any image of a page: [data-zoom] names the address of the large one. Esc closes, the arrows go to the images
   before and after, + and − zoom, 0 shows the whole image again. The dialog keeps the focus and gives it back. */
(() => {
  "use strict";

  const MOST = 6;
  const marks = () => [...document.querySelectorAll("[data-zoom]")];
  const reveal = () => { for (const mark of marks()) mark.hidden = false; };
  let box = null;
  let at = 0;
  let zoom = 1;

  const button = (words, act, label) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "button narrow";
    made.textContent = words;
    if (label) made.setAttribute("aria-label", label);
    made.addEventListener("click", act);
    return made;
  };
  const build = () => {
    box = document.createElement("dialog");
    box.id = "lightbox";
    box.className = "lightbox";
    box.setAttribute("aria-labelledby", "lightbox-title");
    const title = document.createElement("h2");
    title.id = "lightbox-title";
    const bar = document.createElement("div");
    bar.className = "row";
    bar.append(
      title,
      button("←", () => go(-1), "Previous image"),
      button("→", () => go(1), "Next image"),
      button("−", () => scale(zoom / 1.5), "Zoom out"),
      button("+", () => scale(zoom * 1.5), "Zoom in"),
      button("Close", () => box.close()),
    );
    const place = document.createElement("div");
    place.className = "lightbox-place";
    place.tabIndex = 0;
    place.setAttribute("role", "group");
    place.setAttribute("aria-label", "Image");
    place.append(document.createElement("img"));
    box.append(bar, place);
    box.addEventListener("click", (event) => { if (event.target === box) box.close(); });
    box.addEventListener("keydown", press);
    document.body.append(box);
  };
  const scale = (to) => {
    zoom = Math.min(MOST, Math.max(1, to));
    const picture = box.querySelector("img");
    picture.style.setProperty("--zoom", zoom);
    picture.classList.toggle("zoomed", zoom > 1);
    box.dataset.zoomed = zoom.toFixed(2);
  };
  const show = () => {
    const mark = marks()[at];
    const picture = box.querySelector("img");
    picture.src = mark.dataset.zoom;
    picture.alt = mark.dataset.caption ?? "";
    box.querySelector("h2").textContent = mark.dataset.caption || "Image";
    const few = marks().length < 2;
    for (const arrow of box.querySelectorAll(".row .button")) if ("←→".includes(arrow.textContent)) arrow.hidden = few;
    scale(1);
  };
  const go = (step) => {
    at = (at + step + marks().length) % marks().length;
    show();
  };
  const press = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = {
      ArrowRight: () => go(1), ArrowLeft: () => go(-1), "+": () => scale(zoom * 1.5), "=": () => scale(zoom * 1.5),
      "-": () => scale(zoom / 1.5), 0: () => scale(1),
    }[event.key];
    // Zoomed in, the arrows move over the image.
    if (!act || (zoom > 1 && event.key.startsWith("Arrow"))) return;
    event.preventDefault();
    act();
  };
  document.addEventListener("click", (event) => {
    const mark = event.target.closest?.("[data-zoom]");
    if (!mark || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (!box) build();
    at = marks().indexOf(mark);
    show();
    box.showModal();
    // A part of the page may have been replaced meanwhile: the same image has the same address.
    const address = mark.dataset.zoom;
    box.addEventListener("close", () => {
      const back = mark.isConnected ? mark : marks().find((m) => m.dataset.zoom === address);
      back?.focus();
    }, { once: true });
  });
  document.addEventListener("DOMContentLoaded", reveal);
  document.addEventListener("htmx:afterSwap", reveal);
})();
