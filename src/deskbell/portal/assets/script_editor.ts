// The editor of scripts: variables put in, what fits a step's kind, rows moved by keyboard.

/** Has the form show where the answers of the chosen step lead; without a script all of them show. */
function fitWays(form: HTMLElement): void {
  const on = form.querySelector<HTMLSelectElement>('select[name="on"]');
  if (!on) return;
  for (const ways of form.querySelectorAll<HTMLElement>("[data-ways]")) ways.hidden = ways.dataset.ways !== on.value;
}

function fitAll(): void {
  for (const form of document.querySelectorAll<HTMLElement>("[data-part-form]")) fitWays(form);
}

document.addEventListener("change", (event) => {
  const form = (event.target as Element).closest<HTMLElement>("[data-part-form]");
  if (form) fitWays(form);
});

// A variable goes where the cursor is, or was.
document.addEventListener("click", (event) => {
  const button = (event.target as Element).closest<HTMLElement>("[data-insert]");
  const words = button?.closest("form")?.querySelector<HTMLTextAreaElement>("textarea[data-words]");
  if (!button || !words) return;
  words.setRangeText(button.dataset.insert ?? "", words.selectionStart, words.selectionEnd, "end");
  words.dispatchEvent(new Event("input", { bubbles: true }));
  words.focus();
});

// A greeting that is being written stays as it is, whatever is saved beside it meanwhile.
document.addEventListener("input", (event) => {
  (event.target as Element).closest("#greeting")?.setAttribute("hx-morph-skip", "");
});

let pressed = "";

document.addEventListener("click", (event) => {
  pressed = (event.target as Element).closest<HTMLElement>("#script-editor [id]:is(a, button)")?.id ?? pressed;
});

/** Alt and an arrow move the row in which one is. */
document.addEventListener("keydown", (event) => {
  const row = (event.target as Element).closest<HTMLElement>("#script-editor [data-order-item]");
  if (!row || !event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
  event.preventDefault();
  row.querySelector<HTMLButtonElement>(event.key === "ArrowUp" ? "[data-row-up]" : "[data-row-down]")?.click();
});

/** A button that is switched off at the end of its way loses the focus; its row takes it. */
function keepFocus(): void {
  const active = document.activeElement;
  if (!pressed || (active && active !== document.body && !active.matches(":disabled"))) return;
  const button = document.getElementById(pressed);
  const row = button?.closest("[data-order-item]");
  const next = button?.matches(":disabled") ? row?.querySelector<HTMLElement>("[data-row-open]") : button;
  next?.focus({ preventScroll: true });
}

document.addEventListener("htmx:after:swap", () => {
  fitAll();
  if (document.querySelector("#script-editor")) keepFocus();
});
fitAll();

document.addEventListener("scripts:changed", () => {
  document.querySelector<HTMLElement>("#panel [data-close-panel]")?.click();
  keepFocus();
});
