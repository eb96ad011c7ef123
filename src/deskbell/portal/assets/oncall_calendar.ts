// The Oncall Calendar's forms: what fits the rule shows, days follow each other, and words on hover.
import "./oncall_drag";

/** Has the form show what fits its choices; without a script all of it shows. */
function fit(form: HTMLFormElement): void {
  const value = (name: string): string => String(new FormData(form).get(name) ?? "");
  const rule = form.querySelector<HTMLElement>("[data-rule]");
  if (rule) {
    rule.dataset.frequency = value("frequency") || rule.dataset.frequency;
    rule.dataset.monthly = value("monthly_by") || "days";
    rule.dataset.ending = value("ending") || "never";
    form.dataset.scope = value("scope");
  }
  const cover = form.querySelector<HTMLElement>("[data-cover]");
  if (cover) cover.dataset.cover = value("kind");
}

const FORMS = "form[data-event-form], form[data-cover-form]";
const shown = new WeakMap<HTMLInputElement, string>();

/** Moves the last day along with the first. */
function follow(first: HTMLInputElement): void {
  const last = first.form?.elements.namedItem("ends_date") as HTMLInputElement | null;
  const before = shown.get(first) ?? first.defaultValue;
  shown.set(first, first.value);
  if (!last?.value || !before || !first.value) return;
  const moved = Date.parse(last.value) + Date.parse(first.value) - Date.parse(before);
  if (!Number.isNaN(moved)) last.value = new Date(moved).toISOString().slice(0, 10);
}

document.addEventListener("input", (event) => {
  const field = event.target as HTMLInputElement;
  if (field.matches("[data-people-search]")) {
    const wanted = field.value.trim().toLowerCase();
    for (const person of field.closest("[data-people]")?.querySelectorAll<HTMLElement>("[data-person]") ?? []) {
      person.hidden = !(person.dataset.person ?? "").includes(wanted);
    }
  }
  if (field.name === "starts_date" && field.form?.matches(FORMS)) follow(field);
});

document.addEventListener("change", (event) => {
  const field = event.target as HTMLInputElement;
  if (field.form?.matches(FORMS)) fit(field.form);
  if (field.id === "cal-date" && field.value) field.form?.requestSubmit();
});

function prepare(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>(FORMS)) fit(form);
  for (const part of document.querySelectorAll<HTMLElement>("#panel [data-script], .cal-panel-page [data-script]")) part.hidden = false;
}

/** What was said of the last change would lie over the panel of the next. */
function clearNotices(event: Event): void {
  const panel = document.querySelector("#panel");
  const { ctx } = (event as CustomEvent).detail;
  const isOpened = ctx?.target === panel && panel?.childElementCount && ctx.request?.method === "GET";
  if (isOpened && document.querySelector("#calendar")) document.querySelector("#notices")?.replaceChildren();
}

document.addEventListener("htmx:after:swap", (event) => (prepare(), clearNotices(event)));
prepare();

document.addEventListener("oncall:changed", () => {
  document.querySelector<HTMLElement>("#panel [data-close-panel]")?.click();
  document.querySelector<HTMLDialogElement>("#dialog[open]")?.close();
});
document.addEventListener("click", (event) => {
  const closer = (event.target as Element).closest("a[data-close-panel]");
  if (closer && document.querySelector("#panel")?.contains(closer)) event.preventDefault();
});

// Words about a block, on hover and on focus; a reader hears them as part of its link.
const tip = document.createElement("div");
tip.className = "tip";
tip.hidden = true;
tip.setAttribute("aria-hidden", "true");

function showTip(target: Element | null, at: { x: number; y: number } | null): void {
  const about = target?.closest?.<HTMLElement>("#calendar [data-tip]");
  tip.hidden = !about || document.body.classList.contains("is-dragging");
  if (!about || tip.hidden) return;
  if (!tip.isConnected) document.querySelector("#main")?.append(tip);
  tip.textContent = about.dataset.tip ?? "";
  const box = about.getBoundingClientRect();
  const left = at ? at.x + 12 : box.left;
  const below = at ? at.y + 16 : Math.max(64, Math.min(box.bottom + 8, innerHeight - tip.offsetHeight - 8));
  const top = below + tip.offsetHeight > innerHeight ? below - tip.offsetHeight - 24 : below;
  tip.style.top = `${top}px`;
  tip.style.left = `${Math.max(8, Math.min(left, innerWidth - tip.offsetWidth - 12))}px`;
}

document.addEventListener("pointerover", (event) => event.pointerType === "mouse" && showTip(event.target as Element, event));
document.addEventListener("focusin", (event) => {
  const target = event.target as Element;
  if (target.matches(":focus-visible")) showTip(target, null);
});
document.addEventListener("focusout", () => (tip.hidden = true));
document.addEventListener("pointerdown", () => (tip.hidden = true));
addEventListener("scroll", () => (tip.hidden = true), true);
