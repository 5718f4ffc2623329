// The notice « 1 message archivé. Annuler » also stands at the foot of the window, where the eyes are after a bulk action.
// It presses the very button of the notice, so both do the same.

import { toast } from "./toast.js";

for (const notice of document.querySelectorAll("[data-undo]")) {
  const button = notice.querySelector("button:not([tabindex])");
  const text = notice.querySelector("p").textContent;
  // The notice on top says it already to screen readers.
  const seconds = Number(notice.dataset.undo) || 20;
  toast(text, { label: "Annuler", act: () => button.click(), seconds, spoken: false });
  button.form.addEventListener("submit", () => notice.setAttribute("aria-busy", "true"));
}
