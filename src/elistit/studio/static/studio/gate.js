/* The gate by keyboard: arrows move between pictures, K keeps, D drops, R opens the prompt.
   Every key presses a button that is on the page; without this file the buttons do the same. */
(() => {
  "use strict";

  const gate = document.getElementById("gate");
  if (!gate) return;
  document.getElementById("gate-keys").hidden = false;
  const all = () => [...gate.querySelectorAll("[data-plate]")];
  let current = null;

  /* One picture at a time is in the tab order (roving tabindex), so Tab leads to its buttons and then on. */
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
    const writing = event.target.closest?.("textarea, input, select");
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
    const plate = event.target.closest?.("[data-plate]");
    const arrows = ["ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp", "Home", "End"];
    if (arrows.includes(event.key)) {
      if (!plate && event.target !== document.body) return;
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

  /* A judged picture is replaced by the server's answer; the reader stays where they were. */
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

  /* Side by side: up to four pictures, large, on the ground chosen above. */
  const MOST = 4;
  let beside = [];
  const show = () => {
    for (const button of gate.querySelectorAll("[data-beside]")) {
      button.hidden = false;
      const chosen = beside.includes(button.closest("[data-plate]").dataset.plate);
      button.setAttribute("aria-pressed", chosen);
      button.classList.toggle("chosen", chosen);
    }
    const open = document.getElementById("show-beside");
    open.hidden = beside.length < 2;
    open.textContent = `Side by side (${beside.length})`;
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-beside]");
    if (button) {
      const number = button.closest("[data-plate]").dataset.plate;
      beside = beside.includes(number) ? beside.filter((n) => n !== number) : [...beside, number].slice(-MOST);
      show();
    }
    if (event.target.id !== "show-beside") return;
    const place = document.getElementById("beside-pictures");
    place.replaceChildren(...beside.map((number) => {
      const plate = document.getElementById(`plate-${number}`);
      const figure = document.createElement("figure");
      figure.append(plate.querySelector(".checker").cloneNode(true), plate.querySelector(".caption").cloneNode(true));
      return figure;
    }));
    document.getElementById("beside").showModal();
  });
  document.addEventListener("htmx:afterSettle", () => {
    beside = beside.filter((n) => document.querySelector(`#plate-${n} [data-beside]`));
    show();
  });

  show();
  settle();
})();
