// Results as one types. The form's own address, with fragment=1, gives the parts of the page that change ([data-part], each
// with an id); they are swapped in place, the address bar follows, the focus stays where it was.

import { say } from "./voice.js";

const PAUSE = 200;
const PAUSE_DATE = 700;

class Search {
  constructor(form) {
    this.form = form;
    this.results = document.getElementById(form.dataset.search);
    this.#undress();
    // On a wide screen the criteria are unfolded by the stylesheet: the fold says so to those who can't see it.
    const wide = matchMedia("(min-width: 64em)");
    const unfold = () => {
      for (const fold of this.results.querySelectorAll("details.refine")) fold.open = wide.matches;
    };
    if (wide.matches) unfold();
    wide.addEventListener("change", unfold);
    const typed = (event) => {
      if (event.target.form !== form) return;
      const kind = event.target.type;
      // A date is complete and wrong while its year is typed.
      if (kind === "date") this.#later(PAUSE_DATE);
      else if (kind === "checkbox" || event.target.tagName === "SELECT") this.#later(0);
      else this.#later(PAUSE, { typing: true });
    };
    document.addEventListener("input", typed);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      clearTimeout(this.timer);
      this.#go(this.#address(), { push: true, say: true });
    });
    this.results.addEventListener("click", (event) => this.#clicked(event));
    window.addEventListener("popstate", () => this.#go(new URL(location.href), { restore: true }));
  }

  #later(pause, how = {}) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#go(this.#address(), { say: true, ...how }), pause);
  }

  // What the form would ask for, without its empty fields.
  #address() {
    const url = new URL(this.form.action, location.href);
    url.search = "";
    for (const [name, value] of new FormData(this.form)) {
      if (value !== "") url.searchParams.append(name, value);
    }
    return url;
  }

  #clicked(event) {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest("a[data-search-link], .pages a, th a");
    if (!link) return;
    event.preventDefault();
    const beside = link.id.startsWith("profil-");
    this.#go(new URL(link.href), { push: true, restore: true, top: !beside, beside, say: !beside });
  }

  async #go(url, { push = false, restore = false, top = false, beside = false, say: spoken = false, typing = false } = {}) {
    this.request?.abort();
    const request = new AbortController();
    this.request = request;
    const busy = setTimeout(() => this.results.setAttribute("aria-busy", "true"), 300);
    const asked = new URL(url);
    asked.hash = "";
    asked.searchParams.set("fragment", "1");
    // The last word may be unfinished: it is searched as the beginning of a word.
    if (typing) asked.searchParams.set("saisie", "1");
    try {
      const answer = await fetch(asked, { headers: { Accept: "text/html" }, signal: request.signal });
      const text = await answer.text();
      if (this.request !== request) return;
      const fresh = document.createElement("template");
      fresh.innerHTML = text;
      if (!answer.ok || answer.redirected || !fresh.content.querySelector("[data-part]")) throw new Error(`status ${answer.status}`);
      if (push) history.pushState(null, "", url);
      else if (!restore) history.replaceState(null, "", url);
      this.#swap(fresh.content, restore);
      if (restore) this.#refill(url);
      this.#arrive({ top, beside, spoken });
    } catch (error) {
      if (error.name === "AbortError") return;
      // A link or the button still works the plain way; while typing, say it and wait.
      if (push) location.assign(url);
      else say("La recherche n’a pas abouti : vérifiez votre connexion.");
    } finally {
      clearTimeout(busy);
      if (this.request === request) this.results.removeAttribute("aria-busy");
    }
  }

  #swap(content, restore) {
    const focused = document.activeElement;
    const open = new Map([...this.results.querySelectorAll("details[id]")].map((fold) => [fold.id, fold.open]));
    for (const fresh of content.querySelectorAll("[data-part]")) {
      const old = document.getElementById(fresh.id);
      if (!old) continue;
      // A field being typed in is not pulled away from under the fingers.
      if (!restore && old.contains(focused) && focused.matches("input:not([type=checkbox])")) continue;
      old.replaceWith(fresh);
    }
    for (const [id, state] of open) {
      const fold = document.getElementById(id);
      if (fold) fold.open = state;
    }
    this.#undress();
    document.dispatchEvent(new CustomEvent("ei:parts"));
    if (focused?.id && document.activeElement !== focused) document.getElementById(focused.id)?.focus({ preventScroll: true });
  }

  // After « back » the fields outside the parts say what the address says.
  #refill(url) {
    for (const field of this.form.querySelectorAll("input[name]")) {
      if (field.type !== "hidden") field.value = url.searchParams.get(field.name) ?? "";
    }
  }

  #arrive({ top, beside, spoken }) {
    if (beside && !matchMedia("(min-width: 64em)").matches) {
      document.getElementById("fiche")?.scrollIntoView({ block: "start" });
    } else if (top) {
      const list = document.getElementById("liste");
      list?.scrollIntoView({ block: "start" });
      if (list && document.activeElement === document.body) {
        list.tabIndex = -1;
        list.focus({ preventScroll: true });
      }
    }
    if (spoken) {
      const said = this.results.querySelector("[data-said]");
      if (said) say(said.textContent.trim().replace(/\s+/g, " "));
    }
  }

  // « Appliquer » serves only without this module.
  #undress() {
    for (const element of this.results.querySelectorAll("[data-without-script]")) element.hidden = true;
  }
}

for (const form of document.querySelectorAll("form[data-search]")) new Search(form);
