// Choosing a reason proposes its sentences, unless something else is already typed.

for (const part of document.querySelectorAll("[data-modele]")) {
  const choice = part.querySelector("select");
  const text = part.querySelector("textarea");
  const button = part.querySelector("[data-without-script]");
  const proposed = () => choice.selectedOptions[0]?.dataset.texte ?? "";
  const templates = new Set([...choice.options].map((option) => option.dataset.texte ?? ""));
  const follow = () => {
    const own = text.value.trim() !== "" && !templates.has(text.value.trim());
    // What was written by hand is replaced on demand only.
    button.hidden = !own || proposed() === "";
    if (!own && proposed() !== "") text.value = proposed();
  };
  button.type = "button";
  button.addEventListener("click", () => {
    text.value = proposed() || text.value;
    button.hidden = true;
    text.focus();
  });
  choice.addEventListener("change", follow);
  button.hidden = true;
}
