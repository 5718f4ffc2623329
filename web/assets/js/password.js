// Each rule of the password, met or not, while one types. The server decides; this only shows.

import { say } from "./voice.js";

const tests = {
  longueur: (text, rule) => {
    // Characters, not bytes nor UTF-16 units.
    const length = [...text].length;
    return length >= Number(rule.dataset.min) && length <= Number(rule.dataset.max);
  },
  minuscule: (text) => /\p{Lowercase}/u.test(text),
  majuscule: (text) => /\p{Uppercase}/u.test(text),
  chiffre: (text) => /[0-9]/.test(text),
  special: (text) => /[^\p{Alphabetic}\p{N}\p{Cc}]/u.test(text),
};

for (const form of document.querySelectorAll("form[data-password]")) {
  const input = form.querySelector(`#${CSS.escape(form.dataset.password)}`);
  const list = form.querySelector("[data-rules]");
  const rules = [...list.querySelectorAll("[data-rule]")];
  const states = rules.map((rule) => {
    const state = document.createElement("span");
    state.className = "visually-hidden";
    rule.append(state);
    return state;
  });
  list.id ||= "regles-du-mot-de-passe";
  input.setAttribute("aria-describedby", `${input.getAttribute("aria-describedby") ?? ""} ${list.id}`.trim());

  let pause;
  const refresh = () => {
    const missing = [];
    // As the server keeps it: letters composed, whichever keyboard typed them.
    const typed = input.value.normalize("NFC");
    // Left empty where a password is kept from the time before: nothing is missing.
    const kept = input.value === "" && !input.required;
    rules.forEach((rule, index) => {
      const met = tests[rule.dataset.rule](typed, rule);
      rule.classList.toggle("met", met);
      rule.classList.toggle("missed", !met && !kept);
      states[index].textContent = met ? " : c’est fait" : kept ? "" : " : pas encore";
      if (!met) missing.push(rule.firstChild.textContent.trim());
    });
    clearTimeout(pause);
    if (input.value !== "") {
      pause = setTimeout(() => say(missing.length === 0 ? "Toutes les règles sont respectées." : `Il manque : ${missing.join(", ")}.`), 900);
    }
  };
  input.addEventListener("input", refresh);
  refresh();

  // Typed only once: one may look at what one types.
  const show = document.createElement("button");
  show.type = "button";
  show.className = "link small";
  show.setAttribute("aria-pressed", "false");
  show.textContent = "Afficher le mot de passe";
  show.addEventListener("click", () => {
    const shown = input.type === "password";
    input.type = shown ? "text" : "password";
    show.setAttribute("aria-pressed", String(shown));
    show.textContent = shown ? "Masquer le mot de passe" : "Afficher le mot de passe";
  });
  form.addEventListener("submit", () => {
    input.type = "password";
  });
  input.after(show);
}
