// A text is ticked as read by opening it; its box can't be ticked before. Without this module the person ticks it.

import { say } from "./voice.js";

for (const item of document.querySelectorAll("[data-lus] [data-lu]")) {
  const link = item.querySelector("a");
  const box = item.querySelector("input[type=checkbox]");
  let opened = box.checked;
  // Whoever was told to tick it, and clicks after it was ticked, leaves it ticked.
  let ticked = false;
  const open = () => {
    opened = true;
    ticked = !box.checked;
    box.checked = true;
  };
  link.addEventListener("click", open);
  link.addEventListener("auxclick", (event) => {
    if (event.button === 1) open();
  });
  box.addEventListener("click", (event) => {
    if (opened && !ticked) return;
    if (ticked) {
      ticked = false;
      event.preventDefault();
      return;
    }
    event.preventDefault();
    say("Ouvrez d’abord ce texte.");
    link.focus();
  });
}
