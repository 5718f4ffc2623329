// Lists with tick boxes: all at once, a range with the shift key, how many are ticked. `data-bulk` holds the sentence for
// a button pressed with none.

import { say } from "./voice.js";

for (const form of document.querySelectorAll("form[data-bulk]")) {
  const boxes = [...form.querySelectorAll("input[type=checkbox][name]")];
  const holder = form.querySelector("[data-bulk-all]");
  const all = holder.querySelector("input");
  const count = form.querySelector("[data-bulk-count]");
  const empty = count.textContent;
  let last = -1;
  holder.hidden = false;

  const refresh = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    all.checked = ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
    count.textContent = ticked === 0 ? empty : ticked === 1 ? "1 ligne cochée" : `${ticked} lignes cochées`;
  };

  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    refresh();
  });
  boxes.forEach((box, index) => {
    box.addEventListener("click", (event) => {
      if (event.shiftKey && last >= 0) {
        for (let i = Math.min(last, index); i <= Math.max(last, index); i += 1) boxes[i].checked = box.checked;
      }
      last = index;
      refresh();
    });
  });
  // A label clicked with the shift key would select text on the way.
  form.addEventListener("mousedown", (event) => {
    if (event.shiftKey && event.target.closest("label.target")) event.preventDefault();
  });
  form.addEventListener("submit", (event) => {
    if (!boxes.some((box) => box.checked)) {
      event.preventDefault();
      count.textContent = form.dataset.bulk;
      say(count.textContent);
    }
  });
  // « Back » restores the ticks without an event.
  window.addEventListener("pageshow", refresh);
  refresh();
}
