// The attendant's pages: dialogs, the action editor's fitting control, and unsaved work.

const dialog = document.querySelector<HTMLDialogElement>("#dialog");

/** Shows what an address says as a dialog over the page; goes there where that fails. */
async function openDialog(address: string): Promise<void> {
  const answer = await fetch(address, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!dialog || !answer?.ok) {
    location.assign(address);
    return;
  }
  dialog.innerHTML = await answer.text();
  dialog.showModal();
}

document.addEventListener("click", (event) => {
  const clicked = event.target as Element;
  const opener = clicked.closest<HTMLAnchorElement>("a[data-opens-dialog]");
  if (opener && dialog && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    void openDialog(opener.href);
  }
  if (clicked === dialog) dialog?.close();
  if (dialog?.open && clicked.closest("[data-close-dialog]")) {
    event.preventDefault();
    dialog.close();
  }
});

/** What was refused is not wrong any more once it is typed anew; the server looks again.
 *  Not on "change": that comes with the press on Save, which would then move away from the pointer. */
document.addEventListener("input", (event) => {
  const field = event.target as HTMLElement;
  if (!field.matches(".is-invalid")) return;
  field.classList.remove("is-invalid");
  field.removeAttribute("aria-invalid");
  field.closest(".field")?.querySelector(".field-says")?.replaceChildren();
});

document.addEventListener("change", (event) => {
  const select = event.target as HTMLSelectElement;
  if (!select.matches("select.action-type")) return;
  const action = select.closest<HTMLElement>("[data-action]");
  if (action) action.dataset.taking = select.selectedOptions[0]?.dataset.takes ?? "nothing";
});

document.querySelector(".attendant-tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

const edited = new Set<HTMLFormElement>();

function formOf(event: Event): HTMLFormElement | null {
  return (event.target as Element).closest<HTMLFormElement>("form[data-keeps]");
}

document.addEventListener("input", (event) => {
  const form = formOf(event);
  if (form) edited.add(form);
});
document.addEventListener("submit", () => edited.clear());
addEventListener("beforeunload", (event) => {
  if ([...edited].some((form) => form.isConnected)) event.preventDefault();
});

// A number's form shows what fits its kind.
document.addEventListener("change", (event) => {
  const radio = event.target as HTMLInputElement;
  const sheet = radio.closest<HTMLElement>("[data-number-kind]");
  if (sheet && radio.name === "kind") sheet.dataset.numberKind = radio.value;
});
