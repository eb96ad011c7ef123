// Sounds on the attendant's pages: players with a picture, text spoken while one types, and uploads.

let rowSound: HTMLAudioElement | null = null;
let rowLink: HTMLElement | null = null;
let context: AudioContext | null = null;
let spoken: AudioBufferSourceNode | null = null;
let listening: HTMLElement | null = null;
let asked = 0;

function onClock(seconds: number): string {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

function quiet(except: HTMLMediaElement | null = null): void {
  for (const audio of document.querySelectorAll("audio")) if (audio !== except) audio.pause();
  if (rowSound && rowSound !== except) rowSound.pause();
  stopListening();
}

// A player: button, picture with the part that was heard, and a slider that lies over it.

function partsOf(sound: Element) {
  return {
    audio: sound.querySelector("audio"),
    toggle: sound.querySelector<HTMLElement>("[data-sound-toggle]"),
    seek: sound.querySelector<HTMLInputElement>("[data-sound-seek]"),
    time: sound.querySelector<HTMLElement>("[data-sound-time]"),
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

document.addEventListener("input", (event) => {
  const seek = event.target as HTMLInputElement;
  if (!seek.matches("[data-sound-seek]")) return;
  const sound = seek.closest("[data-sound]");
  const audio = sound?.querySelector("audio");
  if (sound && audio) audio.currentTime = Number(seek.value);
});

// A small button in a row plays its sound without leaving the list.

function playRow(link: HTMLAnchorElement): void {
  if (rowLink === link && rowSound && !rowSound.paused) return rowSound.pause();
  rowSound?.pause();
  quiet();
  rowLink = link;
  rowSound = new Audio(link.href);
  const mark = () => link.classList.toggle("is-playing", !!rowSound && !rowSound.paused && rowLink === link);
  for (const name of ["play", "pause", "ended"]) rowSound.addEventListener(name, mark);
  rowSound.play().catch(mark);
}

// Listen: the typed text comes back as sound. It is decoded here, since the page may only play
// files of this server, and this sound is nobody's file.

function say(button: HTMLElement, words: string): void {
  const status = document.getElementById(button.dataset.listen ?? "");
  if (status) status.textContent = words;
}

function stopListening(): void {
  asked += 1;
  try {
    spoken?.stop();
  } catch {
    // It had ended by itself.
  }
  spoken = null;
  listening?.classList.remove("is-playing", "is-waiting");
  listening?.removeAttribute("aria-busy");
  listening = null;
}

async function listen(button: HTMLButtonElement): Promise<void> {
  quiet();
  const mine = asked;
  listening = button;
  button.classList.add("is-waiting");
  button.setAttribute("aria-busy", "true");
  say(button, "Speaking…");
  context ??= new AudioContext();
  void context.resume();
  try {
    const form = new FormData(button.form ?? undefined);
    form.delete("file");
    form.set(button.name, button.value);
    const answer = await fetch(button.formAction, { method: "POST", body: form, headers: { "HX-Request": "true" } });
    if (mine !== asked) return;
    if (!answer.ok) throw new Error(answer.status < 500 || answer.status === 503 ? await answer.text() : "");
    const sound = await context.decodeAudioData(await answer.arrayBuffer());
    if (mine !== asked) return;
    spoken = context.createBufferSource();
    spoken.buffer = sound;
    spoken.connect(context.destination);
    spoken.addEventListener("ended", () => mine === asked && stopListening());
    spoken.start();
    button.classList.replace("is-waiting", "is-playing");
    button.removeAttribute("aria-busy");
    say(button, `${onClock(sound.duration)} long, as callers hear it`);
  } catch (error) {
    if (mine !== asked) return;
    stopListening();
    const words = error instanceof Error ? error.message : "";
    say(button, words && words.length < 400 ? words : "Deskbell did not answer; try again.");
  }
}

// An upload starts when the file is chosen, so that one sees and hears it before saving.

function showUpload(box: HTMLElement, shown: "idle" | "busy" | "wrong", words = ""): void {
  const bar = box.querySelector("progress");
  const status = box.querySelector<HTMLElement>("[data-upload-status]");
  const field = box.querySelector<HTMLInputElement>("input[type=file]");
  if (bar) bar.hidden = shown !== "busy";
  if (status) {
    status.textContent = words;
    status.classList.toggle("field-error", shown === "wrong");
  }
  field?.classList.toggle("is-invalid", shown === "wrong");
  if (shown === "wrong") field?.setAttribute("aria-invalid", "true");
  else field?.removeAttribute("aria-invalid");
}

function upload(box: HTMLElement, field: HTMLInputElement): void {
  const file = field.files?.[0];
  if (!file) return;
  const most = Number(box.dataset.uploadMost);
  if (file.size > most) {
    field.value = "";
    return showUpload(box, "wrong", `${file.name} has ${(file.size / 1048576).toFixed(1)} MiB; up to ${most / 1048576} MiB can be uploaded.`);
  }
  const form = new FormData();
  form.append("file", file);
  form.append("csrfmiddlewaretoken", field.form?.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]")?.value ?? "");
  const asking = new XMLHttpRequest();
  asking.open("POST", box.dataset.upload ?? "");
  asking.setRequestHeader("HX-Request", "true");
  const bar = box.querySelector("progress");
  asking.upload.addEventListener("progress", (event) => {
    if (bar && event.lengthComputable) bar.value = event.loaded / event.total;
  });
  asking.addEventListener("load", () => {
    field.value = "";
    if (asking.status !== 200) {
      const plain = asking.getResponseHeader("Content-Type")?.startsWith("text/plain");
      return showUpload(box, "wrong", plain ? asking.responseText : "The file could not be uploaded; try again.");
    }
    const kept = box.querySelector<HTMLElement>("[data-upload-kept]");
    if (kept) kept.innerHTML = asking.responseText;
    showUpload(box, "idle", `${file.name} is uploaded; save to use it.`);
    kept?.querySelector<HTMLElement>("[data-sound-toggle]")?.focus();
  });
  asking.addEventListener("error", () => showUpload(box, "wrong", "The file did not arrive; check the connection, then choose it again."));
  if (bar) bar.value = 0;
  showUpload(box, "busy", `Uploading ${file.name} …`);
  asking.send(form);
}

document.addEventListener("change", (event) => {
  const field = event.target as HTMLInputElement;
  const box = field.closest<HTMLElement>("[data-upload]");
  if (box && field.type === "file") upload(box, field);
});

document.addEventListener("click", (event) => {
  const clicked = event.target as Element;
  const toggle = clicked.closest("[data-sound-toggle]");
  const audio = toggle?.closest("[data-sound]")?.querySelector("audio");
  if (audio) {
    if (audio.paused) void audio.play();
    else audio.pause();
  }
  const row = clicked.closest<HTMLAnchorElement>("a[data-play]");
  if (row && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    playRow(row);
  }
  const button = clicked.closest<HTMLButtonElement>("button[data-listen]");
  if (button) {
    event.preventDefault();
    if (listening === button) {
      stopListening();
      say(button, "");
    } else {
      void listen(button);
    }
  }
});
