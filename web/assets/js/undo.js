// The notice « 1 message archivé. Annuler » also stands at the foot of the window, where the eyes are after a bulk action.
// Its button sends the very form of the notice, so both do the same.

import { toast } from "./toast.js";

for (const notice of document.querySelectorAll("[data-undo]")) {
  const form = notice.querySelector("form");
  const text = notice.querySelector("p").textContent;
  // The notice on top says it already to screen readers.
  const seconds = Number(notice.dataset.undo) || 20;
  toast(text, { label: "Annuler", act: () => form.requestSubmit(), seconds, spoken: false });
  form.addEventListener("submit", () => notice.setAttribute("aria-busy", "true"));
}
