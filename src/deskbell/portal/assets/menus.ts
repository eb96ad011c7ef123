// The menu's keypad: a key opens what it does; typing a digit on the keypad opens that key.

const keys = document.querySelector<HTMLElement>("[data-keys]");

function editors(): HTMLElement[] {
  return [...(keys?.querySelectorAll<HTMLElement>("[data-key-editor]") ?? [])];
}

function open(key: string, goThere: boolean): void {
  for (const editor of editors()) editor.classList.toggle("is-shown", editor.dataset.keyEditor === key);
  for (const pad of keys?.querySelectorAll<HTMLElement>("[data-pad]") ?? []) {
    if (pad.dataset.pad === key) pad.setAttribute("aria-current", "true");
    else pad.removeAttribute("aria-current");
  }
  const shown = editors().find((editor) => editor.classList.contains("is-shown"));
  if (goThere) shown?.querySelector<HTMLElement>("select")?.focus();
}

/** The key to begin with: one that has a fault, else the first that does something. */
function firstKey(): string {
  const wrong = editors().find((editor) => editor.querySelector(".field-says p, .field-saved"));
  const used = editors().find((editor) => editor.querySelector<HTMLSelectElement>("select")?.value);
  return (wrong ?? used ?? editors()[0])?.dataset.keyEditor ?? "";
}

if (keys) open(firstKey(), false);

keys?.addEventListener("click", (event) => {
  const pad = (event.target as Element).closest<HTMLElement>("[data-pad]");
  if (!pad) return;
  event.preventDefault();
  open(pad.dataset.pad ?? "", true);
});

keys?.addEventListener("keydown", (event) => {
  const inPad = (event.target as Element).closest(".pad");
  if (!inPad || event.ctrlKey || event.metaKey || event.altKey) return;
  const pad = keys.querySelector<HTMLElement>(`[data-pad="${CSS.escape(event.key)}"]`);
  if (!pad) return;
  event.preventDefault();
  pad.focus();
  open(event.key, true);
});

// A fault that is named above the form leads to its key.
document.addEventListener("click", (event) => {
  const link = (event.target as Element).closest<HTMLAnchorElement>('.form-alert a[href^="#"]');
  const place = link ? document.querySelector<HTMLElement>(link.hash) : null;
  if (!place) return;
  event.preventDefault();
  place.scrollIntoView({ block: "center" });
  if (place.dataset.pad) open(place.dataset.pad, true);
  else place.focus({ preventScroll: true });
});

// The colour that is being typed shows in its circle.
document.addEventListener("input", (event) => {
  const field = event.target as HTMLInputElement;
  if (!field.matches(".colour-other")) return;
  const hex = field.value.trim().replace(/^#?/, "#");
  const circle = field.closest("[data-colours]")?.querySelector("[data-colour-other]");
  if (circle && /^#[0-9a-f]{6}$/i.test(hex)) circle.setAttribute("fill", hex);
});
