// Lists with tick boxes: all at once, a range with the shift key, how many are ticked. `data-bulk` holds the sentence for
// a button pressed with none, but for a button with `data-bulk-none`. The boxes may stand outside the form, in the element
// that `data-zone` names; when that is replaced (`ei:parts`), what is still there stays ticked.

import { say } from "./voice.js";

class Bulk {
  constructor(form) {
    this.form = form;
    this.zone = document.getElementById(form.dataset.zone) ?? form;
    this.#dress();
    document.addEventListener("ei:parts", () => {
      const ticked = new Set(this.boxes.filter((box) => box.checked).map((box) => box.value));
      this.#dress();
      for (const box of this.boxes) if (ticked.has(box.value)) box.checked = true;
      this.#refresh();
    });
    form.addEventListener("submit", (event) => {
      if (event.submitter?.hasAttribute("data-bulk-none") || this.boxes.some((box) => box.checked)) return;
      event.preventDefault();
      if (this.count) this.count.textContent = form.dataset.bulk;
      say(form.dataset.bulk);
    });
    // « Back » restores the ticks without an event.
    window.addEventListener("pageshow", () => this.#refresh());
    this.#refresh();
  }

  #dress() {
    const holder = this.zone.querySelector("[data-bulk-all]");
    this.count = this.zone.querySelector("[data-bulk-count]");
    const boxes = [...this.form.elements].filter((field) => field.type === "checkbox" && field.name);
    if (!holder || boxes.every((box) => this.boxes?.includes(box))) {
      this.boxes = boxes;
      return;
    }
    this.boxes = boxes;
    this.all = holder.querySelector("input");
    this.empty = this.count.textContent;
    holder.hidden = false;
    let last = -1;
    this.all.addEventListener("change", () => {
      for (const box of boxes) box.checked = this.all.checked;
      this.#refresh();
    });
    boxes.forEach((box, index) => {
      box.addEventListener("click", (event) => {
        if (event.shiftKey && last >= 0) {
          for (let i = Math.min(last, index); i <= Math.max(last, index); i += 1) boxes[i].checked = box.checked;
        }
        last = index;
        this.#refresh();
      });
      // A label clicked with the shift key would select text on the way.
      box.closest("label.target")?.addEventListener("mousedown", (event) => {
        if (event.shiftKey) event.preventDefault();
      });
    });
  }

  #refresh() {
    if (!this.all || !this.count) return;
    const ticked = this.boxes.filter((box) => box.checked).length;
    this.all.checked = ticked > 0 && ticked === this.boxes.length;
    this.all.indeterminate = ticked > 0 && ticked < this.boxes.length;
    this.count.textContent = ticked === 0 ? this.empty : ticked === 1 ? "1 ligne cochée" : `${ticked} lignes cochées`;
  }
}

for (const form of document.querySelectorAll("form[data-bulk]")) new Bulk(form);
