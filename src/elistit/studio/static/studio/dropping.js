/* Images dropped on the form or pasted into the page are added as if they had been chosen. */
(() => {
  "use strict";

  const field = () => document.querySelector("[data-drop]");
  const add = (files) => {
    const input = document.getElementById("pictures");
    const images = [...files].filter((file) => file.type.startsWith("image/"));
    if (!input || !images.length) return false;
    const given = new DataTransfer();
    for (const file of images) given.items.add(file);
    input.files = given.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
    return true;
  };
  const carries = (event) => field() && [...(event.dataTransfer?.types ?? [])].includes("Files");
  document.addEventListener("DOMContentLoaded", () => {
    if (field()) for (const part of field().querySelectorAll("[data-script]")) part.hidden = false;
  });
  /* A file that misses the field would make the browser leave the page. */
  for (const name of ["dragenter", "dragover"]) {
    document.addEventListener(name, (event) => {
      if (!carries(event)) return;
      event.preventDefault();
      field().classList.add("dropping");
    });
  }
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) field()?.classList.remove("dropping"); });
  document.addEventListener("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    field().classList.remove("dropping");
    add(event.dataTransfer.files);
  });
  document.addEventListener("paste", (event) => {
    if (field() && event.clipboardData?.files.length && add(event.clipboardData.files)) event.preventDefault();
  });
})();
