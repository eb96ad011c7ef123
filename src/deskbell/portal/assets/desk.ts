// The receptionist's desk: it asks every second, shows only what changed, and sends what is pressed.

export const desk = document.querySelector<HTMLElement>("#desk");

type Listener = () => void;

const afterShowing: Listener[] = [];
const afterAnswer: Listener[] = [];
const offline = document.querySelector<HTMLElement>("#offline");
let tag = desk?.dataset.tag ?? "";
let ahead = Number(desk?.dataset.now ?? 0) - Date.now();
let isAsking = false;
let said = document.querySelector<HTMLElement>("#desk-call")?.dataset.says ?? "";

/** Calls `listener` now and after each change of what the desk shows. */
export function onShown(listener: Listener): void {
  if (!desk) return;
  afterShowing.push(listener);
  listener();
}

/** Calls `listener` whenever Deskbell has answered. */
export function onAnswer(listener: Listener): void {
  afterAnswer.push(listener);
}

/** Whether what is typed now goes into this element. */
export function isTyping(element: Element | null): boolean {
  const types = "input:not([type=checkbox], [type=radio], [type=button]), textarea, select, [contenteditable]";
  return Boolean(element?.matches(types));
}

function cookie(name: string): string {
  const found = document.cookie.split("; ").find((each) => each.startsWith(`${name}=`));
  return found?.slice(name.length + 1) ?? "";
}

/** Sends a form's fields, with the token of now: signing in again, in another window, renews it. */
export async function send(address: string, fields: FormData): Promise<Response> {
  fields.delete("csrfmiddlewaretoken");
  const headers = { "HX-Request": "true", "X-CSRFToken": cookie("csrftoken") };
  const answer = await fetch(address, { method: "POST", body: fields, headers });
  for (const each of afterAnswer) each();
  return answer;
}

// What the desk shows comes in regions; each says by its state whether it is the one that is there.

function replace(old: HTMLElement, fresh: HTMLElement): void {
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const open = [...old.querySelectorAll<HTMLDetailsElement>("details[open][id]")].map((each) => each.id);
  old.replaceWith(fresh);
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  if (!focused) return;
  const same = focused.id ? document.getElementById(focused.id) : null;
  const next = same?.checkVisibility() ? same : fresh.querySelector<HTMLElement>("[data-lands]");
  (next ?? document.querySelector<HTMLElement>("main"))?.focus({ preventScroll: next === same });
}

/** Puts regions in their places, but for those whose state is the same; `isForced` is put anyway. */
function show(html: string, isForced = ""): void {
  const made = document.createElement("template");
  made.innerHTML = html;
  const call = document.querySelector("#desk-call");
  for (const fresh of made.content.querySelectorAll<HTMLElement>("[data-region]")) {
    const old = document.getElementById(fresh.id);
    if (desk?.dataset.fixed !== undefined && fresh.id !== isForced) continue;
    if (old && (old.dataset.state !== fresh.dataset.state || fresh.id === isForced)) replace(old, fresh);
  }
  const notices = made.content.querySelector("[data-notices]");
  if (notices?.childElementCount) document.querySelector("#notices")?.replaceChildren(...notices.children);
  else if (!call?.isConnected) for (const old of document.querySelectorAll("#notices .alert-success")) old.remove();
  tick();
  for (const each of afterShowing) each();
  landOnForm();
  sayStanding();
}

/** Says something to those who do not see it. */
export function say(words: string): void {
  const place = document.querySelector<HTMLElement>("#desk-said");
  if (place) place.textContent = words;
}

function sayStanding(): void {
  const words = document.querySelector<HTMLElement>("#desk-call")?.dataset.says ?? "";
  if (words !== said) say(words);
  said = words;
}

let formWas = document.querySelector("#desk-work form")?.id ?? "";

/** A call that was just answered is written down: its first field is next, unless one types elsewhere. */
function landOnForm(): void {
  const form = document.querySelector<HTMLFormElement>("#desk-work form");
  const isNew = form !== null && form.id !== formWas;
  formWas = form?.id ?? "";
  const isElsewhere = isTyping(document.activeElement) || document.querySelector("dialog[open]");
  if (!isNew || isElsewhere) return;
  if (!form.closest("details")) form.querySelector<HTMLElement>("[name^=answer-]")?.focus();
}

/** Asks what changed; with nothing changed the answer has no body. */
export async function ask(): Promise<void> {
  if (!desk || isAsking) return;
  isAsking = true;
  try {
    const headers = { "HX-Request": "true", "If-None-Match": tag };
    const answer = await fetch(desk.dataset.liveUrl ?? "", { headers, signal: AbortSignal.timeout(10_000) });
    if (answer.status === 401 || answer.status === 403) return location.reload();
    if (offline) offline.hidden = answer.status < 500;
    if (answer.status < 500) for (const each of afterAnswer) each();
    if (answer.status === 304) tag = answer.headers.get("ETag") ?? tag;
    if (answer.status === 200) takeIn(answer, await answer.text());
  } catch {
    if (offline) offline.hidden = false;
  } finally {
    isAsking = false;
  }
}

/** Shows an answer's regions, and remembers which they are. */
export function takeIn(answer: Response, html: string, isForced = ""): void {
  const elsewhere = answer.headers.get("HX-Redirect");
  if (elsewhere) return location.assign(elsewhere);
  tag = answer.headers.get("ETag") ?? tag;
  ahead = Number(answer.headers.get("X-Desk-Now") ?? Date.now()) - Date.now();
  show(html, isForced);
}

// How long something has lasted, or will.

function onClock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const rest = `${String(Math.floor(whole / 60) % 60).padStart(whole < 3600 ? 1 : 2, "0")}:${String(whole % 60).padStart(2, "0")}`;
  return whole < 3600 ? rest : `${Math.floor(whole / 3600)}:${rest}`;
}

function tick(): void {
  const now = Date.now() + ahead;
  for (const place of document.querySelectorAll<HTMLElement>("[data-since], [data-until]")) {
    const { since, until } = place.dataset;
    const seconds = since ? (now - Date.parse(since)) / 1000 : (Date.parse(until ?? "") - now) / 1000;
    const text = onClock(seconds);
    if (place.textContent !== text) place.textContent = text;
  }
}

// What is pressed is sent, and what came of it is shown.

export function complain(words: string): void {
  const notice = document.createElement("div");
  notice.className = "alert alert-danger notice";
  notice.textContent = words;
  document.querySelector("#notices")?.replaceChildren(notice);
}

const dialog = (): HTMLDialogElement | null => document.querySelector<HTMLDialogElement>("#dialog");

/** Sends a form of the desk and shows what came of it. */
async function submit(form: HTMLFormElement, fields: FormData): Promise<void> {
  if (form.getAttribute("aria-busy") === "true") return;
  form.setAttribute("aria-busy", "true");
  try {
    const answer = await send(form.action, fields);
    const html = await answer.text();
    if (answer.status === 401) location.reload();
    else if (form.closest("dialog") && answer.status === 422) stay(html);
    else if (answer.ok || answer.status === 422) done(form, answer, html);
    else complain("That was not done: the page is older than what it shows. Load it again.");
  } catch {
    complain("Deskbell did not answer, so nothing was done. Try it again.");
  } finally {
    form.removeAttribute("aria-busy");
  }
}

/** A dialog that was refused says why. */
function stay(html: string): void {
  const place = dialog();
  if (!place) return;
  place.innerHTML = html;
  place.querySelector<HTMLElement>("[aria-invalid], .is-invalid, [autofocus]")?.focus();
}

async function openDialog(address: string): Promise<void> {
  const answer = await fetch(address, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (answer?.status === 401) return location.reload();
  if (!answer?.ok) return complain(answer ? "That cannot be done now." : "Deskbell does not answer. Try it again.");
  const place = dialog();
  if (!place) return;
  place.innerHTML = await answer.text();
  place.showModal();
}

/** A list gets shorter as one types; a name chooses the first line that begins with it, or else has it; a number is
 * itself what is chosen. */
function narrow(field: HTMLInputElement): void {
  const wanted = field.value.trim().toLowerCase();
  const list = document.getElementById(field.dataset.narrows ?? "");
  const all = [...(list?.querySelectorAll<HTMLElement>("[data-words]") ?? [])];
  const isNumber = /^[+\d\s().-]*$/.test(wanted);
  const fits = (each: HTMLElement) => Boolean(each.dataset.words?.toLowerCase().includes(wanted));
  for (const each of all) each.hidden = !fits(each);
  const left = isNumber ? [] : all.filter((each) => !each.hidden);
  const meant = left.find((each) => each.dataset.words?.toLowerCase().startsWith(wanted)) ?? left[0];
  const first = meant?.querySelector<HTMLInputElement>("[type=radio]");
  const radio = first ?? list?.querySelector<HTMLInputElement>("[data-is-number]");
  if (radio) radio.checked = true;
  const none = list?.querySelector<HTMLElement>("[data-none]");
  if (none) none.hidden = isNumber || all.some((each) => !each.hidden);
}

function done(form: HTMLFormElement, answer: Response, html: string): void {
  if (form.closest("dialog")) dialog()?.close();
  takeIn(answer, html, form.closest<HTMLElement>("[data-region]")?.id);
}

if (desk) {
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (!form.matches("form[data-desk]") || event.defaultPrevented) return;
    event.preventDefault();
    void submit(form, new FormData(form, event.submitter));
  });
  document.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const opener = (event.target as Element).closest<HTMLAnchorElement>("a[data-desk-dialog], a[data-shows-dialog]");
    if (!opener) return;
    event.preventDefault();
    const shown = opener.dataset.showsDialog;
    if (shown) document.querySelector<HTMLDialogElement>(`#${shown}`)?.showModal();
    else void openDialog(opener.href);
  });
  document.addEventListener("input", (event) => {
    const field = event.target as HTMLInputElement;
    if (field.matches("[data-narrows]")) narrow(field);
  });
  const clock = new Worker(desk.dataset.clock ?? "");
  clock.onmessage = () => {
    tick();
    void ask();
  };
  tick();
}
