// Keys of the desk: Alt and a letter presses or goes to what says it has that key. Nothing else fires
// while one types; a question mark elsewhere opens the list of keys.
import { desk, isTyping } from "./desk";

/** The letter of a press; by its place on the keyboard where Alt makes another sign of it. */
function letterOf(event: KeyboardEvent): string {
  if (/^[a-z]$/i.test(event.key)) return event.key.toLowerCase();
  return /^Key[A-Z]$/.test(event.code) ? event.code.slice(3).toLowerCase() : "";
}

function wanted(key: string): HTMLElement | undefined {
  const within = document.querySelector("dialog[open]") ?? document;
  const all = [...within.querySelectorAll<HTMLElement>(`[data-key="${key}"]`)];
  return all.find((each) => each.checkVisibility() && !each.matches(":disabled"));
}

function use(element: HTMLElement): void {
  if (!element.matches("input:not([type=radio], [type=checkbox]), textarea, select, section, h2")) return element.click();
  element.focus();
  if (element instanceof HTMLInputElement) element.select();
}

if (desk) {
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    const isAsked = event.key === "?" && !isTyping(event.target as Element);
    const isChord = event.altKey && !event.getModifierState("AltGraph");
    const key = isAsked ? "k" : isChord ? letterOf(event) : "";
    const element = key ? wanted(key) : undefined;
    if (!element) return;
    event.preventDefault();
    if (!event.repeat) use(element);
  });
}
