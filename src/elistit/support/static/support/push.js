/* Push notifications on the notifications page: asks the browser, then tells the studio. Without this, or where a browser has no
   push notifications, the page says so and nothing else is missing. */
(() => {
  "use strict";

  const bytes = (text) => {
    const base64 = (text + "=".repeat((4 - (text.length % 4)) % 4)).replace(/-/g, "+").replace(/_/g, "/");
    return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  };
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  document.addEventListener("DOMContentLoaded", () => {
    const form = document.getElementById("push-on");
    const said = document.getElementById("push-said");
    if (!form) return;
    if (!window.isSecureContext || !("serviceWorker" in navigator) || !("PushManager" in window)) {
      said.textContent = window.isSecureContext
        ? "This browser has no push notifications."
        : "Browsers allow push notifications only on https:// addresses.";
      return;
    }
    if (Notification.permission === "denied") {
      said.textContent = "Your browser blocks notifications from this site. Allow them in its settings for this site, then reload this page.";
      return;
    }
    said.textContent = "";
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const button = form.querySelector("button");
      button.disabled = true;
      said.textContent = "";
      try {
        if (await Notification.requestPermission() !== "granted") {
          said.textContent = "You didn't allow notifications, so nothing has changed.";
          return;
        }
        await navigator.serviceWorker.register(form.dataset.worker, { scope: "/" });
        const ready = await navigator.serviceWorker.ready;
        const made = await ready.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(form.dataset.key) });
        const body = new FormData(form);
        body.set("endpoint", made.endpoint);
        body.set("p256dh", text(made.getKey("p256dh")));
        body.set("auth", text(made.getKey("auth")));
        const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
        if (answer.ok) {
          location.reload();
          return;
        }
        said.textContent = answer.status === 422 ? (await answer.json()).error : "That didn't work. Reload the page and turn it on again.";
        await made.unsubscribe();
      } catch {
        said.textContent = "Your browser couldn't reach its push service. Turn it on again in a moment.";
      } finally {
        button.disabled = false;
      }
    });
  });
})();
