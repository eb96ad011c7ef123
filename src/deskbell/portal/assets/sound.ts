// Players with a picture of the sound, and small buttons that play one from a row, on any page.

let rowSound: HTMLAudioElement | null = null;
let rowSource = "";
const others: (() => void)[] = [];
const CANNOT = "This sound cannot be played now. Load the page again to try it once more.";

/** A length or a place as on a clock, "1:05". */
export function onClock(seconds: number): string {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** Has `stop` called when another sound begins, for what makes sounds without a player. */
export function onQuiet(stop: () => void): void {
  others.push(stop);
}

/** Silences all that plays but one, since two at once cannot be understood. */
export function quiet(except: HTMLMediaElement | null = null): void {
  for (const audio of document.querySelectorAll("audio")) if (audio !== except) audio.pause();
  if (rowSound && rowSound !== except) rowSound.pause();
  for (const stop of others) stop();
}

// A player: button, picture with the part that was heard, and a slider that lies over it.

function partsOf(sound: Element) {
  return {
    audio: sound.querySelector("audio"),
    toggle: sound.querySelector<HTMLElement>("[data-sound-toggle]"),
    seek: sound.querySelector<HTMLInputElement>("[data-sound-seek]"),
    time: sound.querySelector<HTMLElement>("[data-sound-time]"),
    trouble: sound.querySelector<HTMLElement>("[data-sound-trouble]"),
    played: sound.querySelector<SVGRectElement>("[data-sound-played]"),
  };
}

function showPlace(sound: Element): void {
  const { audio, seek, time, played } = partsOf(sound);
  if (!audio || !seek) return;
  const whole = Number(seek.max);
  const at = Math.min(audio.currentTime, whole);
  seek.value = String(at);
  seek.setAttribute("aria-valuetext", `${onClock(at)} of ${onClock(whole)}`);
  played?.setAttribute("width", String((480 * at) / (whole || 1)));
  if (time) time.textContent = at > 0 ? `${onClock(at)} / ${onClock(whole)}` : onClock(whole);
}

function showState(sound: Element): void {
  const { audio, toggle } = partsOf(sound);
  if (!audio || !toggle) return;
  sound.classList.toggle("is-playing", !audio.paused);
  toggle.setAttribute("aria-pressed", String(!audio.paused));
}

for (const name of ["timeupdate", "seeked", "play", "pause", "ended"]) {
  document.addEventListener(
    name,
    (event) => {
      const audio = event.target as HTMLMediaElement;
      const sound = audio.closest?.("[data-sound]");
      if (!sound) return;
      if (name === "play") quiet(audio);
      if (name === "ended") audio.currentTime = 0;
      showPlace(sound);
      showState(sound);
    },
    true,
  );
}

// An address that has expired meanwhile, or a sound that is gone: "error" does not bubble either.
document.addEventListener(
  "error",
  (event) => {
    const sound = event.target instanceof HTMLAudioElement ? event.target.closest("[data-sound]") : null;
    const trouble = sound && partsOf(sound).trouble;
    if (trouble) trouble.textContent = CANNOT;
  },
  true,
);

document.addEventListener("input", (event) => {
  const seek = event.target as HTMLInputElement;
  if (!seek.matches("[data-sound-seek]")) return;
  const sound = seek.closest("[data-sound]");
  const audio = sound?.querySelector("audio");
  if (sound && audio) audio.currentTime = Number(seek.value);
});

// A small button in a row plays its sound without leaving the list.

function playRow(source: string): void {
  if (rowSource === source && rowSound && !rowSound.paused) return rowSound.pause();
  rowSound?.pause();
  quiet();
  rowSource = source;
  rowSound = new Audio(source);
  for (const name of ["play", "pause", "ended"]) rowSound.addEventListener(name, markRows);
  rowSound.addEventListener("error", () => rowSource === source && complain());
  rowSound.play().catch(markRows);
}

/** Shows which row plays; a list that comes anew while it does has buttons of its own. */
function markRows(): void {
  for (const link of document.querySelectorAll<HTMLAnchorElement>("a[data-play]")) {
    link.classList.toggle("is-playing", !!rowSound && !rowSound.paused && rowSource === link.href);
  }
}

document.addEventListener("htmx:after:swap", markRows);

function complain(): void {
  const notice = document.createElement("div");
  notice.className = "alert alert-warning notice";
  notice.textContent = CANNOT;
  document.querySelector("#notices")?.replaceChildren(notice);
}

document.addEventListener("click", (event) => {
  const clicked = event.target as Element;
  const audio = clicked.closest("[data-sound-toggle]")?.closest("[data-sound]")?.querySelector("audio");
  if (audio) {
    if (audio.paused) audio.play().catch(() => undefined);
    else audio.pause();
  }
  const row = clicked.closest<HTMLAnchorElement>("a[data-play]");
  if (row && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    playRow(row.href);
  }
});
