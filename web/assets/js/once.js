// A form is sent once: the second press of a button while the first is under way does nothing. The server has its own guard;
// this one spares a needless request. It lets go when the page is shown again or when nothing came of it.

const PATIENCE = 10_000;

// Those that stand elsewhere in the page too.
function buttons(form) {
  return [...form.elements].filter((field) => field.localName === "button");
}

function release(form) {
  clearTimeout(Number(form.dataset.timer));
  delete form.dataset.sent;
  for (const button of buttons(form)) button.removeAttribute("aria-disabled");
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-once]") || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  // Not `disabled`: a disabled button would drop its own name and value from what is sent.
  for (const button of buttons(form)) button.setAttribute("aria-disabled", "true");
  form.dataset.timer = String(setTimeout(() => release(form), PATIENCE));
});

window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) release(form);
});
