"""Payments: started by a click, carried out by a provider, settled as the provider tells.

`settle` is the one place where a payment's state changes. A provider is never asked inside a
transaction: what it did cannot be rolled back.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction

from deskbell.accounts.models import Account, User
from deskbell.foundation.errors import Conflict, Unreachable
from deskbell.foundation.text import clipped
from deskbell.platform.jobs import enqueue
from deskbell.platform.tenancy import account_scope, system_scope

from .. import hooks
from ..models import AutomaticPayment, Method, Payment, PaymentState, ProviderEvent
from ..providers import Browser, Event, Means, Order, Outcome, ProviderTrouble
from ..providers.chosen import provider_named
from ..rules.amounts import fee_of
from ..rules.moves import UNDER_WAY, Standing, after, may_carry_out, may_look_for
from .agreed import Agreed
from .agreements import end_after_failures

ASKED_AGAIN_AFTER: Final = timedelta(minutes=1)
_NEVER_GIVEN: Final = "Nothing was taken: the order never came to whoever takes the money."


def start_payment(
    *,
    account: Account,
    means: Means,
    provider: str,
    cents: int,
    once: str,
    agreed: Agreed,
    by: User | None,
    at: datetime,
    is_automatic: bool = False,
) -> tuple[Payment, bool]:
    """The payment that the click `once` is for, and whether it is new: a second click, however
    close to the first, gives the first one's. Needs the account's scope.

    No money moves yet. Raises Conflict where another account has `once`.
    """
    payment = Payment(
        account=account,
        method=means.method,
        provider=provider,
        cents=cents,
        fee_cents=fee_of(cents, is_card=means.method == Method.CARD),
        holder=clipped(means.holder, 100),
        brand=clipped(means.brand, 32),
        last4=means.last4,
        token=means.token,
        once=once,
        is_automatic=is_automatic,
        terms=agreed.terms,
        agreed_at=agreed.browser.at,
        agreed_from=agreed.browser.address,
        agreed_with=clipped(agreed.browser.agent, 300),
        receipt_to=agreed.receipt_to,
        created_by=by.email if by else "",
        created_at=at,
    )
    try:
        with transaction.atomic():
            payment.save(force_insert=True)
    except IntegrityError:
        first = Payment.objects.filter(once=once).first()
        if first is None:
            raise Conflict("That was another payment; begin again") from None
        return first, False
    return payment, True


def carry_out(payment: Payment, *, at: datetime) -> Outcome:
    """Has the provider take the money, once however often it is called; `payment` is brought up to
    date. Needs the payment's scope; waits for a machine elsewhere.

    An answer that did not come leaves the payment started, to be asked for again in a minute; so
    does a provider that cannot be reached where no payer sits before the page to try again.
    """
    try:
        outcome = provider_named(payment.provider).pay(_order(payment))
    except ProviderTrouble as trouble:
        if trouble.may_have_happened or payment.is_automatic:
            refresh_later(payment)
            return Outcome(PaymentState(payment.state), payment.provider_id, str(trouble))
        outcome = Outcome(PaymentState.FAILED, words=str(trouble))
    settle(payment, outcome, at)
    return outcome


def refresh(payment: Payment, at: datetime) -> Outcome | None:
    """Asks the provider how a payment stands, and settles it. An order whose answer was lost is
    given again, which carries it out once; after a day it is looked for, and has failed where the
    provider never had it. Needs the payment's scope.

    Gives what the provider said, with the payer's `secret` where it needs the payer; None where it
    gave no answer, or nobody may ask any more.
    """
    try:
        outcome = _ask(payment, at)
    except ProviderTrouble:
        return None
    if outcome is not None:
        settle(payment, outcome, at)
    return outcome


def settle(payment: Payment, outcome: Outcome, at: datetime) -> Payment:
    """Writes what a provider told of a payment, where it leads on (`rules.moves`).

    Locks the payment's row, fires `hooks.payment_changed` where its state is another now, and
    brings `payment` up to date. What comes twice or late changes nothing. Needs its scope.
    """
    with transaction.atomic():
        kept = Payment.objects.select_for_update(no_key=True).get(pk=payment.pk)
        before = kept.state
        told = Standing(outcome.state, outcome.refunded_cents)
        standing = after(Standing(before, kept.refunded_cents), told, total_cents=kept.total_cents)
        kept.state, kept.refunded_cents = standing.state, standing.refunded_cents
        kept.provider_id = kept.provider_id or outcome.provider_id
        if kept.state != before:
            _moved(kept, outcome, at)
        kept.save()
        if kept.state != before:
            end_after_failures(kept, at)
            hooks.payment_changed.fire(
                hooks.PaymentEvent(kept.account_id, kept.pk, before, kept.state, at)
            )
    for field in kept._meta.concrete_fields:
        setattr(payment, field.attname, getattr(kept, field.attname))
    return payment


def take_event(provider_name: str, event: Event, at: datetime) -> ProviderEvent:
    """Keeps what a provider told by itself, and asks it how the payment stands: an event says that
    something happened, never what is true now. Needs no scope.

    One that was kept and done already does nothing; one whose work broke off is done again. A
    payment is found by the provider's id, or by our reference among the event's `facts`. Raises
    Unreachable where the provider gives no answer: what it told is not done, so that it tells it
    again.
    """
    kept, _ = ProviderEvent.objects.get_or_create(
        provider=provider_name,
        event_id=event.event_id,
        defaults={
            "kind": clipped(event.kind, 100),
            "about": clipped(event.about, 255),
            "facts": dict(event.facts),
            "came_at": at,
            "happened_at": event.happened_at,
        },
    )
    if kept.done_at is not None:
        return kept
    kept.words = _follow(provider_name, event, at)
    kept.done_at = at
    kept.save(update_fields=["words", "done_at"])
    return kept


def refresh_later(payment: Payment) -> None:
    """Has a payment asked for again in a minute; once, however often it is called."""
    from ..jobs.payments import refresh_payment  # which calls these very actions

    enqueue(
        refresh_payment,
        after=ASKED_AGAIN_AFTER,
        key=f"payment-{payment.pk}",
        account_id=payment.account_id,
        payment_id=payment.pk,
    )


def _ask(payment: Payment, at: datetime) -> Outcome | None:
    provider = provider_named(payment.provider)
    if payment.provider_id:
        return provider.ask(payment.provider_id)
    if payment.state != PaymentState.STARTED:
        return None
    order = _order(payment)
    if may_carry_out(payment.created_at, at):
        return provider.pay(order)
    if may_look_for(payment.created_at, at):
        return provider.find(order.key) or Outcome(PaymentState.FAILED, words=_NEVER_GIVEN)
    return None


def _follow(provider_name: str, event: Event, at: datetime) -> str:
    with system_scope("an event names a payment, and not whose it is"):
        payment = _payment_of(provider_name, event)
    if payment is None:
        return "No payment of ours."
    with account_scope(payment.account_id):
        before = payment.state
        if not payment.provider_id and event.about:
            settle(payment, Outcome(PaymentState(before), event.about), at)
        if refresh(payment, at) is None:
            raise Unreachable("The provider gave no answer; tell it again in a while")
    return f"{before} → {payment.state}" if before != payment.state else "Nothing new."


def _payment_of(provider_name: str, event: Event) -> Payment | None:
    rows = Payment.objects.filter(provider=provider_name)
    found = rows.filter(provider_id=event.about).first() if event.about else None
    if found is None and (reference := _uuid(event.facts.get("reference", ""))):
        found = rows.filter(reference=reference, provider_id="").first()
    return found


def _uuid(text: object) -> UUID | None:
    """A reference of ours; None for what others who share the provider's account wrote there."""
    try:
        return UUID(str(text))
    except ValueError:
        return None


def _moved(payment: Payment, outcome: Outcome, at: datetime) -> None:
    if payment.state == PaymentState.PROCESSING:
        payment.processing_since = at
    elif payment.state not in UNDER_WAY:
        payment.ended_at = at
    if outcome.words or payment.state not in UNDER_WAY:
        payment.words = clipped(outcome.words, 300)


def _order(payment: Payment) -> Order:
    """The same for a payment whenever it is made: a provider refuses another one with its key."""
    saved = AutomaticPayment.objects.filter(account=payment.account_id, token=payment.token)
    customer = saved.values_list("customer", flat=True).first()
    browser = None
    if payment.agreed_at is not None:
        browser = Browser(payment.agreed_from, payment.agreed_with, payment.agreed_at)
    return Order(
        key=str(payment.reference),
        cents=payment.total_cents,
        token=payment.token,
        method=Method(payment.method),
        words=f"Account {payment.account.number}",
        browser=browser,
        customer=customer or "",
        is_automatic=payment.is_automatic,
    )
