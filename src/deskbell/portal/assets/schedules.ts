// The Schedules page: painting the week with a menu, rows of the two tables, and days of the year.

const MINUTES = 24 * 60;
const WEEK = 7 * MINUTES;
const QUARTER = 15;
const SVG = "http://www.w3.org/2000/svg";

/** Hours of one menu, in minutes from Monday's midnight; `end` is outside and may pass the week. */
interface Span {
  start: number;
  end: number;
  menu: string;
}

const form = document.querySelector<HTMLFormElement>("form[data-week]");
const week = form?.querySelector<SVGSVGElement>("#week") ?? null;
const rows = document.querySelector<HTMLElement>("#hours-rows");

function measure(name: string): number {
  return Number(week?.dataset[name]);
}

function brushes(): HTMLInputElement[] {
  return [...(form?.querySelectorAll<HTMLInputElement>('input[name="brush"]') ?? [])];
}

function minutes(typed: string): number {
  const [hour, minute] = typed.split(":").map(Number);
  return typed ? (hour ?? 0) * 60 + (minute ?? 0) : Number.NaN;
}

function clock(at: number): string {
  const within = ((at % MINUTES) + MINUTES) % MINUTES;
  return `${String(Math.floor(within / 60)).padStart(2, "0")}:${String(within % 60).padStart(2, "0")}`;
}

/** A time as the rest of the page says it: 9 AM, 11:45 AM, noon, midnight. */
function words(at: number): string {
  const within = at % MINUTES;
  if (within === 0 || within === MINUTES / 2) return within ? "noon" : "midnight";
  const [hour, minute] = [Math.floor(within / 60), within % 60];
  return `${hour % 12 || 12}${minute ? `:${String(minute).padStart(2, "0")}` : ""} ${hour < 12 ? "AM" : "PM"}`;
}

function field(row: Element, name: string): HTMLInputElement | HTMLSelectElement {
  return row.querySelector<HTMLInputElement | HTMLSelectElement>(`[name="${name}"]`)!;
}

/** What the table says; rows that are not complete are left out. */
function spans(): Span[] {
  const found: Span[] = [];
  for (const row of rows?.querySelectorAll("[data-row]") ?? []) {
    const first = minutes(field(row, "start").value);
    const last = minutes(field(row, "end").value);
    const menu = field(row, "menu").value;
    if (Number.isNaN(first) || Number.isNaN(last) || !menu) continue;
    const start = (Number(field(row, "day").value) - 1) * MINUTES + first;
    found.push({ start, end: start + ((last - first + MINUTES) % MINUTES || MINUTES), menu });
  }
  return found;
}

/** Writes the table anew from spans. */
function write(all: Span[]): void {
  const template = document.querySelector<HTMLTemplateElement>("#hours-row");
  if (!rows || !template) return;
  const made = all
    .sort((one, other) => one.start - other.start)
    .map((span) => {
      const row = (template.content.cloneNode(true) as DocumentFragment).querySelector<HTMLElement>("[data-row]")!;
      field(row, "day").value = String((Math.floor(span.start / MINUTES) % 7) + 1);
      field(row, "start").value = clock(span.start);
      field(row, "end").value = clock(span.end);
      field(row, "menu").value = span.menu;
      return row;
    });
  rows.replaceChildren(...made);
  form?.querySelector("[data-no-rows]")?.remove();
}

/** Takes the hours from `start` to `end` away from everybody; what is left keeps its row. */
function cleared(all: Span[], start: number, end: number): Span[] {
  const left: Span[] = [];
  for (const span of all) {
    // A span may reach into next week, so it is looked at where it is and a week earlier.
    let pieces: Span[] = [span];
    for (const shift of [0, WEEK]) {
      pieces = pieces.flatMap((piece) => {
        const from = start + shift;
        const to = end + shift;
        if (piece.end <= from || to <= piece.start) return [piece];
        return [
          { ...piece, end: Math.min(piece.end, from) },
          { ...piece, start: Math.max(piece.start, to) },
        ].filter((each) => each.start < each.end);
      });
    }
    left.push(...pieces.map((piece) => (piece.start < WEEK ? piece : { ...piece, start: piece.start - WEEK, end: piece.end - WEEK })));
  }
  return left;
}

/** Gives the hours of one day to a menu ("" for nobody), joined with what touches them. */
function painted(all: Span[], start: number, end: number, menu: string): Span[] {
  const left = cleared(all, start, end);
  if (!menu) return left;
  const midnight = Math.floor(start / MINUTES) * MINUTES;
  const whole = { start, end, menu };
  const others = left.filter((span) => {
    const touches = span.menu === menu && span.start >= midnight && span.end <= midnight + MINUTES;
    if (!touches || (span.end !== start && span.start !== end)) return true;
    whole.start = Math.min(whole.start, span.start);
    whole.end = Math.max(whole.end, span.end);
    return false;
  });
  return [...others, whole];
}

function shape(name: string, attributes: Record<string, string | number>): SVGElement {
  const made = document.createElementNS(SVG, name);
  for (const [each, value] of Object.entries(attributes)) made.setAttribute(each, String(value));
  return made;
}

/** Draws a stretch of one day. */
function block(day: number, start: number, end: number, brush: HTMLInputElement): SVGElement {
  const perMinute = measure("hour") / 60;
  const x = measure("left") + start * perMinute;
  const y = measure("top") + day * (measure("day") + measure("gap"));
  const width = (end - start) * perMinute;
  const group = shape("g", {});
  const title = shape("title", {});
  title.textContent = brush.dataset.name ?? "";
  group.append(title);
  group.append(shape("rect", { class: "week-block", x: x + 0.5, y, width: width - 1, height: measure("day"), rx: 4, fill: brush.dataset.color ?? "" }));
  const room = Math.floor((width - 12) / 7);
  const name = brush.dataset.name ?? "";
  if (room > 2) {
    const said = shape("text", { class: "week-said", x: x + 8, y: y + measure("day") / 2 + 4, fill: brush.dataset.ink ?? "" });
    said.textContent = name.length > room ? `${name.slice(0, room - 1)}…` : name;
    group.append(said);
  }
  return group;
}

function draw(): void {
  const blocks = week?.querySelector("#week-blocks");
  if (!blocks) return;
  const known = new Map(brushes().map((brush) => [brush.value, brush]));
  const hours = new Map<string, number>();
  const made: SVGElement[] = [];
  for (const span of spans()) {
    const brush = known.get(span.menu);
    if (!brush) continue;
    hours.set(span.menu, (hours.get(span.menu) ?? 0) + span.end - span.start);
    for (let at = span.start; at < span.end; ) {
      const end = Math.min(span.end, (Math.floor(at / MINUTES) + 1) * MINUTES);
      made.push(block(Math.floor(at / MINUTES) % 7, at % MINUTES, (at % MINUTES) + end - at, brush));
      at = end;
    }
  }
  blocks.replaceChildren(...made);
  for (const brush of brushes()) {
    const told = brush.closest("label")?.querySelector("[data-hours]");
    const whole = (hours.get(brush.value) ?? 0) / 60;
    if (told) told.textContent = whole ? `${Math.round(whole * 100) / 100} h` : "";
  }
}

/** The day (from 0) and the minute under the pointer, or the nearest. */
function under(event: PointerEvent): { day: number; minute: number } {
  const matrix = week!.getScreenCTM()!.inverse();
  const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix);
  const day = Math.floor((point.y - measure("top")) / (measure("day") + measure("gap")));
  const minute = ((point.x - measure("left")) / measure("hour")) * 60;
  return { day: Math.min(6, Math.max(0, day)), minute: Math.min(MINUTES, Math.max(0, minute)) };
}

let stroke: { day: number; minute: number; before: Span[] } | null = null;

function brushNow(): string {
  return brushes().find((brush) => brush.checked)?.value ?? "";
}

function paintTo(event: PointerEvent): void {
  if (!stroke) return;
  const to = under(event);
  const low = Math.min(stroke.minute, to.minute);
  const high = Math.max(stroke.minute, to.minute);
  const start = Math.floor(low / QUARTER) * QUARTER;
  const end = Math.min(MINUTES, Math.max(start + QUARTER, Math.ceil(high / QUARTER) * QUARTER));
  let all = stroke.before;
  for (let day = Math.min(stroke.day, to.day); day <= Math.max(stroke.day, to.day); day++) {
    all = painted(all, day * MINUTES + start, day * MINUTES + end, brushNow());
  }
  write(all);
  draw();
  say(start, end);
}

function say(start: number, end: number): void {
  const hint = form?.querySelector<HTMLElement>("[data-script]");
  if (hint) hint.textContent = `${words(start)} to ${words(end)}`;
}

function edited(): void {
  form?.dispatchEvent(new Event("input", { bubbles: true }));
}

week?.addEventListener("pointerdown", (event) => {
  if (event.pointerType === "touch" || event.button !== 0) return;
  event.preventDefault();
  week.setPointerCapture(event.pointerId);
  stroke = { ...under(event), before: spans() };
  paintTo(event);
});
week?.addEventListener("pointermove", (event) => paintTo(event));
week?.addEventListener("pointerup", () => {
  if (stroke) edited();
  stroke = null;
});
// A finger scrolls; its tap paints an hour.
week?.addEventListener("click", (event) => {
  if ((event as PointerEvent).pointerType !== "touch") return;
  const { day, minute } = under(event as PointerEvent);
  const start = Math.min(23, Math.floor(minute / 60)) * 60;
  write(painted(spans(), day * MINUTES + start, day * MINUTES + start + 60, brushNow()));
  draw();
  edited();
});
addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !stroke) return;
  write(stroke.before);
  stroke = null;
  draw();
});

document.addEventListener("input", (event) => {
  if (rows?.contains(event.target as Node)) draw();
  if ((event.target as Element).closest("form[data-days]")) drawYear();
});

/** Paints the days of the year that shows as the table of special days says. */
function drawYear(): void {
  const known = new Map(brushes().map((brush) => [brush.value, brush]));
  const days = [...document.querySelectorAll("#days-rows [data-row]")].map((row) => ({
    first: field(row, "first").value,
    last: field(row, "last").value || field(row, "first").value,
    brush: known.get(field(row, "menu").value),
  }));
  for (const cell of document.querySelectorAll<SVGElement>("form[data-days] [data-date]")) {
    const date = cell.dataset.date ?? "";
    const brush = days.find((each) => each.brush && each.first <= date && date <= each.last)?.brush;
    cell.classList.toggle("is-painted", Boolean(brush));
    for (const [part, paint] of [["rect", brush?.dataset.color], ["text", brush?.dataset.ink]] as const) {
      if (paint) cell.querySelector(part)?.setAttribute("fill", paint);
      else cell.querySelector(part)?.removeAttribute("fill");
    }
  }
}

/** Adds an empty row and gives it the keyboard. */
function addRow(kind: string): HTMLElement | null {
  const into = document.getElementById(`${kind}-rows`);
  const template = document.querySelector<HTMLTemplateElement>(`#${kind}-row`);
  const row = (template?.content.cloneNode(true) as DocumentFragment | undefined)?.querySelector<HTMLElement>("[data-row]");
  if (!into || !row) return null;
  const before = into.lastElementChild;
  const menu = document.querySelector<HTMLSelectElement>('[name="holiday_menu"]')?.value ?? "";
  field(row, "menu").value = (before && field(before, "menu").value) || (kind === "days" ? menu : brushNow());
  into.append(row);
  into.parentElement?.querySelector("[data-no-rows]")?.remove();
  row.querySelector<HTMLElement>("select, input")?.focus();
  return row;
}

document.addEventListener("click", (event) => {
  const clicked = event.target as Element;
  const adder = clicked.closest<HTMLElement>("[data-add-row]");
  if (adder) {
    event.preventDefault();
    addRow(adder.dataset.addRow ?? "");
    draw();
  }
  const dropper = clicked.closest<HTMLElement>("[data-drop-row]");
  if (dropper) {
    event.preventDefault();
    const row = dropper.closest<HTMLElement>("[data-row]");
    const next = row?.nextElementSibling ?? row?.previousElementSibling;
    const adds = dropper.closest("form")?.querySelector<HTMLElement>("[data-add-row]");
    dropper.closest("form")?.dispatchEvent(new Event("input", { bubbles: true }));
    row?.remove();
    (next?.querySelector<HTMLElement>("[data-drop-row]") ?? adds)?.focus();
    draw();
    drawYear();
  }
  const day = clicked.closest<SVGElement>("form[data-days] [data-date]");
  if (day) pickDay(day.dataset.date ?? "");
});

/** Goes to the row of a day, or adds one for it. */
function pickDay(picked: string): void {
  const list = document.querySelector("#days-rows");
  for (const row of list?.querySelectorAll<HTMLElement>("[data-row]") ?? []) {
    if (field(row, "first").value <= picked && picked <= field(row, "last").value) {
      field(row, "menu").focus();
      return;
    }
  }
  const row = addRow("days");
  if (!row) return;
  field(row, "first").value = picked;
  field(row, "last").value = picked;
  field(row, "menu").focus();
  row.closest("form")?.dispatchEvent(new Event("input", { bubbles: true }));
}

if (form) for (const hint of form.querySelectorAll<HTMLElement>("[data-script]")) hint.hidden = false;
