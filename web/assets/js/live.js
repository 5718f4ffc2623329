// The live socket: counters in every tab, notifications, and what is said when the connection is cut.
//
// Frames are JSON. The first is {"type":"etat","a":n,"compteurs":{…}}: the whole state. Later ones are "compteurs", of the
// same shape, and {"type":"notification","a":n,"notification":{id,titre,texte,lien,at}}. `a` is the journal id a state was
// read at: counters read earlier than what is shown are ignored.

import { say } from "./voice.js";

const FIRST_DELAY = 500;
const LONGEST_DELAY = 30_000;
const SILENCE_BEFORE_BANNER = 4_000;
const SESSION_ENDED = 4401;

let socket = null;
let attempt = 0;
let retry;
let bannerTimer;
let ended = false;
let shownAt = -1;
const seen = new Set();

function address() {
  const url = new URL(document.body.dataset.live, location.href);
  url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  return url;
}

function connect() {
  clearTimeout(retry);
  if (ended || (socket && socket.readyState <= WebSocket.OPEN)) return;
  const mine = new WebSocket(address());
  socket = mine;
  mine.addEventListener("message", (event) => {
    if (socket === mine) receive(event.data);
  });
  mine.addEventListener("close", (event) => {
    if (socket !== mine) return;
    socket = null;
    if (event.code === SESSION_ENDED) sessionEnded();
    else lost();
  });
}

function lost() {
  if (ended) return;
  bannerTimer ??= setTimeout(() => {
    show("[data-hors-ligne]", true);
    say("Hors ligne. Les nouveautés reviendront avec la connexion.");
  }, SILENCE_BEFORE_BANNER);
  // Between half of the delay and all of it, so that a restarted server is not met by everybody at once.
  const longest = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** attempt);
  attempt += 1;
  retry = setTimeout(connect, longest / 2 + Math.random() * (longest / 2));
}

function connected() {
  attempt = 0;
  clearTimeout(bannerTimer);
  bannerTimer = undefined;
  show("[data-hors-ligne]", false);
}

function sessionEnded() {
  ended = true;
  clearTimeout(bannerTimer);
  show("[data-hors-ligne]", false);
  show("[data-session-finie]", true);
  say("Votre session est terminée. Reconnectez-vous.");
}

function show(selector, visible) {
  for (const element of document.querySelectorAll(selector)) element.hidden = !visible;
}

function receive(text) {
  let frame;
  try {
    frame = JSON.parse(text);
  } catch {
    console.warn("live: frame is not JSON");
    return;
  }
  switch (frame.type) {
    case "etat":
      // What a new connection says first was read just now: it stands even when its journal id is lower, as after a restore.
      connected();
      shownAt = frame.a;
      counters(frame.compteurs);
      break;
    case "compteurs":
      if (frame.a < shownAt) return;
      shownAt = frame.a;
      counters(frame.compteurs);
      break;
    case "notification":
      notification(frame.notification);
      break;
    default: // A kind that a newer server knows.
  }
}

function notification(note) {
  if (seen.has(note.id)) return;
  seen.add(note.id);
  if (seen.size > 500) seen.delete(seen.values().next().value);
  const text = note.texte ? `${note.titre} : ${note.texte}` : note.titre;
  const way = { href: note.lien || undefined, label: note.lien ? "Voir" : undefined };
  import("./toast.js").then(({ toast }) => toast(text, way));
  document.dispatchEvent(new CustomEvent("live:notification", { detail: note }));
}

// ---- Counters -------------------------------------------------------------------------------------------------------

const french = new Intl.NumberFormat("fr-FR");

function counters(values) {
  const news = [];
  for (const [key, value] of Object.entries(values)) {
    let grew = false;
    let sentence = "";
    for (const badge of document.querySelectorAll(`[data-compteur="${CSS.escape(key)}"]`)) {
      const before = Number(badge.dataset.valeur ?? badge.textContent) || 0;
      sentence = `${french.format(value)} ${value < 2 ? badge.dataset.un : badge.dataset.plusieurs}`;
      badge.dataset.valeur = value;
      badge.textContent = String(value);
      badge.title = sentence;
      badge.hidden = value === 0;
      const link = badge.closest("a");
      if (link) link.title = value > 0 ? sentence : "";
      if (value > before) {
        grew = true;
        bump(badge);
      }
    }
    for (const label of document.querySelectorAll(`[data-compteur-dit="${CSS.escape(key)}"]`)) {
      label.textContent = value > 0 ? `, ${sentence}` : "";
    }
    for (const tally of document.querySelectorAll(`[data-total="${CSS.escape(key)}"]`)) {
      tally.textContent = french.format(value);
      tally.classList.toggle("waiting", value > 0);
    }
    if (key === "messages") {
      titled(value);
      drawIcon(value);
    }
    if (grew && sentence) news.push(sentence);
  }
  if (news.length > 0) say(news.join(", "));
  document.dispatchEvent(new CustomEvent("live:compteurs", { detail: values }));
}

function bump(badge) {
  badge.classList.add("bump");
  setTimeout(() => badge.classList.remove("bump"), 250);
}

function titled(value) {
  const bare = document.title.replace(/^(Erreur : )?(?:\(\d+\) )?/, "$1");
  const wrong = bare.startsWith("Erreur : ") ? "Erreur : " : "";
  document.title = `${wrong}${value > 0 ? `(${value}) ` : ""}${bare.slice(wrong.length)}`;
}

// ---- Icon of the tab --------------------------------------------------------------------------------------------------

const icon = document.querySelector('link[rel="icon"]');
const plainIcon = icon?.href;
let picture;

function drawIcon(value) {
  if (!icon) return;
  if (value === 0) {
    icon.href = plainIcon;
    return;
  }
  if (!picture) {
    picture = new Image(64, 64);
    picture.src = plainIcon;
  }
  picture.decode().then(
    () => {
      const canvas = document.createElement("canvas");
      canvas.width = canvas.height = 64;
      const pen = canvas.getContext("2d");
      pen.drawImage(picture, 0, 0, 64, 64);
      pen.fillStyle = "#b3391b";
      pen.beginPath();
      pen.arc(44, 20, 20, 0, 2 * Math.PI);
      pen.fill();
      pen.fillStyle = "#ffffff";
      pen.font = "bold 28px sans-serif";
      pen.textAlign = "center";
      pen.textBaseline = "middle";
      pen.fillText(value > 9 ? "9+" : String(value), 44, 22);
      icon.href = canvas.toDataURL("image/png");
    },
    (error) => console.warn("live: icon", error),
  );
}

// ---- Coming and going -------------------------------------------------------------------------------------------------

function now() {
  attempt = 0;
  connect();
}
window.addEventListener("online", now);
window.addEventListener("offline", () => socket?.close());
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") now();
});
// A page kept for « back » must not hold a socket; shown again, it asks for the whole state.
window.addEventListener("pagehide", () => {
  const mine = socket;
  socket = null;
  clearTimeout(retry);
  mine?.close();
});
window.addEventListener("pageshow", (event) => {
  if (event.persisted) now();
});

const unread = document.querySelector('[data-compteur="messages"]');
if (unread) drawIcon(Number(unread.textContent) || 0);
for (const badge of document.querySelectorAll("a > [data-compteur]:not([hidden])")) badge.parentElement.title = badge.title;
connect();
