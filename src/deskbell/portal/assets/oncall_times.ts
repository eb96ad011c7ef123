// Wall-clock times as minutes, and where they stand on the calendar's grids.

export const QUARTER = 15;
export const DAY = 24 * 60;
const NAMES = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

export interface Span {
  start: number;
  end: number;
}

/** A grid on which time runs: a day from top to bottom, or a week from left to right. */
export interface Lane {
  element: HTMLElement;
  first: number;
  minutes: number;
  isLine: boolean;
  level: string;
}

/** Minutes of a wall-clock time as `2026-11-22T17:00`, or of a day's midnight. */
export function minutesOf(text: string): number {
  return Date.parse(`${text}${text.includes("T") ? "" : "T00:00"}Z`) / 60_000;
}

/** The time as the server reads it. */
export function written(minutes: number): string {
  return new Date(minutes * 60_000).toISOString().slice(0, 16);
}

/** An end of 11:59 PM is the end of its day. */
export function endOf(minutes: number): number {
  return minutes % DAY === DAY - 1 ? minutes + 1 : minutes;
}

function clock(minutes: number): string {
  const at = ((minutes % DAY) + DAY) % DAY;
  const hour = Math.floor(at / 60);
  const rest = at % 60 ? `:${String(at % 60).padStart(2, "0")}` : "";
  return `${hour % 12 || 12}${rest} ${hour < 12 ? "AM" : "PM"}`;
}

function day(minutes: number): string {
  return NAMES[new Date(minutes * 60_000).getUTCDay()] ?? "";
}

/** `Mon 9 AM to 5 PM`, for people. */
export function words({ start, end }: Span): string {
  const last = day(end - 1);
  return `${day(start)} ${clock(start)} to ${last === day(start) && end - start <= DAY ? "" : `${day(end)} `}${clock(end)}`;
}

export function laneOf(element: HTMLElement): Lane {
  const { day: only, first, level } = element.dataset;
  const isLine = first !== undefined;
  return { element, first: minutesOf(only ?? first ?? ""), minutes: isLine ? 7 * DAY : DAY, isLine, level: level ?? "" };
}

/** Every lane of the same direction: the days beside each other, or the one row of a level. */
export function lanesBeside(lane: Lane): Lane[] {
  if (lane.isLine) return [lane];
  return [...document.querySelectorAll<HTMLElement>("#calendar .hours-in")].map(laneOf);
}

/** The lane under a pointer, or the nearest, and the minute there. */
export function minuteAt(lanes: Lane[], x: number, y: number): number {
  const lane = lanes.find(({ element, isLine }) => isLine || x < element.getBoundingClientRect().right) ?? lanes[lanes.length - 1]!;
  const box = lane.element.getBoundingClientRect();
  const share = lane.isLine ? (x - box.left) / box.width : (y - box.top) / box.height;
  return lane.first + Math.min(lane.minutes, Math.max(0, share * lane.minutes));
}

export function snapped(minutes: number): number {
  return Math.round(minutes / QUARTER) * QUARTER;
}

function place(ghost: HTMLElement, from: number, to: number): void {
  const classes = ["ghost"];
  for (const [name, at, isEnd] of [["s", from, false], ["e", to, true]] as const) {
    const days = Math.floor(Math.max(0, at - (isEnd ? 1 : 0)) / DAY);
    const rest = at - days * DAY;
    classes.push(`${name}d-${days}`, `${name}h-${Math.floor(rest / 60)}`, `${name}m-${Math.floor((rest % 60) / 5)}`);
  }
  ghost.className = classes.join(" ");
}

/** Draws a span over the lanes it touches; takes away what was drawn before. */
export function drawGhost(lanes: Lane[], span: Span): void {
  clearGhost();
  let said = words(span);
  for (const lane of lanes) {
    const from = Math.max(span.start, lane.first) - lane.first;
    const to = Math.min(span.end, lane.first + lane.minutes) - lane.first;
    if (from >= to) continue;
    const ghost = document.createElement("div");
    place(ghost, from, to);
    ghost.textContent = said;
    said = "";
    lane.element.append(ghost);
  }
}

export function clearGhost(): void {
  for (const ghost of document.querySelectorAll("#calendar .ghost")) ghost.remove();
}

/** Says something to those who do not see the grid. */
export function say(text: string): void {
  const says = document.querySelector<HTMLElement>("#cal-says");
  if (says && says.textContent !== text) says.textContent = text;
}
