// Numbers are grouped while one types, as they are read: SIRET by 3 3 3 5, French phones by two, NIR as on the card, IBAN by
// four. Pasting works, with or without spaces. The server reads them grouped or not.

const sized = (sizes) => (signs) => {
  const parts = [];
  let rest = signs;
  for (const size of sizes) {
    parts.push(rest.slice(0, size));
    rest = rest.slice(size);
  }
  return parts;
};
const by = (size) => (signs) => signs.match(new RegExp(`.{1,${size}}`, "g")) ?? [];

// What a number is made of, how long it may be, and how it is cut.
const kinds = {
  siret: { other: /[^\d\s.\-]/, sign: /\d/, most: 14, cut: sized([3, 3, 3, 5]) },
  telephone: { other: /[^\d\s.\-]/, sign: /\d/, most: 10, cut: by(2) },
  nir: { other: /[^\dabAB\s.\-]/, sign: /[\dabAB]/, most: 15, cut: sized([1, 2, 2, 2, 3, 3, 2]) },
  iban: { other: /[^\da-zA-Z\s.\-]/, sign: /[\da-zA-Z]/, most: 34, cut: by(4) },
};

function format(input) {
  const kind = kinds[input.dataset.format];
  const typed = input.value;
  // A name typed to be looked for, an international number, a mistake: shown as typed.
  if (!kind || kind.other.test(typed) || (input.dataset.format === "telephone" && !/^\s*0/.test(typed))) return;
  const signs = [...typed].filter((sign) => kind.sign.test(sign)).join("").toUpperCase();
  if (signs.length > kind.most) return;
  const shown = kind.cut(signs).filter((part) => part !== "").join(" ");
  if (shown === typed) return;
  const before = [...typed.slice(0, input.selectionStart ?? typed.length)].filter((sign) => kind.sign.test(sign)).length;
  input.value = shown;
  let place = 0;
  for (let seen = 0; seen < before && place < shown.length; place += 1) if (kind.sign.test(shown[place])) seen += 1;
  if (document.activeElement === input) input.setSelectionRange(place, place);
}

document.addEventListener("input", (event) => {
  if (event.target.matches?.("input[data-format]") && event.inputType !== "deleteContentBackward") format(event.target);
});
document.addEventListener("change", (event) => {
  if (event.target.matches?.("input[data-format]")) format(event.target);
});
