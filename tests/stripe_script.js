// Stripe's script as its reference documents it, as far as Pay Your Bill asks of it: separate card
// fields that the page cannot read, payment methods, and what a bank asks a payer.
// Sources: https://docs.stripe.com/js/elements_object/create_element,
// https://docs.stripe.com/js/payment_methods/create_payment_method,
// https://docs.stripe.com/js/payment_intents/handle_next_action
(() => {
  const api = new URL(document.currentScript.src).origin;

  async function ask(path, told) {
    const answer = await fetch(api + path, { method: "POST", body: new URLSearchParams(told) });
    return answer.json();
  }

  function flat(told, prefix = "") {
    return Object.entries(told).flatMap(([name, value]) => {
      const whole = prefix ? `${prefix}[${name}]` : name;
      return value !== null && typeof value === "object" ? flat(value, whole) : [[whole, String(value)]];
    });
  }

  class Part {
    constructor(kind, all) {
      this.listeners = [];
      this.all = all;
      this.input = document.createElement("input");
      this.input.setAttribute("aria-label", kind);
      this.input.addEventListener("input", () => this.listeners.forEach((each) => each({})));
    }
    mount(place) {
      place.append(this.input);
    }
    on(event, listen) {
      if (event === "change") this.listeners.push(listen);
    }
    update() {}
    get value() {
      return this.input.value;
    }
  }

  window.Stripe = (key) => ({
    elements() {
      const all = {};
      return { create: (kind) => (all[kind] = new Part(kind, all)) };
    },
    async createPaymentMethod({ type, card, ...rest }) {
      const told = flat({ type, ...rest });
      if (card) {
        const [month, year] = card.all.cardExpiry.value.split("/");
        const numbers = {
          number: card.all.cardNumber.value.replace(/\s/g, ""),
          exp_month: month,
          exp_year: `20${year}`,
          cvc: card.all.cardCvc.value,
        };
        told.push(...flat({ card: numbers }));
      }
      const made = await ask("/v1/payment_methods", [...told, ["key", key]]);
      return made.error ? { error: made.error } : { paymentMethod: made };
    },
    async handleNextAction({ clientSecret }) {
      const intent = clientSecret.split("_secret_")[0];
      const success = String(confirm("Is it you who pays?"));
      const told = [["key", key], ["client_secret", clientSecret], ["success", success]];
      const made = await ask(`/v1/payment_intents/${intent}/_authenticate`, told);
      return made.error ? { error: made.error } : { paymentIntent: made };
    },
  });
})();
