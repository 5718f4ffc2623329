// A queue follows its live counter: when the number of what waits is no longer the one the list was made with, the list
// is got again from its own address and put in place of the old one. The focus stays on the same line or tab.

import { say } from "./voice.js";

let asked;

async function refresh(list) {
  asked?.abort();
  const request = new AbortController();
  asked = request;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" }, signal: request.signal });
    if (!answer.ok || answer.redirected) throw new Error(`status ${answer.status}`);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(list.id);
    if (!fresh || asked !== request) return;
    const focused = list.contains(document.activeElement) ? document.activeElement : null;
    const href = focused?.getAttribute("href");
    list.replaceWith(fresh);
    if (focused) {
      const same = href && [...fresh.querySelectorAll("a")].find((link) => link.getAttribute("href") === href);
      (same || document.getElementById(focused.id))?.focus({ preventScroll: true });
    }
    say("La liste est à jour.");
  } catch (error) {
    if (error.name === "AbortError") return;
    console.warn("queue: not refreshed", error);
  }
}

document.addEventListener("live:compteurs", (event) => {
  const list = document.querySelector("[data-file]");
  const now = event.detail[list?.dataset.file];
  if (now === undefined || String(now) === list.dataset.nombre) return;
  list.dataset.nombre = String(now);
  refresh(list);
});
