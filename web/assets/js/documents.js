// The page of the dossier: a chosen employer fills its fields, the separate address shows when its box is ticked, the box of
// the SEPA zone follows an IBAN that begins with FR. Without this module every field stands there, and the server computes.

import { say } from "./voice.js";

const employer = document.querySelector("#bloc-employeur form");
const separate = employer?.querySelector("[data-pro]");
const box = employer?.querySelector("#pro_differentes");

if (separate && box) {
  for (const element of employer.querySelectorAll("[data-sans-script]")) element.hidden = true;
  const follow = () => {
    separate.hidden = !box.checked;
  };
  box.addEventListener("change", follow);
  follow();
  employer.addEventListener("combobox:choix", (event) => {
    const one = event.detail;
    const set = (name, value) => {
      employer.elements.namedItem(name).value = value;
    };
    set("employeur_nom", one.libelle);
    set("employeur_siret", one.siret);
    set("employeur_code_postal", one.code_postal);
    set("employeur_commune", one.commune);
    say(`${one.libelle} : SIRET, code postal et commune remplis. Tapez la rue.`);
  });
}

const iban = document.querySelector("#iban");
const sepa = document.querySelector("[data-sepa]");
iban?.addEventListener("input", () => {
  if (/^\s*fr/i.test(iban.value) && !sepa.checked) {
    sepa.checked = true;
    say("Zone SEPA cochée.");
  }
});

// What is asked for is one click away, unfolded.
function unfold() {
  const place = document.getElementById(location.hash.slice(1));
  for (const fold of place?.closest("section")?.querySelectorAll("details") ?? []) fold.open = true;
}
window.addEventListener("hashchange", unfold);
unfold();
