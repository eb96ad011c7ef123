// Stripe's part of Pay Your Bill. A card's numbers are typed into frames of Stripe's; a bank
// account's into fields that have no names, so that they go to Stripe alone. What Deskbell is told
// is the payment method's id. Where a bank asks its payer more, Stripe shows that on the receipt.
//
// Sources: https://docs.stripe.com/js/elements_object/create_element,
// https://docs.stripe.com/js/payment_methods/create_payment_method,
// https://docs.stripe.com/js/payment_intents/handle_next_action

type Json = Record<string, unknown>;
type Answer = { error?: { message?: string; param?: string } };

interface Part {
  mount(place: HTMLElement): void;
  on(event: "change", listen: (told: Answer) => void): void;
  update(options: Json): void;
}

interface StripeScript {
  elements(): { create(kind: string, options: Json): Part };
  createPaymentMethod(told: Json): Promise<Answer & { paymentMethod?: { id: string } }>;
  handleNextAction(told: { clientSecret: string }): Promise<Answer>;
}

declare const Stripe: ((key: string) => StripeScript) | undefined;

const PARTS = ["cardNumber", "cardExpiry", "cardCvc"];
const AWAY = "Stripe cannot be reached, so nothing was taken. Try again in a minute.";
const FIELDS: Record<string, string> = {
  "us_bank_account[routing_number]": "stripe-routing",
  "us_bank_account[account_number]": "stripe-account",
};

function digits(text: string): string {
  return text.replace(/[\s-]/g, "");
}

/** Nine digits whose weighted sum is a multiple of ten, as the American Bankers Association has it. */
function isRouting(text: string): boolean {
  const weights = [3, 7, 1, 3, 7, 1, 3, 7, 1];
  return /^\d{9}$/.test(text) && text !== "000000000" && weights.reduce((sum, weight, n) => sum + weight * Number(text[n]), 0) % 10 === 0;
}

function sayBeside(id: string, words: string): void {
  const place = document.getElementById(`${id}-says`) ?? document.getElementById(`${id}_error`);
  if (place) place.textContent = words;
  document.getElementById(id)?.classList.toggle("is-invalid", words !== "");
}

function say(part: HTMLElement, words: string): void {
  const place = part.querySelector<HTMLElement>("[data-stripe-says]");
  if (!place) return;
  place.textContent = words;
  place.hidden = !words;
}

/** Stripe draws its fields in frames, which do not know the page's colours. */
function looks(part: HTMLElement): Json {
  const shown = getComputedStyle(part);
  const quiet = getComputedStyle(document.documentElement).getPropertyValue("--tblr-secondary").trim();
  const bad = getComputedStyle(document.documentElement).getPropertyValue("--bad").trim();
  return {
    base: { color: shown.color, fontFamily: shown.fontFamily, fontSize: "16px", "::placeholder": { color: quiet } },
    invalid: { color: bad },
  };
}

function cardOf(stripe: StripeScript, part: HTMLElement): Part {
  const elements = stripe.elements();
  const made = PARTS.map((kind) => {
    const place = document.getElementById(`stripe-${kind}`) as HTMLElement;
    const each = elements.create(kind, { style: looks(part) });
    each.mount(place);
    each.on("change", (told) => sayBeside(place.id, told.error?.message ?? ""));
    return each;
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    for (const each of made) each.update({ style: looks(part) });
  });
  return made[0];
}

function value(form: HTMLFormElement, name: string): string {
  return (form.elements.namedItem(name) as HTMLInputElement).value.trim();
}

function typed(id: string): string {
  return digits((document.getElementById(`stripe-${id}`) as HTMLInputElement).value);
}

/** What is missing or wrong in our own fields, by the id of each; nothing of it leaves the page. */
function faults(form: HTMLFormElement, isCard: boolean): Record<string, string> {
  const found: Record<string, string> = {};
  const need = (name: string, words: string) => {
    if (!value(form, name)) found[`id_${name}`] = words;
  };
  if (isCard) {
    need("card_name", "Type the name as it stands on the card.");
    need("address", "Type the billing address: street and number.");
    need("city", "Type the city of the billing address.");
    need("state", "Choose the state of the billing address.");
    need("zip_code", "Type the zip code of the billing address.");
  } else {
    addBankFaults(found, need);
  }
  const agree = form.elements.namedItem("agree") as HTMLInputElement;
  if (!agree.checked) found[agree.id] = "Read the terms and conditions, and agree to them to pay.";
  return found;
}

function addBankFaults(found: Record<string, string>, need: (name: string, words: string) => void): void {
  need("holder_name", "Type whose account it is, as the bank knows them.");
  if (!isRouting(typed("routing"))) found["stripe-routing"] = "That is no bank's routing number; look at each of its 9 digits.";
  if (!/^\d{4,17}$/.test(typed("account"))) found["stripe-account"] = "An account number has 4 to 17 digits.";
  else if (typed("account") !== typed("again")) found["stripe-again"] = "The two account numbers differ; type them once more.";
}

function told(form: HTMLFormElement, card: Part | null): Json {
  if (card) {
    const address = {
      line1: value(form, "address"),
      city: value(form, "city"),
      state: value(form, "state"),
      postal_code: value(form, "zip_code"),
      country: "US",
    };
    return { type: "card", card, billing_details: { name: value(form, "card_name"), address } };
  }
  const holder = form.querySelector<HTMLInputElement>("[name=stripe-holder]:checked");
  return {
    type: "us_bank_account",
    us_bank_account: {
      routing_number: typed("routing"),
      account_number: typed("account"),
      account_holder_type: holder?.value ?? "company",
    },
    billing_details: { name: value(form, "holder_name") },
  };
}

function showFaults(part: HTMLElement, form: HTMLFormElement, isCard: boolean): boolean {
  say(part, "");
  for (const place of form.querySelectorAll(".field-says")) {
    sayBeside(place.id.replace(/(-says|_error)$/, ""), "");
  }
  const found = Object.entries(faults(form, isCard));
  for (const [id, words] of found) sayBeside(id, words);
  if (found.length) document.getElementById(found[0][0])?.focus();
  return found.length > 0;
}

async function send(stripe: StripeScript, part: HTMLElement, form: HTMLFormElement, card: Part): Promise<void> {
  const isCard = value(form, "method") === "card";
  if (showFaults(part, form, isCard)) return;
  const button = form.querySelector<HTMLButtonElement>(".form-foot button");
  if (button) button.disabled = true;
  const answer = await stripe.createPaymentMethod(told(form, isCard ? card : null)).catch(() => ({ error: { message: AWAY } }));
  if ("paymentMethod" in answer && answer.paymentMethod) {
    (form.elements.namedItem("token") as HTMLInputElement).value = answer.paymentMethod.id;
    form.submit();
    return;
  }
  if (button) button.disabled = false;
  const words = answer.error?.message ?? AWAY;
  const field = "param" in (answer.error ?? {}) ? FIELDS[(answer.error as { param: string }).param] : undefined;
  if (field) sayBeside(field, words);
  else say(part, words);
}

function begin(part: HTMLElement): void {
  const form = part.closest("form");
  if (!form) return;
  if (typeof Stripe === "undefined") return say(part, AWAY);
  const stripe = Stripe(String(part.dataset.key));
  const card = cardOf(stripe, part);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void send(stripe, part, form, card);
  });
  // Back from the next page, the browser shows this one as it was left.
  addEventListener("pageshow", () => form.querySelector(".form-foot button")?.removeAttribute("disabled"));
}

function goOn(part: HTMLElement): void {
  const button = part.querySelector("button");
  if (!button) return;
  button.addEventListener("click", async () => {
    say(part, "");
    button.disabled = true;
    const stripe = typeof Stripe === "undefined" ? null : Stripe(String(part.dataset.key));
    const answer = await stripe?.handleNextAction({ clientSecret: String(part.dataset.secret) }).catch(() => null);
    if (answer) return location.reload(); // the receipt asks Stripe what became of it
    say(part, AWAY);
    button.disabled = false;
  });
}

for (const part of document.querySelectorAll<HTMLElement>("[data-stripe]")) begin(part);
for (const part of document.querySelectorAll<HTMLElement>("[data-stripe-next]")) goOn(part);
