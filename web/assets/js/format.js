// Numbers are grouped while one types, as they are read: SIRET by 3 3 3 5, French phones by two. Pasting works, with or
// without spaces. The server reads them grouped or not.

const groups = {
  siret: (digits) => [3, 3, 3, 5].reduce(({ parts, rest }, size) => ({ parts: [...parts, rest.slice(0, size)], rest: rest.slice(size) }), { parts: [], rest: digits }).parts,
  telephone: (digits) => digits.match(/.{1,2}/g) ?? [],
};
const most = { siret: 14, telephone: 10 };

function format(input) {
  const kind = input.dataset.format;
  const typed = input.value;
  // A name typed to be looked for, an international number, a mistake: shown as typed.
  if (/[^\d\s.\-]/.test(typed) || (kind === "telephone" && !/^\s*0/.test(typed))) return;
  const digits = typed.replace(/\D/g, "");
  if (digits.length > most[kind]) return;
  const shown = groups[kind](digits).filter((part) => part !== "").join(" ");
  if (shown === typed) return;
  const before = typed.slice(0, input.selectionStart ?? typed.length).replace(/\D/g, "").length;
  input.value = shown;
  let place = 0;
  for (let seen = 0; seen < before && place < shown.length; place += 1) if (/\d/.test(shown[place])) seen += 1;
  if (document.activeElement === input) input.setSelectionRange(place, place);
}

document.addEventListener("input", (event) => {
  if (event.target.matches?.("input[data-format]") && event.inputType !== "deleteContentBackward") format(event.target);
});
document.addEventListener("change", (event) => {
  if (event.target.matches?.("input[data-format]")) format(event.target);
});
