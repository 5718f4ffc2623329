// Experience or motivation, whichever was answered; one more row of languages when the last is used.

const form = document.querySelector("form[data-parcours]");

function follow() {
  const answer = form.querySelector("input[name=experimente]:checked")?.value;
  for (const part of form.querySelectorAll("[data-si]")) part.hidden = answer !== undefined && part.dataset.si !== answer;
}

const languages = form.querySelector("[data-langues]");
languages.addEventListener("change", () => {
  const rows = languages.querySelectorAll("[data-langue]");
  const last = rows[rows.length - 1];
  if (last.querySelector("select").value === "") return;
  const another = last.cloneNode(true);
  for (const list of another.querySelectorAll("select")) list.value = "";
  last.after(another);
});

form.addEventListener("change", (event) => {
  if (event.target.name === "experimente") follow();
});
follow();
