/* The corners of a scene by hand: four dots over the photo, dragged or moved by the arrow keys. They write into the number
   fields below, which work without them. */
(() => {
  "use strict";

  const scene = document.getElementById("scene");
  const frame = document.getElementById("frame");
  if (!scene || !frame) return;
  const wide = Number(scene.dataset.width);
  const high = Number(scene.dataset.height);
  const fields = [1, 2, 3, 4].map((n) => [document.getElementById(`x${n}`), document.getElementById(`y${n}`)]);
  const names = ["Top left", "Top right", "Bottom right", "Bottom left"];
  const bound = (value, most) => Math.min(most, Math.max(0, value));
  const read = ([x, y]) => [bound(Number.parseFloat(x.value) || 0, wide), bound(Number.parseFloat(y.value) || 0, high)];

  const dots = fields.map((_, n) => {
    const dot = document.createElement("button");
    dot.type = "button";
    dot.className = "dot";
    dot.setAttribute("aria-label", `${names[n]} corner`);
    scene.append(dot);
    return dot;
  });

  const draw = () => {
    const points = fields.map(read);
    frame.firstElementChild.setAttribute("points", points.map((p) => p.join(",")).join(" "));
    points.forEach(([x, y], n) => {
      dots[n].style.setProperty("left", `${(x / wide) * 100}%`);
      dots[n].style.setProperty("top", `${(y / high) * 100}%`);
    });
  };

  const place = (n, x, y) => {
    fields[n][0].value = Math.round(bound(x, wide));
    fields[n][1].value = Math.round(bound(y, high));
    draw();
  };

  dots.forEach((dot, n) => {
    dot.addEventListener("pointerdown", (event) => {
      dot.setPointerCapture(event.pointerId);
      const move = (e) => {
        const box = scene.getBoundingClientRect();
        place(n, ((e.clientX - box.left) / box.width) * wide, ((e.clientY - box.top) / box.height) * high);
      };
      const end = () => {
        dot.removeEventListener("pointermove", move);
        dot.removeEventListener("pointerup", end);
        dot.removeEventListener("pointercancel", end);
      };
      dot.addEventListener("pointermove", move);
      dot.addEventListener("pointerup", end);
      dot.addEventListener("pointercancel", end);
    });
    dot.addEventListener("keydown", (event) => {
      const step = event.shiftKey ? Math.round(wide / 40) : Math.max(1, Math.round(wide / 400));
      const way = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key];
      if (!way) return;
      event.preventDefault();
      const [x, y] = read(fields[n]);
      place(n, x + way[0], y + way[1]);
    });
  });
  for (const pair of fields) for (const field of pair) field.addEventListener("input", draw);
  document.getElementById("scene-help").hidden = false;
  frame.removeAttribute("hidden");
  draw();
})();
