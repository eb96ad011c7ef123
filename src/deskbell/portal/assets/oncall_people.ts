// On call's pages around the calendar: copying links, and putting levels in order by dragging.

document.addEventListener("click", (event) => {
  const button = (event.target as Element).closest<HTMLElement>("[data-copy]");
  const field = button?.closest("[data-copies]")?.querySelector<HTMLInputElement>("[data-copy-from]");
  if (button && field) void copy(field, button);
});

/** Copies a field's text; where the browser forbids it, selects it to be copied by hand. */
async function copy(field: HTMLInputElement, button: HTMLElement): Promise<void> {
  const says = button.querySelector<HTMLElement>("[data-copy-says]");
  field.select();
  const copied = await navigator.clipboard.writeText(field.value).then(
    () => true,
    () => document.execCommand("copy"),
  );
  if (!says) return;
  says.textContent = copied ? "Copied" : "Selected";
  says.setAttribute("role", "status");
  setTimeout(() => (says.textContent = "Copy"), 2000);
}

let dragged: HTMLElement | null = null;
let before: string[] = [];

/** What is put in order with the one that is dragged. */
function items(): HTMLElement[] {
  const list = dragged?.closest("[data-order]");
  return [...(list?.querySelectorAll<HTMLElement>(":scope > [data-order-item]") ?? [])];
}

function order(): string[] {
  return items().map((item) => item.querySelector<HTMLInputElement>('[name="order"]')?.value ?? "");
}

document.addEventListener("pointerdown", (event) => {
  const grip = (event.target as Element).closest<HTMLElement>("[data-order-grip]");
  if (!grip || event.button !== 0) return;
  event.preventDefault();
  dragged = grip.closest<HTMLElement>("[data-order-item]");
  before = order();
  grip.setPointerCapture(event.pointerId);
  dragged?.classList.add("is-dragged");
});

document.addEventListener("pointermove", (event) => {
  if (!dragged) return;
  for (const item of items()) {
    const box = item.getBoundingClientRect();
    if (item === dragged || event.clientY < box.top || event.clientY > box.bottom) continue;
    const isAfter = event.clientY > box.top + box.height / 2;
    if (isAfter) item.after(dragged);
    else item.before(dragged);
    return;
  }
});

/** Ends a drag; the new order is saved, unless it is as before or was given up. */
function drop(isKept: boolean): void {
  if (!dragged) return;
  const list = dragged.closest<HTMLElement>("[data-order]");
  const after = order();
  const byId = new Map(items().map((item, place) => [after[place] ?? "", item]));
  dragged.classList.remove("is-dragged");
  dragged = null;
  const form = list?.closest("form");
  if (!list || !form || after.join() === before.join()) return;
  if (isKept) {
    form.requestSubmit();
    return;
  }
  for (const id of before) list.append(byId.get(id)!);
}

document.addEventListener("pointerup", () => drop(true));
document.addEventListener("pointercancel", () => drop(false));
addEventListener("keydown", (event) => {
  if (event.key === "Escape") drop(false);
});
