/* What the pages do beyond HTML: local times and countdowns, copying, saying progress aloud, guarding a second press.
   Nothing here is needed to see a price, launch, approve, delete or download. */
(() => {
  "use strict";

  const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
  const whole = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
  const exact = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

  const localise = (root) => {
    for (const zone of root.querySelectorAll("select[data-zone]")) {
      const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
      if ([...zone.options].some((option) => option.value === own)) zone.value = own;
      zone.removeAttribute("data-zone");
    }
    for (const time of root.querySelectorAll("time[data-local]")) {
      time.title = time.textContent;
      time.textContent = ({ day, seconds: exact }[time.dataset.local] ?? whole).format(new Date(time.dateTime));
      time.removeAttribute("data-local");
    }
    for (const button of root.querySelectorAll("[data-copy]")) button.hidden = !navigator.clipboard;
    tick(root);
  };

  const tick = (root) => {
    for (const time of root.querySelectorAll("time[data-countdown]")) {
      const left = Math.ceil((new Date(time.dateTime) - Date.now()) / 1000);
      // A time that is well past belongs to history, not to a countdown.
      time.textContent = left > 0 ? `in ${left} s` : left > -5 ? "now" : exact.format(new Date(time.dateTime));
    }
  };

  /* Progress is announced by one quiet region outside the part that is replaced, and only when it says something new. */
  const said = () => document.getElementById("said");
  const say = (root) => {
    const voice = root.matches?.("[data-say]") ? root : root.querySelector("[data-say]");
    if (voice && said() && said().textContent !== voice.dataset.say) said().textContent = voice.dataset.say;
  };

  const price = () => {
    const quote = document.getElementById("quote");
    const button = document.getElementById("launch-button");
    if (!quote || !button || !quote.dataset.launch) return;
    button.textContent = quote.dataset.launch;
    button.disabled = "short" in quote.dataset;
    const bar = document.getElementById("bar-launch");
    if (!bar) return;
    document.getElementById("bar-total").textContent = quote.dataset.total ?? "–";
    bar.disabled = button.disabled;
  };

  /* The bar with the price and Launch on a phone makes way for the button it stands for. */
  document.addEventListener("DOMContentLoaded", () => {
    const bar = document.querySelector("[data-bar]");
    const button = document.getElementById("launch-button");
    if (!bar || !button) return;
    new IntersectionObserver(([seen]) => bar.classList.toggle("away", seen.isIntersecting)).observe(button);
  });

  document.addEventListener("DOMContentLoaded", () => {
    localise(document);
    document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
    setInterval(() => tick(document), 1000);
  });

  /* A new price that arrives between pressing Launch and releasing it would move the button away, and the press would be
     lost. It is requested again after the release, unless the form was sent. */
  let pressed = false;
  let skipped = false;
  const release = () => setTimeout(() => {
    pressed = false;
    const form = document.getElementById("launch");
    if (skipped && form && !form.hasAttribute("data-sent")) window.htmx?.trigger(form, "input");
    skipped = false;
  }, 0);
  document.addEventListener("pointerdown", (event) => { pressed = Boolean(event.target.closest?.("#launch-button, #bar-launch")); });
  document.addEventListener("pointerup", release);
  document.addEventListener("pointercancel", release);
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (!pressed || event.detail.requestConfig.elt.id !== "launch") return;
    event.detail.shouldSwap = false;
    skipped = true;
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    localise(document);
    price();
    say(document.getElementById("live") || document.getElementById("gate-totals") || event.detail.elt);
  });

  /* A live part listens for “something moved” and then asks for itself. While the stream stands, its own asking every
     two seconds is skipped, except now and then; without a stream it continues as before. A page in the background lets its
     stream go, since browsers allow only a few to one place. */
  let stream = null;
  let streaming = false;
  let asked = 0;
  const refresh = () => {
    asked = Date.now();
    for (const part of document.querySelectorAll("[data-live]")) window.htmx?.trigger(part, "moved");
  };
  const listen = () => {
    const wanted = document.hidden ? null : document.querySelector("[data-events]")?.dataset.events;
    if (!wanted) {
      stream?.close();
      stream = null;
      streaming = false;
    } else if (!stream && window.EventSource) {
      stream = new EventSource(wanted);
      stream.addEventListener("open", () => { streaming = true; });
      stream.addEventListener("moved", refresh);
      stream.addEventListener("error", () => {
        streaming = false;
        if (stream?.readyState === EventSource.CLOSED) stream = null;
      });
    }
  };
  document.addEventListener("visibilitychange", () => {
    listen();
    if (!document.hidden) refresh();
  });
  document.addEventListener("DOMContentLoaded", listen);
  document.addEventListener("htmx:afterSettle", listen);
  document.addEventListener("htmx:beforeRequest", (event) => {
    const part = event.detail.elt;
    if (!part.matches("[data-live]") || event.detail.requestConfig.triggeringEvent?.type === "moved") return;
    if (streaming && Date.now() - asked < 20000) event.preventDefault();
    else asked = Date.now();
  });

  /* “Retrying the draft” is true while a part of the page still asks for itself. When none does, the work has ended, and
     the page says how. */
  const endWorking = () => {
    if (document.querySelector('main [hx-trigger^="every "]')) return;
    for (const notice of document.querySelectorAll("[data-working]")) notice.remove();
  };
  document.addEventListener("DOMContentLoaded", endWorking);
  document.addEventListener("htmx:afterSettle", endWorking);

  document.addEventListener("click", (event) => {
    const target = event.target.closest('a[href^="#"]')?.hash;
    const details = target && document.querySelector(`details${target}`);
    if (details) details.open = true;
  });

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const text = document.getElementById(button.dataset.copy).textContent.trim();
    const before = button.textContent;
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
    } catch {
      button.textContent = "Could not copy";
    }
    setTimeout(() => (button.textContent = before), 2000);
  });

  /* Chosen images are sent at once; without this the button beside them does it. Choosing them changes no price, and the
     form's own listener would send the order where the images go. A subject of the storyboard is taken with its own button:
     an answer that came while it was typed would replace the field under the fingers. */
  document.addEventListener("input", (event) => {
    if (event.target.id === "pictures" || event.target.closest?.("#storyboard")) event.stopPropagation();
  }, true);
  document.addEventListener("change", (event) => {
    if (event.target.id === "pictures" && event.target.files.length) document.getElementById("add-pictures").click();
  });

  /* How many projects are selected, said aloud; the boxes and the actions work without this. */
  const picks = () => [...document.querySelectorAll(".pick")];
  const picked = () => {
    const count = document.getElementById("picked");
    if (!count) return;
    const number = picks().filter((box) => box.checked).length;
    count.textContent = number === 1 ? "1 project selected" : `${number} projects selected`;
    const every = document.getElementById("pick-all");
    every.hidden = number === picks().length;
  };
  document.addEventListener("change", (event) => { if (event.target.matches?.(".pick")) picked(); });
  document.addEventListener("reset", (event) => { if (event.target.id === "bulk") setTimeout(picked, 0); });
  document.addEventListener("click", (event) => {
    if (event.target.id !== "pick-all") return;
    for (const box of picks()) box.checked = true;
    picked();
  });
  document.addEventListener("DOMContentLoaded", picked);
  window.addEventListener("pageshow", picked);

  /* The server makes two presses one act; this only keeps an impatient second press from looking like one. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.hasAttribute("data-sent") || event.defaultPrevented) return;
    if (form.hasAttribute("hx-post") && form.id !== "launch") return;
    // A download leaves the page where it is: its button may be pressed again.
    if (event.submitter?.hasAttribute("data-download")) return;
    form.setAttribute("data-sent", "");
    if (event.submitter?.dataset.busy) {
      event.submitter.textContent = event.submitter.dataset.busy;
      if (said()) said().textContent = event.submitter.dataset.busy;
    }
    setTimeout(() => {
      for (const button of form.querySelectorAll("button")) button.disabled = true;
    }, 0);
  });
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const form of document.querySelectorAll("form[data-sent]")) {
      form.removeAttribute("data-sent");
      for (const button of form.querySelectorAll("button")) button.disabled = false;
    }
  });
})();
