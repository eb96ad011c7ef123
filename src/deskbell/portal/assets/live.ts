// Live parts ask the server every two seconds; this keeps them quiet and harmless meanwhile.

const offline = document.querySelector<HTMLElement>("#offline");
let pointerIsDown = false;

/** Whether the request comes from a part that asks by the clock. */
function isPoll(event: Event): boolean {
  const { ctx } = (event as CustomEvent).detail;
  return Boolean(ctx?.sourceElement?.matches?.("[data-live]"));
}

addEventListener("pointerdown", () => (pointerIsDown = true), true);
for (const end of ["pointerup", "pointercancel", "blur"]) {
  addEventListener(end, () => setTimeout(() => (pointerIsDown = false)), true);
}

document.addEventListener("htmx:config:request", (event) => {
  if (isPoll(event) && document.hidden) event.preventDefault();
});

// A row that moved between press and release would take the click away from the person.
document.addEventListener("htmx:before:swap", (event) => {
  if (isPoll(event) && pointerIsDown) event.preventDefault();
});

document.addEventListener("htmx:after:request", () => {
  if (offline) offline.hidden = true;
});

for (const name of ["htmx:error", "htmx:response:error"]) {
  document.addEventListener(name, (event) => {
    const { ctx } = (event as CustomEvent).detail;
    const status = ctx?.response?.status ?? 0;
    if (offline && (status === 0 || status >= 500)) offline.hidden = false;
    if (status === 403 || status === 404) location.reload();
  });
}
