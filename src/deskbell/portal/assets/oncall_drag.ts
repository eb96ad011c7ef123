// Making, moving and stretching events on the calendar: with the pointer, a finger, or the arrow keys.
import htmx from "htmx.org";
import { clearGhost, DAY, drawGhost, endOf, type Lane, laneOf, lanesBeside, minuteAt, minutesOf, QUARTER, say, snapped, type Span, words, written } from "./oncall_times";

type Kind = "make" | "move" | "starts" | "ends";

interface Drag {
  kind: Kind;
  block: HTMLElement | null;
  lanes: Lane[];
  level: string;
  grabbed: number;
  was: Span;
  now: Span;
  x: number;
  y: number;
  isOn: boolean;
  hold: number;
}

const NEAR = 5;
const HOLD_MS = 350;
let drag: Drag | null = null;
let pending: { block: HTMLElement; lanes: Lane[]; was: Span; now: Span } | null = null;

function mayEdit(): boolean {
  return document.querySelector<HTMLElement>("#calendar")?.dataset.canEdit === "yes";
}

function spanOf(block: HTMLElement): Span {
  return { start: minutesOf(block.dataset.starts ?? ""), end: endOf(minutesOf(block.dataset.ends ?? "")) };
}

function piecesOf(block: HTMLElement): NodeListOf<HTMLElement> {
  return document.querySelectorAll(`.block[data-event="${block.dataset.event}"][data-on="${block.dataset.on}"]`);
}

function hold(block: HTMLElement | null, held: boolean): void {
  if (block) for (const piece of piecesOf(block)) piece.classList.toggle("is-held", held);
}

/** What a press on the calendar would do; null where there is nothing to drag. */
function begun(event: PointerEvent): Drag | null {
  const target = event.target as Element;
  const element = target.closest<HTMLElement>("#calendar :is(.hours-in, .line-in)");
  if (!element || !mayEdit() || getComputedStyle(element).display === "grid") return null;
  const lane = laneOf(element);
  const lanes = lanesBeside(lane);
  const at = minuteAt(lanes, event.clientX, event.clientY);
  const block = target.closest<HTMLElement>(".block");
  if (block && !block.dataset.event) return null;
  const grip = target.closest<HTMLElement>("[data-grip]")?.dataset.grip as Kind | undefined;
  const start = snapped(at - QUARTER / 2);
  const was = block ? spanOf(block) : { start, end: start + QUARTER };
  return { kind: block ? grip ?? "move" : "make", block, lanes, level: lane.level, grabbed: at, was, now: was, x: event.clientX, y: event.clientY, isOn: false, hold: 0 };
}

/** The span that a drag means while the pointer is at a minute. */
function dragged(from: Drag, at: number): Span {
  const { was } = from;
  if (from.kind === "make") {
    const low = Math.min(from.grabbed, at);
    const start = Math.floor(low / QUARTER) * QUARTER;
    return { start, end: Math.max(start + QUARTER, Math.ceil(Math.max(from.grabbed, at) / QUARTER) * QUARTER) };
  }
  if (from.kind === "starts") return { start: Math.min(was.end - QUARTER, snapped(at)), end: was.end };
  if (from.kind === "ends") return { start: was.start, end: Math.max(was.start + QUARTER, snapped(at)) };
  const by = snapped(was.start + at - from.grabbed) - was.start;
  return { start: was.start + by, end: was.end + by };
}

function turnOn(): void {
  if (!drag || drag.isOn) return;
  drop();
  drag.isOn = true;
  hold(drag.block, true);
  document.body.classList.add("is-dragging");
}

function show(): void {
  if (!drag) return;
  drawGhost(drag.lanes, drag.now);
  say(words(drag.now));
}

function stop(): void {
  clearTimeout(drag?.hold);
  hold(drag?.block ?? null, false);
  drag = null;
  clearGhost();
  document.body.classList.remove("is-dragging", "is-touch");
}

/** A drag is no click on what it ended on. */
function swallowClick(): void {
  const swallow = (event: Event): void => (event.preventDefault(), event.stopImmediatePropagation());
  addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => removeEventListener("click", swallow, { capture: true }), 50);
}

function finish(done: Drag): void {
  swallowClick();
  stop();
  if (done.kind === "make" || !done.block) openNew(done.level, done.now);
  else if (done.now.start !== done.was.start || done.now.end !== done.was.end) void send(done.block, done.now);
}

function openNew(level: string, span: Span): void {
  const address = document.querySelector<HTMLElement>("#calendar")?.dataset.new ?? "";
  const parts = new URLSearchParams(location.search);
  for (const [name, value] of [["on", level], ["starts", written(span.start)], ["ends", written(span.end)]] as const) parts.set(name, value);
  void htmx.ajax("GET", `${address}?${parts}`, { target: "#panel", swap: "innerHTML", source: "#new-event" });
}

/** Asks the server to move an event; what the answer says is shown by htmx, or asked in a dialog. */
async function send(block: HTMLElement, to: Span): Promise<void> {
  const { move, on, starts, ends } = block.dataset;
  const token = document.querySelector<HTMLInputElement>('[name="csrfmiddlewaretoken"]')?.value ?? "";
  const values = { csrfmiddlewaretoken: token, day: on, was_starts: starts, was_ends: ends, starts: written(to.start), ends: written(to.end) };
  hold(block, true);
  await htmx.ajax("POST", `${move}${location.search}`, { target: "#dialog", swap: "innerHTML", source: "#calendar", values });
  const dialog = document.querySelector<HTMLDialogElement>("#dialog");
  if (dialog?.childElementCount && !dialog.open) dialog.showModal();
  dialog?.addEventListener("close", () => (hold(block, false), dialog.replaceChildren()), { once: true });
  if (!dialog?.open) hold(block, false);
}

document.addEventListener("pointerdown", (event) => {
  if (event.button !== 0 || drag) return;
  const found = begun(event);
  if (!found) return;
  drag = found;
  if (event.pointerType === "touch") drag.hold = setTimeout(() => (document.body.classList.add("is-touch"), turnOn(), show()), HOLD_MS);
});

document.addEventListener("pointermove", (event) => {
  if (!drag) return;
  const isFar = Math.hypot(event.clientX - drag.x, event.clientY - drag.y) > NEAR;
  if (!drag.isOn && isFar && event.pointerType === "touch") return stop();
  if (!drag.isOn && isFar) turnOn();
  if (!drag.isOn) return;
  drag.now = dragged(drag, minuteAt(drag.lanes, event.clientX, event.clientY));
  show();
});

document.addEventListener("pointerup", () => {
  if (drag?.isOn) return finish(drag);
  const pressed = drag;
  stop();
  // A click where nothing stands makes an hour there.
  if (pressed?.kind === "make" && !document.querySelector("#panel:not([hidden])")) {
    const target = document.elementFromPoint(pressed.x, pressed.y);
    if (target?.matches(".hours-in, .line-in")) openNew(pressed.level, { start: pressed.was.start, end: pressed.was.start + 60 });
  }
});
document.addEventListener("pointercancel", stop);
document.addEventListener("touchmove", (event) => drag?.isOn && event.preventDefault(), { passive: false });
document.addEventListener("contextmenu", (event) => drag?.isOn && event.preventDefault());
document.addEventListener("dragstart", (event) => (event.target as Element).closest?.("#calendar") && event.preventDefault());

/** By how much an arrow key moves the start and the end, in minutes. */
function steps(key: string, isLine: boolean, stretches: boolean): [number, number] | null {
  const along = isLine ? { ArrowLeft: -QUARTER, ArrowRight: QUARTER, ArrowUp: 0, ArrowDown: 0 } : { ArrowUp: -QUARTER, ArrowDown: QUARTER, ArrowLeft: -DAY, ArrowRight: DAY };
  const by = (along as Record<string, number>)[key];
  return by ? [stretches ? 0 : by, by] : null;
}

function drop(): void {
  if (!pending) return;
  hold(pending.block, false);
  clearGhost();
  pending = null;
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && (drag || pending)) {
    event.stopImmediatePropagation();
    if (drag) swallowClick();
    stop();
    drop();
    return say("Nothing is moved.");
  }
  const block = (event.target as Element).closest?.<HTMLElement>("#calendar .block[data-event]");
  if (!block || !mayEdit() || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Enter" && pending) {
    event.preventDefault();
    const kept = pending;
    drop();
    void send(kept.block, kept.now);
    return;
  }
  const lane = laneOf(block.parentElement!);
  const by = steps(event.key, lane.isLine, event.shiftKey);
  if (!by) return;
  event.preventDefault();
  const was = spanOf(block);
  pending ??= { block, lanes: lanesBeside(lane), was, now: was };
  const now = { start: pending.now.start + by[0], end: pending.now.end + by[1] };
  if (now.end - now.start >= QUARTER) pending.now = now;
  hold(block, true);
  drawGhost(pending.lanes, pending.now);
  say(`${words(pending.now)}. Enter keeps it, Escape cancels.`);
}, true);
document.addEventListener("focusout", drop);

// What is being moved must not be drawn anew under the hand that moves it.
document.addEventListener("htmx:before:swap", (event) => {
  const { ctx } = (event as CustomEvent).detail;
  if (pending && ctx?.sourceElement?.matches?.("[data-live]")) event.preventDefault();
});
