// What was typed into a form and has not reached Deskbell, kept in this browser until it has.

export type Answers = Record<string, string>;

export interface Kept {
  uuid: string;
  /** Whose form it is: nobody else's browser session sends it. */
  who: string;
  saveUrl: string;
  /** Where it is sent as a message, once that was asked for; else empty. */
  sendUrl: string;
  revision: number;
  base: Answers;
  answers: Answers;
  /** What goes with it where it is sent as a message: level, disposition. */
  extra: [string, string][];
}

const PREFIX = "desk-form:";

/** Keeps a form; where the browser has no room, it stays in the page alone. */
export function keep(kept: Kept): boolean {
  try {
    localStorage.setItem(PREFIX + kept.uuid, JSON.stringify(kept));
    return true;
  } catch {
    return false;
  }
}

export function forget(uuid: string): void {
  localStorage.removeItem(PREFIX + uuid);
}

export function keptFor(uuid: string, who: string): Kept | null {
  const text = localStorage.getItem(PREFIX + uuid);
  const kept = text ? (JSON.parse(text) as Kept) : null;
  return kept?.who === who ? kept : null;
}

export function allKept(who: string): Kept[] {
  const names = Object.keys(localStorage).filter((name) => name.startsWith(PREFIX));
  return names.map((name) => keptFor(name.slice(PREFIX.length), who)).filter((each) => each !== null);
}

/** Whether two sets of answers say the same; what is not there is empty. */
export function isSame(one: Answers, other: Answers): boolean {
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].every((key) => (one[key] ?? "") === (other[key] ?? ""));
}

/** Mine, with theirs where I changed nothing since `base`; and the keys that both changed, differently. */
export function merged(base: Answers, mine: Answers, theirs: Answers): { answers: Answers; both: string[] } {
  const answers: Answers = {};
  const both: string[] = [];
  for (const key of new Set([...Object.keys(mine), ...Object.keys(theirs)])) {
    const was = base[key] ?? "";
    const here = mine[key] ?? was;
    const there = theirs[key] ?? "";
    answers[key] = here === was ? there : here;
    if (here !== was && there !== was && here !== there) both.push(key);
  }
  return { answers, both };
}
