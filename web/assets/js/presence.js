// Who else looks at this page: a sign of life every ten seconds, answered by a sentence and by the version of what is
// shown. Who has left the keyboard for long no longer looks, and their session may end.

import { say } from "./voice.js";

const EVERY = 10_000;
const AWAY_AFTER = 10 * 60_000;

const box = document.querySelector("[data-presence]");
const changed = document.querySelector("[data-presence-change]");
const words = box.querySelector("p");
const token = box.querySelector('input[name="_csrf"]').value;
let active = Date.now();
let timer;

for (const kind of ["pointerdown", "pointermove", "keydown", "scroll"]) {
  addEventListener(kind, () => (active = Date.now()), { capture: true, passive: true });
}

async function look() {
  clearTimeout(timer);
  timer = setTimeout(look, EVERY);
  if (document.visibilityState !== "visible" || Date.now() - active > AWAY_AFTER) return;
  try {
    const answer = await fetch(box.dataset.presence, {
      method: "POST",
      headers: { Accept: "application/json" },
      body: new URLSearchParams({ _csrf: token, ...(box.dataset.repond ? { repond: "1" } : {}) }),
    });
    if (answer.status === 404) {
      show(changed, true, box.dataset.gone);
      return;
    }
    if (!answer.ok) return;
    const said = await answer.json();
    if (said.regardent !== words.textContent) {
      words.textContent = said.regardent;
      if (said.regardent) say(said.regardent);
    }
    box.hidden = !said.regardent;
    show(changed, String(said.version) !== box.dataset.version, said.change || box.dataset.changed);
  } catch (error) {
    console.warn("presence: no answer", error);
  }
}

function show(banner, visible, sentence) {
  if (visible && banner.hidden) say(sentence);
  banner.hidden = !visible;
}

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") look();
});
look();
