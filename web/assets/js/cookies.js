// The banner of cookies is answered without leaving the page: what is being typed there stays.

const toast = (text) => import("./toast.js").then((shown) => shown.toast(text));

const banner = document.querySelector("form.cookies");

banner.addEventListener("submit", async (event) => {
  event.preventDefault();
  const body = new URLSearchParams(new FormData(banner, event.submitter));
  try {
    const answer = await fetch(banner.action, { method: "POST", headers: { Accept: "application/json" }, body });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    const said = await answer.json();
    const inside = banner.contains(document.activeElement);
    banner.remove();
    if (inside) document.querySelector("main").focus({ preventScroll: true });
    toast(said.dit);
  } catch {
    toast("Votre choix n’a pas pu être enregistré : vérifiez votre connexion et recommencez.");
  }
});
