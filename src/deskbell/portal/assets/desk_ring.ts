// A call rings in the page: in its title, by a soft sound, and by a notice where the page is not seen.
import { desk, onShown } from "./desk";

const QUIET = "desk-quiet";
const AGAIN_AFTER = 3000;
const LOUD = 0.06;
const title = document.title;
let rings = "";
let audio: AudioContext | null = null;
let timer: ReturnType<typeof setInterval> | undefined;
let notice: Notification | null = null;

/** Browsers let a page sound only after somebody pressed something in it. */
function wake(): void {
  audio ??= new AudioContext();
  void audio.resume().then(tell);
}

function tone(hertz: number, start: number): void {
  if (!audio) return;
  const source = audio.createOscillator();
  const volume = audio.createGain();
  source.frequency.value = hertz;
  volume.gain.setValueAtTime(0, start);
  volume.gain.linearRampToValueAtTime(LOUD, start + 0.05);
  volume.gain.exponentialRampToValueAtTime(0.0005, start + 0.9);
  source.connect(volume).connect(audio.destination);
  source.start(start);
  source.stop(start + 1);
}

function chime(): void {
  if (audio?.state !== "running" || isQuiet()) return;
  tone(587, audio.currentTime);
  tone(784, audio.currentTime + 0.25);
}

function isQuiet(): boolean {
  return localStorage.getItem(QUIET) === "1";
}

/** Says in the page whether it may sound, and whether it may show notices. */
function tell(): void {
  const button = document.querySelector<HTMLElement>("[data-desk-quiet]");
  button?.setAttribute("aria-pressed", String(isQuiet()));
  const hint = document.querySelector<HTMLElement>("#desk-silent");
  if (hint) hint.hidden = isQuiet() || audio?.state === "running";
  const notices = document.querySelector<HTMLElement>("[data-desk-notices]");
  if (notices) notices.hidden = !("Notification" in window) || Notification.permission !== "default";
}

function show(who: string, from: string): void {
  if (!document.hidden || !("Notification" in window) || Notification.permission !== "granted") return;
  notice = new Notification(`Call for ${who}`, { body: from, tag: "desk-ring", requireInteraction: true });
  notice.onclick = () => {
    window.focus();
    notice?.close();
  };
}

function start(call: HTMLElement): void {
  const { who = "", from = "" } = call.dataset;
  document.title = `Call for ${who}`;
  chime();
  timer = setInterval(chime, AGAIN_AFTER);
  show(who, from);
  // Whoever types goes on typing; otherwise Enter answers.
  if (document.activeElement === document.body) document.querySelector<HTMLElement>("#desk-answer")?.focus();
}

function stop(): void {
  clearInterval(timer);
  notice?.close();
  notice = null;
  document.title = document.querySelector<HTMLElement>("#desk-call")?.dataset.title || title;
}

if (desk) {
  for (const name of ["pointerdown", "keydown"]) addEventListener(name, wake, { capture: true, once: true });
  document.addEventListener("click", (event) => {
    const clicked = event.target as Element;
    if (clicked.closest("[data-desk-quiet]")) localStorage.setItem(QUIET, isQuiet() ? "0" : "1");
    if (clicked.closest("[data-desk-notices]")) void Notification.requestPermission().then(tell);
    tell();
  });
  onShown(() => {
    const call = document.querySelector<HTMLElement>("#desk-call");
    const now = call?.dataset.rings ?? "";
    tell();
    if (now === rings) return;
    stop();
    rings = now;
    if (call && now) start(call);
  });
}
