/* The gate by keyboard: arrows move between images, K keeps, D drops, R opens the prompt, Enter looks closer, U takes
   the last choice back, A goes to Approve, ? tells the keys. Every key presses a button that is on the page; without this
   file the buttons do the same. */
(() => {
  "use strict";

  const gate = document.getElementById("gate");
  if (!gate) return;
  for (const part of document.querySelectorAll("[data-script]")) part.hidden = false;
  const all = () => [...gate.querySelectorAll("[data-plate]")];
  let current = null;

  /* One image at a time is in the tab order (roving tabindex), so Tab leads to its buttons and then on. */
  const settle = () => {
    const plates = all();
    const here = plates.find((p) => p.dataset.plate === current) || plates[0];
    for (const plate of plates) plate.tabIndex = plate === here ? 0 : -1;
  };

  const columns = (plates) => {
    const top = plates[0].offsetTop;
    const wrap = plates.findIndex((p) => p.offsetTop > top);
    return wrap === -1 ? plates.length : wrap;
  };

  const move = (from, key) => {
    const plates = all();
    const at = plates.indexOf(from);
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns(plates), ArrowUp: -columns(plates) }[key];
    const to = key === "Home" ? 0 : key === "End" ? plates.length - 1 : at + step;
    if (!plates[to]) return;
    current = plates[to].dataset.plate;
    settle();
    plates[to].focus();
    plates[to].scrollIntoView({ block: "nearest" });
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const writing = event.target.closest?.("textarea, input:not(.pick-item), select");
    if (writing) {
      if (event.key === "Escape") {
        const details = event.target.closest("details");
        if (details) {
          details.open = false;
          event.target.closest("[data-plate]").focus();
        }
      }
      return;
    }
    if (press(event)) return;
    const plate = event.target.closest?.("[data-plate]");
    const arrows = ["ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp", "Home", "End"];
    if (arrows.includes(event.key)) {
      /* From a button or a link, left and right lead to the images; up and down still scroll. */
      const scrolls = !["ArrowRight", "ArrowLeft"].includes(event.key);
      if (!plate && scrolls && event.target !== document.body) return;
      event.preventDefault();
      if (plate) move(plate, event.key);
      else {
        const first = all().find((p) => p.tabIndex === 0);
        if (first) first.focus();
      }
      return;
    }
    const button = plate?.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!button) return;
    event.preventDefault();
    button.click();
    if (event.key.toLowerCase() === "r") plate.querySelector("textarea")?.focus();
  });

  gate.addEventListener("focusin", (event) => {
    const plate = event.target.closest("[data-plate]");
    if (plate && plate.dataset.plate !== current) {
      current = plate.dataset.plate;
      settle();
    }
  });

  /* A judged image is replaced by the server's answer; the reader stays where they were. */
  let held = null;
  document.addEventListener("htmx:beforeSwap", (event) => {
    const plate = event.detail.target.closest?.("[data-plate]");
    const inside = plate && plate.contains(document.activeElement);
    const button = document.activeElement?.id;
    held = inside ? { plate: plate.id, button: button && button !== plate.id ? button : null } : null;
  });
  document.addEventListener("htmx:afterSettle", () => {
    settle();
    if (!held) return;
    const again = (held.button && document.getElementById(held.button)) || document.getElementById(held.plate);
    again?.focus({ preventScroll: true });
    held = null;
  });

  /* Keys that are about no single image. A dialog takes the ones it knows and leaves the page alone. */
  const keys = document.getElementById("keys");
  const look = document.getElementById("beside");
  const press = (event) => {
    const key = event.key.toLowerCase();
    if (look.open || keys.open) {
      if (look.open && closer) inside(event, key);
      return true;
    }
    const bar = { "?": "show-keys", u: "undo", a: "approve" }[key];
    if (bar) {
      const button = document.getElementById(bar);
      event.preventDefault();
      if (bar === "approve") button.focus();
      else if (!button.disabled) button.click();
      return true;
    }
    const plate = event.target.matches?.("[data-plate]") ? event.target : null;
    if (plate && key === "enter") {
      event.preventDefault();
      closeUp(plate.dataset.plate);
      return true;
    }
    return false;
  };
  document.getElementById("show-keys").addEventListener("click", () => keys.showModal());

  /* The last choices, so that one can be taken back. A remake is not a choice: it was paid for and made. */
  const choices = [];
  const undo = () => document.getElementById("undo");
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-key='k'], [data-key='d']");
    const plate = button?.closest("[data-plate]");
    if (plate && button.getAttribute("aria-pressed") !== "true" && !("undoing" in button.dataset)) {
      choices.push({ number: plate.dataset.plate, back: plate.classList.contains("dropped") ? "d" : "k" });
    }
    if (event.target.id !== "undo") return;
    const last = choices.pop();
    const back = last && document.querySelector(`#plate-${last.number} [data-key="${last.back}"]`);
    if (!back) return;
    back.dataset.undoing = "";
    document.getElementById(`plate-${last.number}`).focus();
    back.click();
  });

  /* Closer: one image at full size, or up to four side by side, on the ground chosen above. */
  const MOST = 4;
  let beside = [];
  let closer = null;
  let returning = null;
  const show = () => {
    for (const button of gate.querySelectorAll("[data-beside]")) {
      button.hidden = false;
      const chosen = beside.includes(button.closest("[data-plate]").dataset.plate);
      button.setAttribute("aria-pressed", chosen);
      button.classList.toggle("chosen", chosen);
    }
    for (const button of gate.querySelectorAll("[data-versions]")) button.hidden = false;
    /* Both keep their place whether they can be pressed or not: nothing moves under a pointer. */
    const open = document.getElementById("show-beside");
    open.hidden = undo().hidden = false;
    open.disabled = beside.length < 2;
    undo().disabled = !choices.length;
    const many = document.querySelectorAll(".pick-item:checked").length;
    document.getElementById("selected-items").textContent = many === 1 ? "1 image selected" : `${many} images selected`;
  };
  let zoom = 1;
  const zoomed = (to) => {
    zoom = Math.min(4, Math.max(1, to));
    const place = document.getElementById("beside-pictures");
    place.classList.toggle("zoomed", zoom > 1);
    place.style.setProperty("--zoom", zoom);
  };
  const frame = (source, captions) => {
    const figure = document.createElement("figure");
    const caption = document.createElement("figcaption");
    caption.append(...captions);
    figure.append(source, caption);
    return figure;
  };
  const lay = (figures, title, single) => {
    const place = document.getElementById("beside-pictures");
    place.classList.toggle("one", single);
    place.replaceChildren(...figures);
    zoomed(1);
    document.getElementById("beside-title").textContent = title;
    document.getElementById("beside-keys").hidden = !single;
  };
  const draw = (numbers) => {
    const figures = numbers.map((number) => {
      const plate = document.getElementById(`plate-${number}`);
      const ground = plate.querySelector(".checker").cloneNode(true);
      ground.querySelector(".item-picker")?.remove();
      const picture = ground.querySelector("img");
      if (numbers.length === 1 && picture && plate.dataset.full) picture.src = plate.dataset.full;
      return frame(ground, [".caption", ".caption-note.flag"].flatMap((part) => [...plate.querySelectorAll(part)].map((p) => p.cloneNode(true))));
    });
    lay(figures, numbers.length > 1 ? "Side by side" : `Image ${numbers[0]}`, numbers.length === 1);
  };
  /* Every version of one image, each with a button that chooses it. */
  const drawVersions = (number) => {
    const choices_ = [...document.querySelectorAll(`#plate-${number} .version`)];
    const figures = choices_.map((button) => {
      const ground = document.createElement("div");
      ground.className = "checker";
      const picture = document.createElement("img");
      picture.src = button.dataset.large ?? "";
      picture.alt = button.textContent.trim();
      ground.append(picture);
      const keep = document.createElement("button");
      keep.type = "button";
      keep.className = "button narrow";
      keep.textContent = `Keep ${button.textContent.trim().toLowerCase()}`;
      keep.setAttribute("aria-pressed", button.getAttribute("aria-pressed"));
      keep.classList.toggle("chosen", button.classList.contains("chosen"));
      keep.addEventListener("click", () => {
        look.close();
        document.getElementById(button.id)?.click();
      });
      const prompt = document.createElement("p");
      prompt.className = "caption-note";
      prompt.textContent = button.title;
      return frame(ground, [prompt, keep]);
    });
    lay(figures, `Versions of image ${number}`, false);
  };
  const closeUp = (number) => {
    closer = number;
    draw([number]);
    if (!look.open) look.showModal();
  };
  const inside = (event, key) => {
    const plates = all();
    const at = plates.findIndex((p) => p.dataset.plate === closer);
    const step = zoom > 1 ? 0 : { arrowright: 1, arrowdown: 1, arrowleft: -1, arrowup: -1 }[key];
    const closer_ = { "+": zoom + 0.5, "=": zoom + 0.5, "-": zoom - 0.5, 0: 1 }[key];
    if (closer_ !== undefined) zoomed(closer_);
    else if (step && plates[at + step]) closeUp(plates[at + step].dataset.plate);
    else if (key === "k" || key === "d") plates[at].querySelector(`[data-key="${key}"]`)?.click();
    else if (!step) return;
    event.preventDefault();
  };
  look.addEventListener("close", () => {
    const back = closer ? document.getElementById(`plate-${closer}`) : returning && document.getElementById(returning);
    closer = returning = null;
    back?.focus();
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-beside]");
    if (button) {
      const number = button.closest("[data-plate]").dataset.plate;
      beside = beside.includes(number) ? beside.filter((n) => n !== number) : [...beside, number].slice(-MOST);
      show();
    }
    const picture = event.target.closest("#gate .checker img");
    if (picture) closeUp(picture.closest("[data-plate]").dataset.plate);
    const versions = event.target.closest("[data-versions]");
    if (versions) {
      closer = null;
      returning = versions.id;
      drawVersions(versions.closest("[data-plate]").dataset.plate);
      look.showModal();
    }
    if (event.target.id !== "show-beside") return;
    closer = null;
    draw(beside);
    look.showModal();
  });
  document.addEventListener("htmx:afterSettle", () => {
    beside = beside.filter((n) => document.querySelector(`#plate-${n} [data-beside]`));
    show();
    if (look.open && closer) draw([closer]);
  });

  document.addEventListener("change", (event) => { if (event.target.matches?.(".pick-item")) show(); });
  document.addEventListener("reset", (event) => { if (event.target.id === "judge") setTimeout(show, 0); });

  show();
  settle();
})();
