// The menu on narrow screens, drop-downs, and notices that can be closed.

const side = document.querySelector<HTMLElement>("#side");
const opener = document.querySelector<HTMLElement>("[data-open-menu]");

function showMenu(shown: boolean): void {
  document.body.classList.toggle("menu-open", shown);
  opener?.setAttribute("aria-expanded", String(shown));
  if (shown) side?.querySelector<HTMLElement>("a.side-link")?.focus();
  else if (side?.contains(document.activeElement)) opener?.focus();
}

function closeDrops(except: Element | null = null): void {
  for (const drop of document.querySelectorAll<HTMLDetailsElement>("details[data-drop][open]")) {
    if (drop !== except) drop.open = false;
  }
}

document.addEventListener("click", (event) => {
  const clicked = event.target as Element;
  closeDrops(clicked.closest("details[data-drop]"));
  if (clicked.closest("[data-open-menu]")) showMenu(!document.body.classList.contains("menu-open"));
  else if (clicked.closest("[data-close-menu]")) showMenu(false);
  clicked.closest("[data-close-notice]")?.parentElement?.remove();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const drop = document.querySelector<HTMLDetailsElement>("details[data-drop][open]");
  if (drop) {
    drop.open = false;
    drop.querySelector("summary")?.focus();
  } else if (document.body.classList.contains("menu-open")) {
    showMenu(false);
  }
});
