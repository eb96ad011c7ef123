// The Call Flow page: the picture's size and place, and the panel about the box that was clicked.

const split = document.querySelector<HTMLElement>("#flow-split");
const frame = document.querySelector<HTMLElement>("#flow-frame");
const picture = document.querySelector<SVGSVGElement>("#flow");
const part = document.querySelector<HTMLElement>("#flow-part");
const LEAST = 0.4;
const MOST = 1.6;
let scale = 1;
let opener = "";

/** Draws the picture at a size, keeping what is in the middle of the frame there. */
function resize(wanted: number): void {
  if (!frame || !picture) return;
  const before = scale;
  scale = Math.min(MOST, Math.max(LEAST, wanted));
  const { width, height } = picture.viewBox.baseVal;
  picture.setAttribute("width", String(width * scale));
  picture.setAttribute("height", String(height * scale));
  const across = frame.clientWidth / 2;
  const down = frame.clientHeight / 2;
  frame.scrollLeft = ((frame.scrollLeft + across) * scale) / before - across;
  frame.scrollTop = ((frame.scrollTop + down) * scale) / before - down;
}

/** The size at which the whole width shows, as long as it can still be read. */
function fit(): void {
  if (!frame || !picture) return;
  const room = frame.clientWidth - 2;
  resize(Math.min(1, Math.max(0.72, room / picture.viewBox.baseVal.width)));
}

function show(name: string): void {
  if (!part || !split) return;
  part.hidden = !name;
  split.classList.toggle("is-open", Boolean(name));
  for (const box of document.querySelectorAll(".flow-box.is-open")) box.classList.remove("is-open");
  if (!name) return;
  for (const link of document.querySelectorAll("svg [data-flow]")) {
    if (link.getAttribute("data-flow") === name) link.querySelector(".flow-box")?.classList.add("is-open");
  }
}

/** Lights the lines from and to a box, so that one can follow them. */
function light(event: Event): void {
  const name = (event.target as Element).closest?.("#flow [data-flow]")?.getAttribute("data-flow");
  for (const line of picture?.querySelectorAll<SVGElement>(".flow-line") ?? []) {
    const { from, to } = line.dataset;
    line.classList.toggle("is-lit", name !== undefined && (from === name || to === name));
  }
}

picture?.addEventListener("pointerover", light);
picture?.addEventListener("pointerleave", light);
picture?.addEventListener("focusin", light);

async function open(address: string, name: string): Promise<void> {
  if (!part) return;
  const answer = await fetch(address, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok) {
    location.assign(address);
    return;
  }
  part.innerHTML = await answer.text();
  show(name);
  history.replaceState(null, "", address);
  part.focus({ preventScroll: true });
}

function close(address: string): void {
  if (!part || part.hidden) return;
  show("");
  history.replaceState(null, "", address);
  for (const link of document.querySelectorAll<SVGElement>("[data-flow]")) {
    if (link.getAttribute("data-flow") === opener && link.getClientRects().length) return link.focus();
  }
}

document.addEventListener("click", (event) => {
  const clicked = event.target as Element;
  const away = event.ctrlKey || event.metaKey || event.shiftKey;
  const link = clicked.closest("a[data-flow]");
  if (link && part && !away) {
    event.preventDefault();
    opener = link.getAttribute("data-flow") ?? "";
    void open(link.getAttribute("href") ?? "", opener);
  }
  const closer = clicked.closest<HTMLAnchorElement>("[data-close-flow]");
  if (closer && !away) {
    event.preventDefault();
    close(closer.href);
  }
  const zoom = clicked.closest<HTMLElement>("[data-zoom]")?.dataset.zoom;
  if (zoom === "in") resize(scale * 1.2);
  if (zoom === "out") resize(scale / 1.2);
  if (zoom === "fit") fit();
});

document.addEventListener("keydown", (event) => {
  const closer = part?.querySelector<HTMLAnchorElement>("[data-close-flow]");
  if (event.key === "Escape" && closer && !document.querySelector("dialog[open]")) close(closer.href);
  if (event.target !== frame) return;
  if (event.key === "+") resize(scale * 1.2);
  if (event.key === "-") resize(scale / 1.2);
});

// The picture is moved by dragging it; a drag is no click.
let grip: { x: number; y: number; left: number; top: number; moved: boolean } | null = null;

frame?.addEventListener("pointerdown", (event) => {
  if (event.pointerType !== "mouse" || event.button !== 0) return;
  grip = { x: event.clientX, y: event.clientY, left: frame.scrollLeft, top: frame.scrollTop, moved: false };
});
frame?.addEventListener("pointermove", (event) => {
  if (!grip) return;
  const across = event.clientX - grip.x;
  const down = event.clientY - grip.y;
  if (!grip.moved && Math.hypot(across, down) < 5) return;
  grip.moved = true;
  frame.classList.add("is-held");
  frame.scrollLeft = grip.left - across;
  frame.scrollTop = grip.top - down;
});
addEventListener("pointerup", () => {
  frame?.classList.remove("is-held");
  const held = grip;
  grip = null;
  if (held?.moved) {
    addEventListener("click", (event) => (event.preventDefault(), event.stopPropagation()), { capture: true, once: true });
    setTimeout(() => dispatchEvent(new Event("click")));
  }
});
frame?.addEventListener("dragstart", (event) => event.preventDefault());

if (frame && picture) {
  document.querySelector<HTMLElement>(".flow-zoom")?.removeAttribute("hidden");
  fit();
}
