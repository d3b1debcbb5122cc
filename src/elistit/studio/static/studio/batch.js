/* From one review of a batch to the next by keyboard: N the next project, P the previous one. Both are links on the page. */
(() => {
  "use strict";

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target.closest?.("textarea, input, select") || document.querySelector("dialog[open]")) return;
    const id = { n: "next-project", p: "previous-project" }[event.key.toLowerCase()];
    const link = id && document.getElementById(id);
    if (!link) return;
    event.preventDefault();
    link.click();
  });
})();
