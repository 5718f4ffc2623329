// A captcha that the browser answers by itself: a little work in a worker of its own, in place of an image to be read (SPEC
// K7, WCAG 2.2 3.3.8). Where no worker runs, or it is too slow, the image and its question stay.

import { say } from "./voice.js";

// An old telephone takes some seconds; what takes longer is asked of the person.
const PATIENCE = 15_000;
const DONE = "Votre navigateur l’a faite : il n’y a rien à recopier.";
const UNDER_WAY = "Votre navigateur la fait : il n’y a rien à recopier.";

class Preuve {
  constructor(block) {
    this.block = block;
    this.form = block.closest("form");
    this.proof = block.querySelector("[name=captcha_preuve]");
    this.said = block.querySelector("[data-preuve-dit]");
    this.asked = block.querySelector("[data-preuve-sinon]");
    this.answer = block.querySelector("#captcha");
    this.form.addEventListener("submit", (event) => this.submit(event));
    this.show(UNDER_WAY);
    this.timer = setTimeout(() => this.ask(), PATIENCE);
    try {
      this.worker = new Worker(new URL("./preuve-calcul.js", import.meta.url));
    } catch {
      this.ask();
      return;
    }
    this.worker.addEventListener("error", () => this.ask());
    this.worker.addEventListener("message", ({ data }) => this.found(data));
    this.worker.postMessage({
      ticket: block.querySelector("[name=captcha_ticket]").value,
      parts: Number(block.dataset.parties),
      bits: Number(block.dataset.bits),
    });
  }

  // Says so in place of the image; what was wrong the time before stays in sight, and its link leads here.
  show(sentence) {
    this.said.textContent = sentence;
    this.said.hidden = false;
    const why = this.asked.querySelector(".why");
    if (why) this.said.before(why);
    this.asked.hidden = true;
    document.querySelector('.summary a[href="#captcha"]')?.setAttribute("href", `#${this.block.id}`);
  }

  found(proof) {
    clearTimeout(this.timer);
    this.worker.terminate();
    this.proof.value = proof;
    this.block.dataset.preuve = "faite";
    // Who has begun to copy the code goes on.
    if (this.answer.value === "") this.show(DONE);
    this.resume();
  }

  // The person is asked after all.
  ask() {
    clearTimeout(this.timer);
    this.block.dataset.preuve = "demandee";
    this.said.hidden = true;
    this.asked.hidden = false;
    document.querySelector(`.summary a[href="#${this.block.id}"]`)?.setAttribute("href", "#captcha");
    if (!this.waiting) return;
    this.waiting = undefined;
    say("Recopiez le code affiché, ou répondez à la question.");
    this.answer.focus();
  }

  // A form that is sent before the proof is found leaves as soon as it is.
  submit(event) {
    if (this.block.dataset.preuve !== "" || event.defaultPrevented) return;
    event.preventDefault();
    this.waiting = { submitter: event.submitter };
    say("Vérification en cours : l’envoi suit.");
  }

  resume() {
    if (!this.waiting) return;
    const { submitter } = this.waiting;
    this.waiting = undefined;
    this.form.requestSubmit(submitter);
  }
}

for (const block of document.querySelectorAll("[data-preuve]")) new Preuve(block);
