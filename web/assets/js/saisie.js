// A form that leaves the page while something typed in another one is not saved: one is asked first. So it is with
// « Se déconnecter », and with « Annuler » of what was just done. Forms that save themselves have nothing to lose, and what
// leads elsewhere in one form carries all that it holds.

const QUESTION = "Ce que vous avez tapé dans cette page n’est pas enregistré et serait perdu. Continuer quand même ?";

function changed(field) {
  if (field.type === "file") return field.files.length > 0;
  return field.matches("textarea, input:not([type=hidden], [type=checkbox], [type=radio])") && field.value !== field.defaultValue;
}

function holds(form) {
  return form.method === "post" && !form.matches("[data-autosave]") && [...form.elements].some(changed);
}

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    // The banner of cookies does not leave the page; a search does it as a link does.
    if (form.method !== "post" || form.matches(".cookies")) return;
    const others = [...document.forms].filter((other) => other !== form);
    // The page came back with what is typed: its fields look as if nothing had been.
    const back = document.querySelector("main[data-non-enregistre]") && !form.closest("main");
    if (!(back || others.some(holds)) || window.confirm(QUESTION)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  },
  { capture: true },
);
