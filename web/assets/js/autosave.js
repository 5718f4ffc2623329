// Drafts save themselves after a pause in typing.
//
// POSTs the form (urlencoded) to its data-autosave and expects {"id": n, "enregistre_a": "14 h 32"}, 204 when there is nothing
// to save yet, or with another status a problem (RFC 9457) whose `detail` is a sentence. What is typed never leaves the page: a failed save is said and tried again.

const PAUSE = 1_500;
const FIRST_RETRY = 4_000;
const LONGEST_RETRY = 60_000;
// Browsers refuse more than 64 kB in a request that outlives its page.
const KEEPALIVE_BYTES = 60_000;

class Autosave {
  constructor(form) {
    this.form = form;
    this.status = document.querySelector("[data-autosave-status]");
    this.failures = 0;
    this.dirty = false;
    this.leaving = false;
    form.addEventListener("input", () => this.touched());
    document.addEventListener("submit", (event) => {
      // One that a module sends by itself does not leave the page.
      if (event.target !== form || event.defaultPrevented) return;
      // The form itself carries everything: nothing more to save, unless it comes back.
      this.leaving = true;
      clearTimeout(this.timer);
      this.request?.abort();
    });
    window.addEventListener("pageshow", () => {
      this.leaving = false;
    });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden" && this.dirty) this.save(true);
    });
    window.addEventListener("beforeunload", (event) => {
      if (this.dirty && !this.leaving) {
        this.save(true);
        if (this.failures > 0 || `${this.body()}`.length > KEEPALIVE_BYTES) event.preventDefault();
      }
    });
  }

  body() {
    const typed = [...new FormData(this.form)].filter(([, value]) => typeof value === "string");
    return new URLSearchParams(typed);
  }

  touched() {
    this.dirty = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), PAUSE);
  }

  async save(last = false) {
    if (this.leaving) return;
    clearTimeout(this.timer);
    // One at a time: two first saves would make two drafts.
    if (this.running) {
      this.again = true;
      return;
    }
    this.running = true;
    this.dirty = false;
    const body = this.body();
    this.request = new AbortController();
    try {
      const answer = await fetch(this.form.dataset.autosave, {
        method: "POST",
        headers: { Accept: "application/json" },
        body,
        keepalive: last && `${body}`.length <= KEEPALIVE_BYTES,
        signal: this.request.signal,
      });
      await this.answered(answer);
    } catch (error) {
      if (error.name === "AbortError") return;
      this.failed("Pas encore enregistré : la connexion manque. Nouvel essai bientôt.", true);
    } finally {
      this.running = false;
      if (this.again) {
        this.again = false;
        this.touched();
      }
    }
  }

  async answered(answer) {
    if (answer.status === 401 || answer.status === 403) {
      this.failed("Pas enregistré : votre session est terminée. Reconnectez-vous dans un autre onglet, votre texte reste ici.", true);
      return;
    }
    const said = await answer.json().catch(() => ({}));
    if (!answer.ok) {
      // What the rules refuse will be refused again: only a change of text is worth another try.
      const passing = answer.status >= 500 || answer.status === 429;
      this.failed(said.detail ?? "Pas encore enregistré. Nouvel essai bientôt.", passing);
      return;
    }
    this.failures = 0;
    const draft = this.form.elements.namedItem("brouillon");
    if (answer.status === 204) {
      this.tell("");
      return;
    }
    if (draft && said.id !== undefined) draft.value = said.id;
    this.tell(`${this.form.dataset.dit ?? "Enregistré à"} ${said.enregistre_a}`);
  }

  failed(sentence, retry) {
    this.dirty = true;
    this.failures += 1;
    this.tell(sentence);
    if (retry && !this.leaving) {
      const delay = Math.min(LONGEST_RETRY, FIRST_RETRY * 2 ** (this.failures - 1));
      this.timer = setTimeout(() => this.save(), delay * (0.75 + Math.random() / 2));
    }
  }

  tell(sentence) {
    if (this.status) this.status.textContent = sentence;
  }
}

for (const form of document.querySelectorAll("form[data-autosave]")) new Autosave(form);
