// A message's form saves itself as it is typed. Without Deskbell it is kept in this browser, and sent when
// Deskbell is back; what another window saved meanwhile is put together with what is here.
import { complain, desk, onAnswer, onShown, say, send, takeIn } from "./desk";
import { type Answers, type Kept, allKept, forget, isSame, keep, keptFor, merged } from "./desk_kept";
import { followAll } from "./script_form";

const WAIT = 700;
const AGAIN_AFTER = 2000;
const PREFIX = "answer-";
const who = desk?.dataset.receptionist ?? "";
const NOT_SENT = "Not sent. It is kept here, and sent as a message when Deskbell answers.";
type Says = "saved" | "saving" | "kept";

interface State {
  uuid: string;
  saveUrl: string;
  revision: number;
  base: Answers;
  isSaving: boolean;
  /** What the server wants to be put right before it saves at all. */
  trouble: string;
}

interface Answer {
  revision: number;
  saved: string;
  answers: Answers;
  error: string;
}

let state: State | null = null;
/** The form whose sending is not answered yet; it is not sent a second time meanwhile. */
let sending = "";
let isLate = false;
let timer: ReturnType<typeof setTimeout> | undefined;

function scriptHere(): HTMLElement | null {
  return document.querySelector<HTMLElement>("#desk-work [data-form]");
}

function formHere(): HTMLFormElement | null {
  return scriptHere()?.closest("form") ?? null;
}

function fields(): HTMLInputElement[] {
  return [...(scriptHere()?.querySelectorAll<HTMLInputElement>(`[name^="${PREFIX}"]`) ?? [])];
}

function answersHere(): Answers {
  const found: Answers = {};
  for (const field of fields()) {
    const key = field.name.slice(PREFIX.length);
    if (field.type === "radio") found[key] = field.checked ? field.value : (found[key] ?? "");
    else found[key] = field.value;
  }
  return found;
}

/** Puts answers into the fields, but for the one that is being typed in where it has the same. */
function putIn(answers: Answers): void {
  for (const field of fields()) {
    const value = answers[field.name.slice(PREFIX.length)] ?? "";
    if (field.type === "radio") field.checked = field.value === value;
    else if (field.value !== value) field.value = value;
  }
  followAll();
}

function tell(says: Says, words: string): void {
  const line = document.querySelector<HTMLElement>("#desk-form-state");
  if (!line) return;
  const was = line.dataset.state;
  line.dataset.state = says;
  if (says === "kept") isLate = true;
  if ((says === "kept" && was !== "kept") || (says === "saved" && isLate)) say(words);
  if (says === "saved") isLate = false;
  const place = line.querySelector<HTMLElement>("[data-words]") ?? line;
  if (place.textContent !== words) place.textContent = words;
}

function keptHere(of: State, sendUrl = "", extra: [string, string][] = []): Kept {
  const { uuid, saveUrl, revision, base } = of;
  return { uuid, who, saveUrl, sendUrl, revision, base, answers: answersHere(), extra };
}

function dataOf(kept: Kept): FormData {
  const data = new FormData();
  data.set("form_uuid", kept.uuid);
  data.set("revision", String(kept.revision));
  for (const [key, value] of Object.entries(kept.answers)) data.set(PREFIX + key, value);
  for (const [name, value] of kept.extra) data.append(name, value);
  return data;
}

function typed(): void {
  if (!state) return;
  keep(keptHere(state));
  if (!state.trouble) tell("saving", "Saving …");
  clearTimeout(timer);
  timer = setTimeout(() => void save(), WAIT);
}

async function save(): Promise<void> {
  const now = state;
  if (!now || now.isSaving || !formHere()) return;
  const kept = keptHere(now);
  now.isSaving = true;
  try {
    const answer = await send(now.saveUrl, dataOf(kept));
    await read(now, kept, answer);
  } catch {
    stays("Not saved, will be sent when Deskbell answers. Go on typing.");
  } finally {
    now.isSaving = false;
  }
}

async function read(now: State, kept: Kept, answer: Response): Promise<void> {
  if (answer.status === 401) return stays("Not saved, will be sent: sign in again in another window.");
  if (answer.status >= 500) throw new Error(answer.statusText);
  if (answer.status === 404) return stays("Not saved: this form is no longer yours to write in.", false);
  const found = (await answer.json()) as Answer;
  if (state !== now) return;
  if (answer.status === 410) return tooLate(kept, found);
  if (answer.status === 409) return together(now, kept, found);
  if (!answer.ok) {
    now.trouble = found.error;
    return stays(`Not saved. ${found.error}`, false);
  }
  now.trouble = "";
  now.revision = found.revision;
  now.base = kept.answers;
  const field = scriptHere()?.querySelector<HTMLInputElement>("[data-script-revision]");
  if (field) field.value = String(found.revision);
  if (!isSame(answersHere(), kept.answers)) return typed();
  forget(now.uuid);
  tell("saved", `Saved at ${found.saved}.`);
}

function stays(words: string, isTriedAgain = true): void {
  if (state) keep(keptHere(state));
  tell("kept", words);
  clearTimeout(timer);
  if (isTriedAgain) timer = setTimeout(() => void save(), AGAIN_AFTER);
}

/** Another window saved first: what it wrote is taken, but for what was written here. */
function together(now: State, kept: Kept, found: Answer): void {
  const { answers, both } = merged(now.base, answersHere(), found.answers);
  now.revision = found.revision;
  now.base = found.answers;
  putIn(answers);
  for (const key of both) offer(key, found.answers[key] ?? "");
  keep(keptHere(now));
  clearTimeout(timer);
  timer = setTimeout(() => void save(), 0);
}

/** The form is a message already: what was written since is shown, to be added as a note. */
function tooLate(kept: Kept, found: Answer): void {
  forget(kept.uuid);
  const later = Object.entries(kept.answers).filter(([key, value]) => value && value !== (found.answers[key] ?? ""));
  const words = later.map(([, value]) => `“${value}”`).join(", ");
  if (words) complain(`The form had been sent already, without ${words}. Add that as a note, or in another message.`);
  tell("kept", "This form was sent already, from another window.");
}

/** Where both windows wrote, what is here stays; the other is one press away. */
function offer(key: string, value: string): void {
  const field = fields().find((each) => each.name === PREFIX + key);
  const place = field?.closest(".script-field");
  if (!field || !place) return;
  place.querySelector(".desk-theirs")?.remove();
  const line = document.createElement("p");
  line.className = "desk-theirs";
  line.append(`Another window has: “${value || "nothing"}” `);
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-sm";
  button.textContent = "Take that";
  button.addEventListener("click", () => {
    putIn({ ...answersHere(), [key]: value });
    line.remove();
    field.focus();
    typed();
  });
  line.append(button);
  place.append(line);
}

// A form that was sent while nobody answered, and one whose page was closed, are sent from here.

let isFlushing = false;

async function flush(): Promise<void> {
  if (isFlushing) return;
  isFlushing = true;
  try {
    for (const kept of allKept(who)) {
      if (kept.uuid !== sending && (kept.uuid !== state?.uuid || kept.sendUrl)) await deliver(kept);
    }
  } catch {
    // Next time.
  } finally {
    isFlushing = false;
  }
}

async function deliver(kept: Kept): Promise<void> {
  const answer = await send(kept.sendUrl || kept.saveUrl, dataOf(kept));
  if (answer.status === 401 || answer.status >= 500) throw new Error(answer.statusText);
  if (answer.status === 410) return tooLate(kept, (await answer.json()) as Answer);
  if (answer.status === 409) {
    const found = (await answer.json()) as Answer;
    const { answers } = merged(kept.base, kept.answers, found.answers);
    keep({ ...kept, revision: found.revision, base: found.answers, answers });
    return;
  }
  if (kept.sendUrl) takeIn(answer, await answer.text(), "desk-work");
  forget(kept.uuid);
}

async function sendAsMessage(form: HTMLFormElement, submitter: HTMLElement | null): Promise<void> {
  if (!state) return;
  clearTimeout(timer);
  const data = new FormData(form, submitter);
  const extra = [...data].filter(([name]) => !name.startsWith(PREFIX) && !["form_uuid", "revision", "csrfmiddlewaretoken"].includes(name));
  keep(keptHere(state, form.action, extra as [string, string][]));
  const { uuid } = state;
  sending = uuid;
  try {
    const answer = await send(form.action, data);
    if (answer.status === 401 || answer.status >= 500) throw new Error(answer.statusText);
    takeIn(answer, await answer.text(), "desk-work");
    forget(uuid); // last: the field that was typed in tells of a change as it is taken away
    if (answer.status === 422) landOnFault();
  } catch {
    tell("kept", NOT_SENT);
  } finally {
    sending = "";
  }
}

/** Of a form that was not sent, the first field to put right is next. */
function landOnFault(): void {
  const fault = scriptHere()?.querySelector<HTMLElement>('[aria-invalid="true"]');
  (fault?.querySelector<HTMLElement>("[type=radio]") ?? fault)?.focus();
}

/** Takes up the form that the page shows, with what this browser kept of it. */
function takeUp(): void {
  const script = scriptHere();
  followAll(); // a form that was refused is the one that was there, drawn anew
  if (script?.dataset.form === state?.uuid) return;
  clearTimeout(timer);
  state = null;
  if (!script) return;
  const { form = "", saveUrl = "", revision = "0" } = script.dataset;
  state = { uuid: form, saveUrl, revision: Number(revision), base: answersHere(), isSaving: false, trouble: "" };
  const kept = keptFor(form, who);
  if (!kept) return;
  if (kept.sendUrl) return tell("kept", NOT_SENT);
  putIn(merged(kept.base, kept.answers, state.base).answers);
  typed();
}

if (desk) {
  for (const name of ["input", "change"]) {
    document.addEventListener(name, (event) => {
      const field = event.target as HTMLInputElement;
      if (field.name?.startsWith(PREFIX) && field.closest("#desk-work [data-form]")) typed();
    });
  }
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target as HTMLFormElement;
      if (form !== formHere() || !form.matches("[data-desk]")) return;
      event.preventDefault();
      event.stopPropagation();
      void sendAsMessage(form, event.submitter);
    },
    true,
  );
  onShown(takeUp);
  onAnswer(() => void flush());
  addEventListener("online", () => void save());
}
