// The one module every page loads. It looks at what the page holds and fetches only the modules that serve it;
// each makes better something that works without it.

const helpers = [
  ["[data-live]", () => import("./live.js")],
  ["ei-combobox", () => import("./combobox.js")],
  ["form[data-autosave]", () => import("./autosave.js")],
  ["form[data-bulk]", () => import("./bulk.js")],
  ["[data-undo]", () => import("./undo.js")],
  ["form[data-once]", () => import("./once.js")],
  ["[data-preuve]", () => import("./preuve.js")],
  ["form[data-password]", () => import("./password.js")],
  ["form[data-informations]", () => import("./informations.js")],
  ["form[data-parcours]", () => import("./parcours.js")],
  ["input[data-format]", () => import("./format.js")],
  ["form[data-depot]", () => import("./depot.js")],
  ["[data-photo]", () => import("./photo.js")],
  ["[data-lus]", () => import("./lus.js")],
  ["form[data-search]", () => import("./search.js")],
  ["[data-file]", () => import("./queue.js")],
  ["[data-presence]", () => import("./presence.js")],
  [".savoir", () => import("./bulles.js")],
  ["form[data-support]", () => import("./support.js")],
  ["[data-modele]", () => import("./modele.js")],
  ["[data-documents]", () => import("./documents.js")],
  ["form.cookies", () => import("./cookies.js")],
  ["main form[method=post]:not([data-autosave])", () => import("./saisie.js")],
];

const loading = helpers
  .filter(([selector]) => document.querySelector(selector))
  .map(([selector, load]) => load().catch((error) => console.warn("module not loaded", selector, error)));
// What looks at the page from outside (tests) can tell when it does all it can.
Promise.all(loading).then(() => document.documentElement.toggleAttribute("data-complete", true));

// The error summary has the focus also where `autofocus` is not honoured on a block: looked at once the browser has had
// its turn, which comes before the first frame's callbacks. Who comes to one field by its address has it there.
requestAnimationFrame(() => {
  const summary = document.querySelector(".summary");
  if (summary && !document.querySelector(":target") && !summary.contains(document.activeElement)) summary.focus();
});

// A menu that floats closes with Escape, with a click elsewhere, and when the keyboard goes elsewhere.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector(".pop[open]");
  if (open) {
    open.open = false;
    open.querySelector("summary").focus();
  }
});
for (const moved of ["click", "focusin"]) {
  document.addEventListener(moved, (event) => {
    for (const menu of document.querySelectorAll(".pop[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
}
