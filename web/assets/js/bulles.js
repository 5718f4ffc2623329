// A tooltip goes with Escape, without the pointer or the keyboard leaving its button (WCAG 1.4.13), and comes back once they
// have left. Without this module it stays as long as they do.

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const shown of document.querySelectorAll(".savoir:is(:hover, :focus-within)")) shown.toggleAttribute("data-tue", true);
});
for (const type of ["pointerout", "focusout"]) {
  document.addEventListener(type, (event) => {
    const around = event.target.closest?.(".savoir");
    if (around && !around.contains(event.relatedTarget)) around.removeAttribute("data-tue");
  });
}
