// A field that proposes while one types (ARIA 1.2 combobox with a list). It takes over the plain field its template gives:
//   <ei-combobox data-url="…" data-name="destinataires" data-multiple> label, input, [data-chosen] list, [data-without-script]
// With data-off it proposes nothing for the moment.
// Proposals come from `GET data-url?q=` as [{valeur, libelle, detail}]. With data-multiple each choice becomes a chip that
// carries its value in a ticked box; without, the choice fills the field and an event « combobox:choix » bears it.

import { say } from "./voice.js";

const PAUSE = 150;
const FEWEST = 2;

class Combobox extends HTMLElement {
  connectedCallback() {
    if (this.input) return;
    this.input = this.querySelector("input[type=text]");
    this.chosen = this.querySelector("[data-chosen]");
    this.proposals = [];
    this.active = -1;

    this.list = document.createElement("ul");
    this.list.className = "proposals";
    this.list.id = `${this.input.id}-propositions`;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", "Propositions");
    this.list.hidden = true;
    this.append(this.list);

    // Disabled, not removed: the first button of the form is the one Enter presses, and Enter here must not send.
    for (const element of this.querySelectorAll("[data-without-script]")) {
      element.hidden = true;
      element.disabled = true;
    }
    this.input.setAttribute("role", "combobox");
    this.input.setAttribute("aria-autocomplete", "list");
    this.input.setAttribute("aria-expanded", "false");
    this.input.setAttribute("aria-controls", this.list.id);
    for (const item of this.chosen?.children ?? []) this.#dress(item);

    this.input.addEventListener("input", () => this.#typed());
    this.input.addEventListener("keydown", (event) => this.#key(event));
    this.input.addEventListener("blur", () => this.#close());
    // The field keeps the focus while one clicks in the list.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.#choose(Number(option.dataset.index));
    });
  }

  #typed() {
    clearTimeout(this.timer);
    this.request?.abort();
    const words = this.input.value.trim();
    if ([...words].length < FEWEST || this.hasAttribute("data-off")) {
      this.#close();
      return;
    }
    this.timer = setTimeout(() => this.#ask(words), PAUSE);
  }

  async #ask(words) {
    this.request?.abort();
    this.request = new AbortController();
    const url = new URL(this.dataset.url, location.href);
    url.searchParams.set("q", words);
    try {
      const answer = await fetch(url, {
        headers: { Accept: "application/json" },
        signal: this.request.signal,
      });
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      this.#propose(await answer.json());
    } catch (error) {
      if (error.name === "AbortError") return;
      this.proposals = [];
      this.#tell("Les propositions n’arrivent pas : vérifiez votre connexion et retapez.");
    }
  }

  #propose(found) {
    const taken = new Set([...this.querySelectorAll("[data-chosen] input")].map((input) => input.value));
    this.proposals = found.filter((one) => !taken.has(String(one.valeur)));
    this.active = -1;
    if (this.proposals.length === 0) {
      this.#tell(found.length > 0 ? "Déjà parmi les destinataires." : "Aucune proposition pour ce texte.");
      return;
    }
    this.list.replaceChildren(
      ...this.proposals.map((one, index) => {
        const option = document.createElement("li");
        option.id = `${this.list.id}-${index}`;
        option.dataset.index = index;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        const label = document.createElement("span");
        label.textContent = one.libelle;
        option.append(label);
        if (one.detail) {
          const detail = document.createElement("span");
          detail.className = "small soft";
          detail.textContent = one.detail;
          option.append(detail);
        }
        return option;
      }),
    );
    this.#open();
    say(this.proposals.length === 1 ? "1 proposition" : `${this.proposals.length} propositions`);
  }

  #tell(sentence) {
    const nothing = document.createElement("li");
    nothing.className = "nothing";
    nothing.setAttribute("role", "presentation");
    nothing.textContent = sentence;
    this.list.replaceChildren(nothing);
    this.#open();
    say(sentence);
  }

  #open() {
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.input.removeAttribute("aria-activedescendant");
  }

  #close() {
    clearTimeout(this.timer);
    this.request?.abort();
    this.list.hidden = true;
    this.active = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  #move(index) {
    const options = this.list.querySelectorAll("[role=option]");
    if (options.length === 0) return;
    this.active = (index + options.length) % options.length;
    options.forEach((option, i) => option.setAttribute("aria-selected", String(i === this.active)));
    options[this.active].scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", options[this.active].id);
  }

  #key(event) {
    const open = !this.list.hidden;
    switch (event.key) {
      case "ArrowDown":
        event.preventDefault();
        if (open) this.#move(this.active + 1);
        else this.#typed();
        break;
      case "ArrowUp":
        event.preventDefault();
        if (open) this.#move(this.active < 0 ? -1 : this.active - 1);
        break;
      case "Enter":
        // Never sends the form: with a single proposal it takes it.
        event.preventDefault();
        if (open && this.active >= 0) this.#choose(this.active);
        else if (open && this.proposals.length === 1) this.#choose(0);
        else this.#typed();
        break;
      case "Escape":
        if (open) {
          event.preventDefault();
          this.#close();
        }
        break;
      case "Backspace":
        if (this.input.value === "" && this.chosen?.lastElementChild) {
          event.preventDefault();
          this.#remove(this.chosen.lastElementChild);
        }
        break;
      default:
    }
  }

  #choose(index) {
    const one = this.proposals[index];
    if (!one) return;
    this.#close();
    if (this.hasAttribute("data-multiple")) {
      const item = document.createElement("li");
      item.className = "chip";
      const label = document.createElement("label");
      label.className = "tick";
      const box = document.createElement("input");
      box.type = "checkbox";
      box.name = this.dataset.name;
      box.value = one.valeur;
      box.checked = true;
      label.append(box, ` ${one.libelle}`);
      item.append(label);
      this.chosen.append(item);
      this.#dress(item);
      this.input.value = "";
      say(`${one.libelle} ajouté`);
    } else {
      this.input.value = one.libelle;
    }
    this.dispatchEvent(new CustomEvent("combobox:choix", { bubbles: true, detail: one }));
    this.dispatchEvent(new Event("input", { bubbles: true }));
    this.input.focus();
  }

  // A ticked box becomes a chip with a button to take it away.
  #dress(item) {
    const box = item.querySelector("input[type=checkbox]");
    if (!box) return;
    const name = item.textContent.trim().replace(/\s+/g, " ");
    box.hidden = true;
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("aria-label", `Retirer ${name}`);
    button.textContent = "×";
    button.addEventListener("click", () => this.#remove(item));
    item.append(button);
  }

  #remove(item) {
    const name = item.querySelector("label")?.textContent.trim() ?? "";
    item.remove();
    say(`${name} retiré`);
    this.dispatchEvent(new Event("input", { bubbles: true }));
    this.input.focus();
  }
}

customElements.define("ei-combobox", Combobox);
