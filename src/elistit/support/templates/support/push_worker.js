/* Shows push notifications and opens the page they are about. It handles no requests of pages and keeps nothing. */
"use strict";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("push", (event) => {
  let said = {};
  try {
    said = event.data.json();
  } catch {
    // A push without a message we can read still has to show something: browsers ask for it.
  }
  const shown = self.registration.showNotification(said.title || "Elistit", {
    body: said.body || "",
    tag: said.tag || "elistit",
    data: { path: said.path || "/" },
  });
  const badge = "setAppBadge" in self.navigator && Number.isInteger(said.needing)
    ? (said.needing ? self.navigator.setAppBadge(said.needing) : self.navigator.clearAppBadge()).catch(() => {})
    : null;
  event.waitUntil(Promise.all([shown, badge]));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const wanted = new URL(event.notification.data?.path || "/", self.location.origin);
  const address = wanted.origin === self.location.origin ? wanted.href : self.location.origin;
  event.waitUntil((async () => {
    const open = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
    const same = open.find((page) => page.url === address);
    if (same) return same.focus();
    return self.clients.openWindow(address);
  })());
});
