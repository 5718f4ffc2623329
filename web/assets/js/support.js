// Another address than the profile's is asked about as soon as it is typed; without this, the server asks.

const form = document.querySelector("form[data-support]");
const field = form.elements.email;
const dialog = document.getElementById("adresse-choix");
let settled = "";

function differs() {
  const typed = field.value.trim().toLowerCase();
  return typed.includes("@") && typed !== form.dataset.support.toLowerCase() && typed !== settled;
}

function choose(value) {
  form.querySelector("input[name=adresse]")?.remove();
  const hidden = document.createElement("input");
  Object.assign(hidden, { type: "hidden", name: "adresse", value });
  form.append(hidden);
}

if (dialog) {
  field.addEventListener("change", () => {
    if (differs()) dialog.showModal();
  });
  dialog.addEventListener("click", (event) => {
    const value = event.target.closest("button")?.value;
    if (!value) return;
    if (value === "profil") {
      choose(value);
      dialog.close();
      form.requestSubmit();
      return;
    }
    settled = field.value.trim().toLowerCase();
    choose(value);
    dialog.close();
    field.focus();
  });
}
