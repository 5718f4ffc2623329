// A short notice at the foot of the window. It stays while one points at it or has the focus in it.

import { say } from "./voice.js";

// Shows `text`, with a link (`href`, `label`) or a button (`label`, `act`) beside it, for `seconds`.
// Returns a function that takes it away.
export function toast(text, { href, label, act, seconds = 12, spoken = true } = {}) {
  const place = document.querySelector("[data-toasts]");
  if (!place) return () => {};
  const box = document.createElement("div");
  box.className = "toast";
  const words = document.createElement("p");
  words.textContent = text;
  box.append(words);

  let timer;
  const remove = () => {
    clearTimeout(timer);
    box.remove();
  };
  if (label) {
    const action = document.createElement(href ? "a" : "button");
    action.textContent = label;
    if (href) {
      action.href = href;
    } else {
      action.type = "button";
      action.addEventListener("click", () => {
        remove();
        act();
      });
    }
    box.append(action);
  }
  const close = document.createElement("button");
  close.type = "button";
  close.className = "close";
  close.setAttribute("aria-label", "Fermer");
  close.textContent = "×";
  close.addEventListener("click", remove);
  box.append(close);

  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(remove, seconds * 1000);
  };
  const hold = () => clearTimeout(timer);
  box.addEventListener("pointerenter", hold);
  box.addEventListener("focusin", hold);
  box.addEventListener("pointerleave", wait);
  box.addEventListener("focusout", wait);
  place.append(box);
  // A bound: what nobody reads does not pile up.
  while (place.children.length > 3) place.firstElementChild.remove();
  wait();
  if (spoken) say(text);
  return remove;
}
