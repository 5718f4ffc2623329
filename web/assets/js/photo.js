// A photograph is seen before it leaves, can be turned, and is made smaller when it is larger than anybody needs to read it.
// Without this module the file leaves as it is, up to the limit.

import { say } from "./voice.js";

// Pixels of the long side, and the quality, at which the small print of a card can still be read.
const LONGEST = 2400;
const QUALITY = 0.85;
const HEAVY = 1024 * 1024;

class Photo {
  constructor(field) {
    this.field = field;
    this.input = field.querySelector("input[type=file]");
    this.camera = field.querySelector("[capture]");
    field.addEventListener("change", (event) => this.chosen(event), { capture: true });
  }

  async chosen(event) {
    if (event.detail === "ready") return;
    const file = event.target.files[0];
    this.clear();
    if (event.target === this.camera) this.camera.value = "";
    if (!/^image\/(jpeg|png)$/.test(file?.type)) {
      if (event.target === this.camera && file) this.put(file);
      return;
    }
    event.stopImmediatePropagation();
    try {
      this.image = await createImageBitmap(file, { imageOrientation: "from-image" });
    } catch {
      this.put(file);
      return;
    }
    this.file = file;
    this.turns = 0;
    this.show();
    await this.ready();
  }

  show() {
    this.canvas = document.createElement("canvas");
    this.canvas.setAttribute("role", "img");
    this.canvas.setAttribute("aria-label", "La photo qui va partir");
    this.box = document.createElement("div");
    this.box.className = "photo";
    this.turn = document.createElement("button");
    this.turn.type = "button";
    this.turn.className = "button plain";
    this.turn.textContent = "Tourner la photo";
    this.turn.addEventListener("click", async () => {
      this.turns = (this.turns + 1) % 4;
      await this.ready();
      say("La photo est tournée.");
    });
    this.box.append(this.canvas);
    this.field.append(this.box, this.turn);
  }

  clear() {
    this.box?.remove();
    this.turn?.remove();
    this.image?.close();
    this.image = undefined;
  }

  draw() {
    const { width, height } = this.image;
    const scale = Math.min(1, LONGEST / Math.max(width, height));
    const [wide, high] = [Math.round(width * scale), Math.round(height * scale)];
    const across = this.turns % 2 === 1;
    this.canvas.width = across ? high : wide;
    this.canvas.height = across ? wide : high;
    const context = this.canvas.getContext("2d");
    context.fillStyle = "white";
    context.fillRect(0, 0, this.canvas.width, this.canvas.height);
    context.translate(this.canvas.width / 2, this.canvas.height / 2);
    context.rotate((this.turns * Math.PI) / 2);
    context.drawImage(this.image, -wide / 2, -high / 2, wide, high);
    return scale < 1;
  }

  async ready() {
    const smaller = this.draw();
    const turn = (this.drawn = (this.drawn | 0) + 1);
    if (!smaller && this.turns === 0 && this.file.size <= HEAVY) {
      this.put(this.file);
      return;
    }
    const blob = await new Promise((done) => this.canvas.toBlob(done, "image/jpeg", QUALITY));
    // Turned again meanwhile, or another one chosen.
    if (turn !== this.drawn || !this.image) return;
    const worse = !blob || (this.turns === 0 && blob.size >= this.file.size);
    this.put(worse ? this.file : new File([blob], this.file.name.replace(/\.\w+$/, ".jpg"), { type: "image/jpeg" }));
  }

  put(file) {
    const files = new DataTransfer();
    files.items.add(file);
    this.input.files = files.files;
    this.input.dispatchEvent(new CustomEvent("change", { bubbles: true, detail: "ready" }));
  }
}

for (const field of document.querySelectorAll("[data-photo]")) new Photo(field);
