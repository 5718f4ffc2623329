// A form with files: the size is looked at before anything leaves, a file can be dropped on its field, and its progress is
// shown. A field that has a button of its own (data-joindre) is sent by that button alone. The answer to this module is JSON ({"suite": path}) when it went well, the page with its errors otherwise. A form
// that may be sent twice without harm (data-reprend) is sent again by itself when the connection was cut.

import { say } from "./voice.js";

const MIBI = 2 ** 20;
// Seconds before each new try, unless the browser says first that the connection is back.
const WAITS = [2, 5, 10, 20, 30, 60, 60, 60];

// Whether a field holds a file that is too heavy to leave.
const kept = (field) => !field.closest("[hidden]") && field.querySelector("input").files[0]?.size > field.dataset.max;

class Depot {
  constructor(form, field) {
    this.form = form;
    this.field = field;
    field.depot = this;
    this.input = field.querySelector("input[type=file]");
    this.button = form.querySelector(`[data-joindre="${this.input.id}"]`);
    this.max = Number(this.field.dataset.max);
    this.status = document.createElement("div");
    this.status.className = "upload";
    this.status.hidden = true;
    this.bar = document.createElement("progress");
    this.bar.max = 1;
    this.bar.ariaLabel = "Envoi du fichier";
    this.words = document.createElement("span");
    this.words.className = "small soft";
    this.status.append(this.bar, this.words);
    this.field.append(this.status);
    this.input.addEventListener("change", () => this.chosen());
    for (const type of ["dragenter", "dragover", "dragleave", "drop"]) {
      this.field.addEventListener(type, (event) => {
        event.preventDefault();
        // Entered, or over it.
        this.field.classList.toggle("over", type.endsWith("er"));
      });
    }
    this.field.addEventListener("drop", ({ dataTransfer: { files } }) => {
      if (files.length > 0) {
        this.input.files = files;
        this.input.dispatchEvent(new Event("change", { bubbles: true }));
      }
    });
    form.addEventListener("submit", (event) => this.submit(event));
    // Chosen before this module was there, or kept by the browser when one comes back.
    if (this.input.files.length > 0) this.chosen();
  }

  chosen() {
    // Another file than the one that waits to be sent again.
    if (this.stopWaiting()) this.status.hidden = true;
    const file = this.input.files[0];
    this.wrong("");
    if (!file) return;
    if (file.size > this.max) {
      const size = (file.size / MIBI).toLocaleString("fr-FR", { maximumFractionDigits: 1 });
      this.wrong(`Ce fichier pèse ${size} Mo, pour ${this.max / MIBI} Mo au plus : choisissez-en un plus léger.`);
    } else {
      say(`${file.name} choisi.`);
    }
  }

  wrong(sentence) {
    this.field.classList.toggle("wrong", sentence !== "");
    let why = this.field.querySelector(".why");
    if (!sentence) {
      why?.remove();
      return;
    }
    if (!why) {
      why = document.createElement("span");
      why.className = "why";
      why.id = `${this.input.id}-erreur`;
      this.input.before(why);
    }
    why.textContent = sentence;
    say(sentence);
  }

  submit(event) {
    const file = this.field.closest("[hidden]") ? undefined : this.input.files[0];
    // A button that sends the whole form takes every file along; the first field that holds one sends it.
    const whole = event.submitter?.hasAttribute("data-tout");
    const mine = this.button ? event.submitter === this.button : !("avecBloc" in this.field.dataset);
    if (event.defaultPrevented || !file || !(whole || mine)) return;
    event.preventDefault();
    this.by = whole ? event.submitter : this.button;
    const heavy = (whole ? [...this.form.querySelectorAll(".depot")] : [this.field]).find(kept);
    if (heavy) {
      heavy.depot.chosen();
      heavy.depot.input.focus();
      return;
    }
    if (this.request) return;
    if (!this.waiting) this.tries = 0;
    this.send();
  }

  send() {
    this.stopWaiting();
    this.status.hidden = false;
    this.bar.value = 0;
    this.words.textContent = "Envoi en cours…";
    const request = new XMLHttpRequest();
    this.request = request;
    request.open("POST", this.by?.formAction ?? this.form.action);
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", (step) => {
      if (step.lengthComputable) this.bar.value = step.loaded / step.total;
    });
    request.addEventListener("load", () => this.answered(request));
    request.addEventListener("error", () => this.cut());
    request.send(this.body());
  }

  // All that the form and the button hold; a file that is too heavy, chosen at another field, stays.
  body() {
    const body = new FormData(this.form, this.by);
    for (const field of this.form.querySelectorAll(".depot")) {
      if (field.closest("[hidden]") || kept(field)) body.delete(field.querySelector("input").name);
    }
    return body;
  }

  cut() {
    this.request = null;
    if (!("reprend" in this.form.dataset) || !WAITS[this.tries]) {
      this.failed("L’envoi a été interrompu : vérifiez votre connexion et recommencez.");
      return;
    }
    this.bar.value = 0;
    this.words.textContent = "Connexion interrompue : l’envoi reprendra tout seul. Ce qui était enregistré l’est toujours.";
    say(this.words.textContent);
    const again = () => this.send();
    const timer = setTimeout(again, WAITS[this.tries++] * 1000);
    this.waiting = { again, timer };
    addEventListener("online", again);
  }

  stopWaiting() {
    const { waiting } = this;
    if (!waiting) return false;
    clearTimeout(waiting.timer);
    removeEventListener("online", waiting.again);
    this.waiting = null;
    return true;
  }

  answered(request) {
    this.request = null;
    let said;
    try {
      said = JSON.parse(request.responseText);
    } catch {
      // A page.
    }
    if (said?.suite) {
      this.words.textContent = "Fichier reçu.";
      // An anchor of this very page would only scroll.
      const [page, anchor] = said.suite.split("#");
      if (anchor !== undefined && page === `${location.pathname}${location.search}`) {
        location.hash = anchor;
        location.reload();
      } else {
        location.assign(said.suite);
      }
    } else if (said?.detail) {
      this.failed(said.detail);
    } else {
      this.status.hidden = true;
      this.show(new DOMParser().parseFromString(request.responseText, "text/html"));
    }
  }

  failed(sentence) {
    this.status.hidden = true;
    this.wrong(sentence);
    this.input.focus();
  }

  // The errors of the page that came back, put in this one: what was typed and chosen stays.
  show(page) {
    const summary = page.querySelector(".summary");
    if (!summary) {
      this.failed("L’envoi n’a pas abouti : rechargez la page et recommencez.");
      return;
    }
    document.querySelector(".summary")?.remove();
    document.querySelector("main > .wrap").prepend(summary);
    for (const field of this.form.querySelectorAll(".field")) {
      field.classList.remove("wrong");
      field.querySelector(".why")?.remove();
    }
    for (const why of page.querySelectorAll(".field > .why[id$='-erreur']")) {
      const input = document.getElementById(why.id.replace(/-erreur$/, ""));
      const field = input?.closest(".field");
      if (!field) continue;
      field.classList.add("wrong");
      input.setAttribute("aria-invalid", "true");
      field.insertBefore(why, field.querySelector("input, textarea, .search"));
    }
    document.title = page.title;
    summary.focus();
  }
}

for (const form of document.querySelectorAll("form[data-depot]")) {
  // Without a file it leaves as any form does, and is carried through a login if the session has ended.
  form.addEventListener("submit", ({ submitter }) => {
    const files = [...form.elements].some((field) => field.files?.length);
    if (!files && submitter?.matches("[data-tout]")) submitter.formEnctype = "application/x-www-form-urlencoded";
  });
  for (const field of form.querySelectorAll(".depot")) new Depot(form, field);
}
