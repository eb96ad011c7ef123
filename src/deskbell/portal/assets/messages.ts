// The Messages page: the panel at the side, ticked rows, the search field's shortcut, undo.

const panel = document.querySelector<HTMLElement>("#panel");
let openedFrom = "";
type Place = "panel" | "notices" | number | null;
let place: Place = null;

function ticks(): HTMLInputElement[] {
  return [...document.querySelectorAll<HTMLInputElement>("[data-tick]")];
}

/** Says how many rows are ticked; called after every change of the rows and of their boxes. */
export function countTicks(): void {
  const all = ticks();
  const chosen = all.filter((box) => box.checked).length;
  const count = document.querySelector<HTMLElement>("[data-bulk-count]");
  const button = document.querySelector<HTMLButtonElement>("[data-bulk-button]");
  const every = document.querySelector<HTMLInputElement>("[data-tick-all]");
  if (count) {
    const text = chosen ? `${chosen} selected` : "Tick several to acknowledge them at once.";
    if (count.textContent !== text) count.textContent = text;
  }
  if (button) button.disabled = chosen === 0;
  if (every) {
    every.checked = chosen > 0 && chosen === all.length;
    every.indeterminate = chosen > 0 && chosen < all.length;
  }
}

function markOpenRow(): void {
  for (const row of document.querySelectorAll("tr.is-open")) row.classList.remove("is-open");
  if (panel && !panel.hidden && openedFrom) {
    document.getElementById(openedFrom)?.closest("tr")?.classList.add("is-open");
  }
}

/** The row that the panel was opened from; where it left the list meanwhile, the first, or the page. */
function whereItOpened(): HTMLElement | null {
  return document.getElementById(openedFrom) ?? document.querySelector<HTMLElement>("a.open, main");
}

function closePanel(): void {
  if (!panel || panel.hidden) return;
  const hadFocus = panel.contains(document.activeElement);
  panel.hidden = true;
  panel.replaceChildren();
  document.body.classList.remove("panel-open");
  if (hadFocus) whereItOpened()?.focus({ preventScroll: !document.getElementById(openedFrom) });
  markOpenRow();
}

document.addEventListener("change", (event) => {
  const box = event.target as HTMLInputElement;
  if (box.matches("[data-tick-all]")) for (const each of ticks()) each.checked = box.checked;
  if (box.matches("[data-tick], [data-tick-all]")) countTicks();
});

document.addEventListener("click", (event) => {
  const clicked = event.target as Element;
  if (clicked.closest("[data-close-panel]")) closePanel();
  const opener = clicked.closest<HTMLElement>('[hx-target="#panel"]');
  if (opener) openedFrom = opener.id;
});

document.addEventListener("keydown", (event) => {
  const typing = (event.target as Element).matches("input, textarea, select");
  if (event.key === "Escape") closePanel();
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
    const search = document.querySelector<HTMLInputElement>("[data-search]");
    if (search) {
      event.preventDefault();
      search.select();
    }
  }
});

/** Fields whose filter is wrong say so to those who do not see the words beside them. */
function markWrongFilters(): void {
  for (const says of document.querySelectorAll<HTMLElement>("[data-says]")) {
    const field = document.getElementById(says.dataset.says ?? "");
    if (says.childElementCount) field?.setAttribute("aria-invalid", "true");
    else field?.removeAttribute("aria-invalid");
  }
}

const NOTICE_STAYS = 10_000;
const leaving = new WeakMap<Element, ReturnType<typeof setTimeout>>();

/** A notice with an Undo button goes after ten seconds in which nobody was at it. */
function letPass(notice: Element): void {
  clearTimeout(leaving.get(notice));
  leaving.set(notice, setTimeout(() => notice.remove(), NOTICE_STAYS));
}

function passing(within: EventTarget | null): Element | null {
  const notice = within instanceof Element ? within.closest(".notice") : null;
  return notice?.querySelector("[data-passing]") ? notice : null;
}

function startPassing(): void {
  for (const form of document.querySelectorAll("[data-passing]")) {
    const notice = form.closest(".notice");
    if (notice && !leaving.has(notice)) letPass(notice);
  }
}

for (const name of ["pointerover", "focusin"]) {
  document.addEventListener(name, (event) => {
    const notice = passing(event.target);
    if (notice) clearTimeout(leaving.get(notice));
  });
}

for (const name of ["pointerout", "focusout"]) {
  document.addEventListener(name, (event) => {
    const notice = passing(event.target);
    const to = (event as PointerEvent | FocusEvent).relatedTarget;
    if (notice && !(to instanceof Node && notice.contains(to))) letPass(notice);
  });
}

document.addEventListener("keydown", (event) => {
  const typing = (event.target as Element).matches("input:not([type=checkbox]), textarea, select");
  if (typing || event.shiftKey || !(event.ctrlKey || event.metaKey)) return;
  const form = document.querySelector<HTMLFormElement>("form[data-passing]");
  if (event.key.toLowerCase() !== "z" || !form) return;
  event.preventDefault();
  form.requestSubmit();
});

function rows(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("tr.message")];
}

/** Where the person is: in the panel, at a notice, in a row (its place in the list), or elsewhere. */
function placeOfFocus(): Place {
  const active = document.activeElement;
  if (panel?.contains(active)) return "panel";
  if (active?.closest("#notices")) return "notices";
  const row = active?.closest<HTMLElement>("tr.message");
  return row ? rows().indexOf(row) : null;
}

/** Acknowledging takes its own button away; people who use the keyboard stay where they were. */
function keepPlace(): void {
  if (place === null || document.activeElement !== document.body) return;
  const all = rows();
  const row = typeof place === "number" ? all[Math.min(place, all.length - 1)] : null;
  const next = place === "panel" ? panel : row?.querySelector<HTMLElement>(".col-do button");
  (next ?? document.querySelector<HTMLElement>("main"))?.focus({ preventScroll: true });
}

document.addEventListener("htmx:before:swap", () => (place = placeOfFocus()));

document.addEventListener("htmx:after:swap", (event) => {
  const { ctx } = (event as CustomEvent).detail;
  if (ctx.target === panel && panel && panel.childElementCount) {
    panel.hidden = false;
    panel.scrollTop = 0;
    document.body.classList.add("panel-open");
    panel.focus({ preventScroll: true });
  }
  markOpenRow();
  countTicks();
  markWrongFilters();
  startPassing();
  keepPlace();
});

countTicks();
markWrongFilters();
startPassing();
