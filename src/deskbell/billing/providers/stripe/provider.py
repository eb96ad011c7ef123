"""Payment intents: made, asked for, and what became of them in this room's words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from deskbell.foundation.errors import InvalidInput, NotAllowed, NotFound
from deskbell.foundation.stripe import SCRIPT

from ...models import Method, PaymentState
from ..provider import (
    BankNumbers,
    Browser,
    CardNumbers,
    Event,
    Means,
    Order,
    Outcome,
    OwnFields,
    ProviderTrouble,
)
from .asking import asked, keys

if TYPE_CHECKING:
    import stripe

NAME: Final = "stripe"
TOLERANCE: Final = timedelta(minutes=5)
KINDS: Final[Mapping[str, str]] = {Method.CARD: "card", Method.ACH: "us_bank_account"}
_BRANDS: Final[Mapping[str, str]] = {
    "amex": "American Express",
    "discover": "Discover",
    "mastercard": "MasterCard",
    "visa": "Visa",
}
_SMALL_DEPOSIT: Final = (
    "The bank account has to be verified first, by a code beside a small deposit to it."
)
_MORE_STEPS: Final = "Your bank wants to hear from you before it pays."
_DECLINED: Final = "The card was declined; ask its bank, or pay by another means."


class Stripe:
    """Takes cards and bank accounts through Stripe."""

    name = NAME
    methods = frozenset({Method.ACH, Method.CARD})

    @property
    def own_fields(self) -> OwnFields:
        """Stripe's fields, and from where they load, as its security guide lists it. Source:
        https://docs.stripe.com/security/guide. Raises ProviderTrouble where the keys are gone."""
        known = keys()
        script = urlsplit(known.script)
        scripts = frames = f"{script.scheme}://{script.netloc}"
        if known.script == SCRIPT:
            scripts += " https://*.js.stripe.com"
            frames = f"{scripts} https://hooks.stripe.com"
        sources = {"script-src": scripts, "frame-src": frames, "connect-src": known.api}
        return OwnFields(known.script, known.publishable_key, sources)

    def keep(self, numbers: BankNumbers | CardNumbers) -> Means:  # noqa: ARG002 the protocol's
        """Numbers never come here. Raises InvalidInput."""
        raise InvalidInput("Type numbers into the fields of Stripe's", field="token")

    def look(self, token: str, method: Method) -> Means:
        """The means behind a payment method's id. Raises InvalidInput, ProviderTrouble."""
        if not token.startswith("pm_"):
            raise InvalidInput("Fill in the fields, and wait until they are checked", field="token")
        found = asked(lambda client: client.v1.payment_methods.retrieve(token), field="token")
        kind = KINDS[method]
        if found.type != kind:
            raise InvalidInput("These means are of another kind; choose it above", field="method")
        facts = getattr(found, kind)
        holder = str(getattr(found.billing_details, "name", "") or "")
        brand = facts.bank_name or "" if method == Method.ACH else _BRANDS.get(facts.brand, "Card")
        return Means(method, found.id, facts.last4, brand, holder)

    def pay(self, order: Order) -> Outcome:
        """Makes and confirms a payment intent, once for the order's key."""
        import stripe

        params: Any = {
            "amount": order.cents,
            "currency": "usd",
            "payment_method": order.token,
            "payment_method_types": [KINDS[order.method]],
            "confirm": True,
            "metadata": {"reference": order.key, "account": order.words},
        }
        if order.customer:
            params["customer"] = order.customer
        if order.is_automatic:
            params["off_session"] = True
        elif order.method == Method.ACH:
            params["mandate_data"] = _mandate(order.browser)
            if order.customer:
                params["setup_future_usage"] = "off_session"
        options: Any = {"idempotency_key": order.key}
        try:
            made = asked(lambda client: client.v1.payment_intents.create(params, options))
        except stripe.CardError as error:
            return _declined(error)
        except InvalidInput as error:
            return Outcome(PaymentState.FAILED, words=str(error))
        return _outcome(made)

    def ask(self, provider_id: str) -> Outcome:
        """How a payment intent stands."""
        with_charge: Any = {"expand": ["latest_charge"]}
        with _known():
            return _outcome(
                asked(lambda client: client.v1.payment_intents.retrieve(provider_id, with_charge))
            )

    def find(self, key: str) -> Outcome | None:
        """The payment intent that was made for a key, by its metadata. A new one is found within
        an hour. Source: https://docs.stripe.com/api/payment_intents/search"""
        query: Any = {
            "query": f'metadata["reference"]:"{key}"',
            "expand": ["data.latest_charge"],
            "limit": 1,
        }
        with _known():
            found = asked(lambda client: client.v1.payment_intents.search(query))
            return _outcome(found.data[0]) if found.data else None

    def remember(
        self,
        means: Means,
        *,
        account: str,
        browser: Browser,  # noqa: ARG002
    ) -> tuple[str, str]:
        """Makes a customer. The bank account becomes its own with the first payment (`pay`), so
        that its holder proves once that it is theirs."""
        made = asked(lambda client: client.v1.customers.create({"metadata": {"account": account}}))
        return means.token, made.id

    def events(self, body: bytes, headers: Mapping[str, str], at: datetime) -> Sequence[Event]:
        """One event, signed by Stripe, also after the operator chose another provider. Raises
        NotFound without Stripe's keys, NotAllowed for a forged or old event, InvalidInput."""
        try:
            secret = keys().webhook_secret
        except ProviderTrouble as gone:
            raise NotFound("No payments are taken through Stripe here") from gone
        _check_signature(body, headers.get("stripe-signature", ""), secret, at)
        try:
            told = json.loads(body)
            about, kind = told["data"]["object"], str(told["type"])
            is_intent = kind.startswith("payment_intent.")
            intent = about["id"] if is_intent else about.get("payment_intent") or ""
            reference = (about.get("metadata") or {}).get("reference", "")
            happened_at = datetime.fromtimestamp(int(told["created"]), UTC)
            facts = {"reference": str(reference), "status": str(about.get("status", ""))}
            return [Event(str(told["id"]), kind, str(intent), happened_at, facts)]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise InvalidInput("This is no event of Stripe's") from error


@contextmanager
def _known() -> Iterator[None]:
    """Asks for what was told before: a refusal says nothing of the payment. Raises
    ProviderTrouble."""
    try:
        yield
    except InvalidInput as refused:
        raise ProviderTrouble(str(refused), may_have_happened=True) from refused


def _mandate(browser: Browser | None) -> dict[str, Any]:
    """What banks ask for: that somebody agreed, when, from where."""
    if browser is None:
        raise InvalidInput("Nobody agreed to the debit")
    online = {"ip_address": browser.address or "", "user_agent": browser.agent}
    accepted = int(browser.at.timestamp())
    return {"customer_acceptance": {"type": "online", "accepted_at": accepted, "online": online}}


def _declined(error: stripe.CardError) -> Outcome:
    told = error.error
    intent = getattr(told, "payment_intent", None) if told else None
    found = str(intent["id"]) if intent else ""
    return Outcome(PaymentState.FAILED, found, str(error.user_message or _DECLINED))


def _outcome(intent: stripe.PaymentIntent) -> Outcome:
    status = str(intent.status)
    if status == "succeeded":
        return _after_success(intent)
    if status == "processing":
        return Outcome(PaymentState.PROCESSING, intent.id)
    if status == "requires_action":
        return _needs_payer(intent)
    if status in {"requires_payment_method", "canceled"}:
        trouble = getattr(intent, "last_payment_error", None)
        words = str(getattr(trouble, "message", "") or "") or "Nothing was taken."
        return Outcome(PaymentState.FAILED, intent.id, words)
    return Outcome(PaymentState.STARTED, intent.id)


def _needs_payer(intent: stripe.PaymentIntent) -> Outcome:
    deposits = getattr(intent.next_action, "verify_with_microdeposits", None)
    if deposits is not None:
        page = str(deposits.hosted_verification_url)
        return Outcome(PaymentState.NEEDS_PAYER, intent.id, _SMALL_DEPOSIT, page=page)
    secret = str(intent.client_secret or "")
    return Outcome(PaymentState.NEEDS_PAYER, intent.id, _MORE_STEPS, secret=secret)


def _after_success(intent: stripe.PaymentIntent) -> Outcome:
    """Money came; it may have been given back, or fetched back by its bank."""
    charge = intent.latest_charge
    refunded = int(getattr(charge, "amount_refunded", 0) or 0)
    if getattr(charge, "disputed", False) and _is_lost(intent):
        words = "The payer's bank took it back."
        return Outcome(PaymentState.RETURNED, intent.id, words, refunded)
    return Outcome(PaymentState.SUCCEEDED, intent.id, refunded_cents=refunded)


def _is_lost(intent: stripe.PaymentIntent) -> bool:
    """A bank account's debit that is disputed is gone at once; a card's when the dispute is."""
    if "us_bank_account" in intent.payment_method_types:
        return True
    listed = asked(lambda client: client.v1.disputes.list({"payment_intent": intent.id}))
    return any(each.status == "lost" for each in listed.data)


def _check_signature(body: bytes, header: str, secret: str, at: datetime) -> None:
    import stripe

    try:
        stripe.WebhookSignature.verify_header(body, header, secret, None)
        signed = next(part[2:] for part in header.split(",") if part.startswith("t="))
        age = at - datetime.fromtimestamp(int(signed), UTC)
    except (stripe.SignatureVerificationError, ValueError, StopIteration) as error:
        raise NotAllowed("This event is not signed by Stripe, or not with our secret") from error
    if abs(age) > TOLERANCE:
        raise NotAllowed("This event was signed too long ago; look at the clock")
