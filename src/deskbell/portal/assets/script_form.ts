// A script as a form: only what is asked with the answers there are shows; Enter goes on, Ctrl+Enter sends.

interface Turn {
  answers: string[];
  go: string;
}

interface Step {
  key: string;
  kind: string;
  on: string;
  cases: Turn[];
  otherwise: string;
}

interface Held {
  key: string;
  when: { step: string; answers: string[] }[];
}

const END = "end";

function parts<T>(script: Element, name: string): [HTMLElement, T][] {
  return [...script.querySelectorAll<HTMLElement>(`[data-${name}]`)].map((element) => [
    element,
    JSON.parse(element.dataset[name] ?? "null") as T,
  ]);
}

function folded(text: string): string {
  return text.trim().toLowerCase();
}

/** Whether an answer is one of several; as `scripts.rules.fits`. */
function fits(answer: string, answers: string[]): boolean {
  const given = folded(answer);
  return given !== "" && answers.some((each) => folded(each) === given);
}

/** What is in the fields, by the steps' keys. */
function answersIn(script: HTMLElement): Map<string, string> {
  const found = new Map<string, string>();
  for (const field of script.querySelectorAll<HTMLInputElement>('[name^="answer-"]')) {
    if (field.type === "radio" && !field.checked) continue;
    found.set(field.name.slice("answer-".length), field.value);
  }
  return found;
}

/** The keys of the steps that are gone through with these answers, in order; as `scripts.rules.path`. */
export function pathOf(steps: Step[], answers: Map<string, string>): string[] {
  const path: string[] = [];
  const seen = new Set<number>();
  let place = 0;
  while (place < steps.length && !seen.has(place)) {
    seen.add(place);
    const step = steps[place]!;
    if (step.kind !== "branch") path.push(step.key);
    place = placeAfter(steps, place, step.kind === "branch" ? goes(step, answers.get(step.on) ?? "") : "");
  }
  return path;
}

function goes(branch: Step, answer: string): string {
  return branch.cases.find((each) => fits(answer, each.answers))?.go ?? branch.otherwise;
}

function placeAfter(steps: Step[], place: number, go: string): number {
  if (go === END) return steps.length;
  const there = steps.findIndex((each) => go && each.key === go);
  return there < 0 ? place + 1 : there;
}

/** Shows the steps, the closing and the relay that these answers lead to. */
function follow(script: HTMLElement): void {
  const steps = parts<Step>(script, "step");
  const answers = answersIn(script);
  const path = pathOf(steps.map(([, step]) => step), answers);
  for (const [element, step] of steps) element.hidden = !path.includes(step.key);
  const asked = new Map([...answers].filter(([key]) => path.includes(key)));
  const relay = showFirst(parts<Held>(script, "relay"), asked);
  const closing = showFirst(parts<Held>(script, "ending"), asked);
  script.classList.toggle("is-relayed", relay !== "");
  script.dispatchEvent(new CustomEvent("script:changed", { bubbles: true, detail: { path, closing } }));
}

function showFirst(all: [HTMLElement, Held][], answers: Map<string, string>): string {
  const first = all.find(([, each]) => each.when.every((one) => fits(answers.get(one.step) ?? "", one.answers)));
  for (const each of all) each[0].hidden = each !== first;
  return first ? first[1].key : "";
}

function scriptOf(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>("[data-script-form]") : null;
}

/** The fields one goes through, a group of radio buttons by the one that is chosen. */
function stops(script: HTMLElement): HTMLElement[] {
  const fields = [...script.querySelectorAll<HTMLInputElement>('[name^="answer-"]')];
  return fields.filter((field) => {
    if (field.closest("[hidden]")) return false;
    if (field.type !== "radio") return true;
    const group = fields.filter((each) => each.name === field.name);
    return field === (group.find((each) => each.checked) ?? group[0]);
  });
}

/** Goes to the field after this one; from the last to the button that sends. */
function goOn(script: HTMLElement, from: HTMLInputElement): void {
  const all = stops(script);
  const here = all.findIndex((each) => (each as HTMLInputElement).name === from.name);
  const send = script.closest("form")?.querySelector<HTMLElement>("[data-script-send], button:not([type=button])");
  const next = all[here + 1] ?? send;
  next?.focus();
  if (next instanceof HTMLInputElement && next.type !== "radio") next.select();
}

document.addEventListener("keydown", (event) => {
  const script = scriptOf(event.target);
  if (!script || event.isComposing) return;
  const field = event.target as HTMLInputElement;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    const form = script.closest("form");
    form?.requestSubmit(form.querySelector<HTMLButtonElement>("[data-script-send]"));
  } else if (event.key === "Enter" && field.matches("input, select")) {
    event.preventDefault();
    goOn(script, field);
  } else if (field.type === "radio" && /^[1-9]$/.test(event.key) && !event.ctrlKey && !event.altKey && !event.metaKey) {
    const group = [...script.querySelectorAll<HTMLInputElement>('[type="radio"]')].filter((each) => each.name === field.name);
    group[Number(event.key) - 1]?.click();
    group[Number(event.key) - 1]?.focus();
  }
});

for (const name of ["input", "change"]) {
  document.addEventListener(name, (event) => {
    const script = scriptOf(event.target);
    if (script) follow(script);
  });
}

export function followAll(): void {
  for (const script of document.querySelectorAll<HTMLElement>("[data-script-form]")) follow(script);
}

document.addEventListener("htmx:after:swap", followAll);
followAll();
