// The block of the employer follows the statut, a chosen employer fills its fields, and the separate address shows when its
// box is ticked. Without this module every field stands there, and the server knows which count.

import { fillFrom } from "./employer.js";

const form = document.querySelector("form[data-informations]");
const block = form.querySelector("#employeur");
const kind = form.querySelector("[data-employeur-type]");
const separate = form.querySelector("[data-pro]");
const box = form.querySelector("#pro_differentes");
const comboboxes = block.querySelectorAll("ei-combobox");

for (const element of form.querySelectorAll("[data-sans-script]")) element.hidden = true;

const SAID = {
  "PUBLIC": "Type d’employeur, selon votre statut : PUBLIC.",
  "PRIVÉ": "Type d’employeur, selon votre statut : PRIVÉ. Tapez sa raison sociale et son SIRET.",
};

function follow() {
  const statut = form.querySelector("input[name=statut]:checked");
  const employer = statut?.dataset.employeur;
  block.hidden = statut !== null && employer === "";
  if (employer) kind.textContent = SAID[employer];
  block.querySelector("[data-employeur-public]").hidden = employer === "PRIVÉ";
  for (const combobox of comboboxes) combobox.toggleAttribute("data-off", employer === "PRIVÉ");
  separate.hidden = !box.checked;
}

form.addEventListener("change", (event) => {
  if (event.target.name === "statut" || event.target === box) follow();
});

fillFrom(form);
follow();
