// An employer chosen in a combobox fills the fields of its form.

import { say } from "./voice.js";

const FIELDS = {
  employeur_nom: "libelle",
  employeur_siret: "siret",
  employeur_code_postal: "code_postal",
  employeur_commune: "commune",
};

export function fillFrom(form) {
  form.addEventListener("combobox:choix", ({ detail }) => {
    for (const [name, key] of Object.entries(FIELDS)) form.elements.namedItem(name).value = detail[key];
    // What fills itself is kept like what is typed.
    form.dispatchEvent(new Event("input"));
    say(`${detail.libelle} : SIRET, code postal et commune remplis. Tapez la rue.`);
  });
}
