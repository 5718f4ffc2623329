// Says a sentence to screen readers, through the one polite region of the page.

let pending;

// Announces `sentence`; of several in a short time only the last is said.
export function say(sentence) {
  const region = document.querySelector("[data-voix]");
  if (!region) return;
  clearTimeout(pending);
  // Emptied first, so that the same sentence twice is said twice.
  region.textContent = "";
  pending = setTimeout(() => {
    region.textContent = sentence;
  }, 120);
}
