// Sounds on the attendant's pages: text spoken while one types, and uploads.
import { onClock, onQuiet, quiet } from "./sound";

let context: AudioContext | null = null;
let spoken: AudioBufferSourceNode | null = null;
let listening: HTMLElement | null = null;
let asked = 0;

onQuiet(stopListening);

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
  const button = (event.target as Element).closest<HTMLButtonElement>("button[data-listen]");
  if (!button) return;
  event.preventDefault();
  if (listening === button) {
    stopListening();
    say(button, "");
  } else {
    void listen(button);
  }
});
