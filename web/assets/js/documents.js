// The page of the dossier: a chosen employer fills its fields, the separate address shows when its box is ticked, the box of
// the SEPA zone follows an IBAN that begins with FR, the pieces follow the statut. Without this module every field stands there, and the server computes.

import { say } from "./voice.js";

const employer = document.querySelector("#bloc-employeur");
const separate = employer?.querySelector("[data-pro]");
const box = employer?.querySelector("#pro_differentes");

if (separate && box) {
  for (const element of employer.querySelectorAll("[data-sans-script]")) element.hidden = true;
  const follow = () => {
    separate.hidden = !box.checked;
  };
  box.addEventListener("change", follow);
  follow();
  import("./employer.js").then(({ fillFrom }) => fillFrom(employer.closest("form")));
}

// What the chosen statut or identity document asks for stands there at once; what was given and serves no more is kept, and
// says so. The server decides when the choice is saved.
for (const radio of document.querySelectorAll("[name=statut], [name=type_identite]")) {
  const follow = (spoken) => {
    const asked = [];
    for (const piece of radio.form.querySelectorAll("[data-pour]")) {
      const due = piece.dataset.pour.split(" ").includes(radio.value);
      piece.hidden = !due && !("joint" in piece.dataset);
      const kept = piece.querySelector("[data-plus-demandee]");
      if (kept) kept.hidden = due;
      if (due) asked.push(piece.querySelector("h2").firstChild.textContent.trim());
    }
    if (spoken) say(`Ce choix demande : ${asked.join(", ")}.`);
  };
  radio.addEventListener("change", () => follow(true));
  // Typed and not saved yet, or kept by the browser when one comes back.
  if (radio.checked) follow(false);
}

const iban = document.querySelector("#iban");
const sepa = document.querySelector("[data-sepa]");
iban?.addEventListener("input", () => {
  if (/^\s*fr/i.test(iban.value) && !sepa.checked) {
    sepa.checked = true;
    say("Zone SEPA cochée.");
  }
});
