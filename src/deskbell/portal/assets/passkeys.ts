// Passkeys: what the browser and its authenticator do when a form about one is sent.
//
// A form with `data-passkey` says "make" or "use"; `data-options` is where the question is. The
// answer goes back as JSON in the form's field `credential`. Source: W3C WebAuthn Level 2.

type Json = Record<string, unknown>;

interface Question {
  publicKey: Json & { challenge: string };
}

const FAILED: Record<string, string> = {
  NotAllowedError: "Nothing was confirmed, or it took too long. Try again.",
  InvalidStateError: "This device has a passkey for you here already.",
  SecurityError: "Passkeys work only at Deskbell's own address, which the operator knows.",
  NotSupportedError: "This device cannot make a passkey that signs in by itself.",
};
const OFFLINE = "Deskbell does not answer. Try again in a moment.";

function toBytes(text: string): Uint8Array<ArrayBuffer> {
  const base64 = text.replace(/-/g, "+").replace(/_/g, "/");
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

function toText(bytes: ArrayBuffer): string {
  const letters = Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte));
  return btoa(letters.join("")).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function withIds(list: unknown): unknown {
  return Array.isArray(list) ? list.map((each: Json) => ({ ...each, id: toBytes(String(each.id)) })) : undefined;
}

async function make(question: Question): Promise<Json> {
  const asked = question.publicKey;
  const user = asked.user as Json;
  const publicKey = {
    ...asked,
    challenge: toBytes(asked.challenge),
    user: { ...user, id: toBytes(String(user.id)) },
    excludeCredentials: withIds(asked.excludeCredentials),
  } as unknown as PublicKeyCredentialCreationOptions;
  const made = (await navigator.credentials.create({ publicKey })) as PublicKeyCredential;
  const response = made.response as AuthenticatorAttestationResponse;
  return {
    id: made.id,
    type: made.type,
    response: {
      clientDataJSON: toText(response.clientDataJSON),
      attestationObject: toText(response.attestationObject),
      transports: response.getTransports?.() ?? [],
    },
  };
}

async function use(question: Question): Promise<Json> {
  const asked = question.publicKey;
  const publicKey = {
    ...asked,
    challenge: toBytes(asked.challenge),
    allowCredentials: withIds(asked.allowCredentials),
  } as unknown as PublicKeyCredentialRequestOptions;
  const found = (await navigator.credentials.get({ publicKey })) as PublicKeyCredential;
  const response = found.response as AuthenticatorAssertionResponse;
  return {
    id: found.id,
    type: found.type,
    response: {
      clientDataJSON: toText(response.clientDataJSON),
      authenticatorData: toText(response.authenticatorData),
      signature: toText(response.signature),
      userHandle: response.userHandle ? toText(response.userHandle) : undefined,
    },
  };
}

function field(form: HTMLFormElement, name: string): HTMLInputElement {
  return form.elements.namedItem(name) as HTMLInputElement;
}

function say(form: HTMLFormElement, words: string): void {
  const place = form.querySelector<HTMLElement>("[data-passkey-says]");
  if (!place) return;
  place.textContent = words;
  place.hidden = !words;
}

/** The question, or null where the page has to be loaded again first. */
async function asked(form: HTMLFormElement): Promise<Question | null> {
  const answer = await fetch(String(form.dataset.options), {
    method: "POST",
    headers: { "X-CSRFToken": field(form, "csrfmiddlewaretoken").value, Accept: "application/json" },
  });
  if (answer.redirected || answer.status === 401 || answer.status === 403) return null;
  const found = (await answer.json()) as Question & { error?: string };
  if (!answer.ok) throw new Error(found.error ?? OFFLINE);
  return found;
}

/** Copies what stands elsewhere on the page and goes with the sign-in. */
function carry(form: HTMLFormElement): void {
  for (const name of ["remember", "trust"]) {
    const here = form.querySelector<HTMLInputElement>(`input[type="hidden"][name="${name}"]`);
    const there = document.querySelector<HTMLInputElement>(`input[type="checkbox"][name="${name}"]`);
    if (here) here.value = there?.checked ? "on" : "";
  }
}

async function answer(form: HTMLFormElement): Promise<void> {
  if (!form.reportValidity()) return;
  const button = form.querySelector<HTMLButtonElement>("button");
  say(form, "");
  if (button) button.disabled = true;
  try {
    const question = await asked(form);
    if (!question) return location.reload();
    const credential = await (form.dataset.passkey === "make" ? make(question) : use(question));
    field(form, "credential").value = JSON.stringify(credential);
    carry(form);
    form.submit();
  } catch (error) {
    const known = error instanceof DOMException ? FAILED[error.name] : undefined;
    say(form, known ?? (error instanceof TypeError ? OFFLINE : String((error as Error).message)));
    if (button) button.disabled = false;
  }
}

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-passkey]")) {
  const part = form.closest<HTMLElement>("[data-passkeys]") ?? form;
  if (!window.PublicKeyCredential) {
    part.querySelector<HTMLElement>("[data-passkeys-none]")?.removeAttribute("hidden");
    continue;
  }
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void answer(form);
  });
}

document.querySelector("[data-print]")?.addEventListener("click", () => window.print());
