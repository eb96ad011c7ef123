"""What an account agreed to have paid by itself: begun by its payer, ended by them or failures."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction

from deskbell.accounts.locks import lock_account
from deskbell.accounts.models import Account, User
from deskbell.foundation.errors import InvalidInput
from deskbell.foundation.text import clipped

from .. import hooks
from ..models import AutomaticPayment, Method, Payment, PaymentState
from ..providers import Browser, Means
from ..providers.chosen import provider_named
from .agreed import Agreed

MOST_FAILURES: Final = 3
_CAME_TO_NOTHING: Final = frozenset({PaymentState.FAILED, PaymentState.RETURNED})


def begin_automatic(
    *,
    account: Account,
    means: Means,
    provider: str,
    agreed: Agreed,
    by: User,
    at: datetime,
    first: Payment | None = None,
) -> AutomaticPayment:
    """Pays the account's statements from a bank account from now on, in place of the one before.

    The provider makes the means ready first, outside any transaction; `first` is a payment by them
    that is yet to be carried out. Needs the account's scope. Raises InvalidInput for a card,
    ProviderTrouble.
    """
    if means.method != Method.ACH:
        raise InvalidInput("Automatic payment takes a bank account", field="automatic")
    browser = agreed.browser
    token, customer = provider_named(provider).remember(
        means, account=account.number, browser=browser
    )
    made = AutomaticPayment(
        account=account,
        provider=provider,
        token=token,
        customer=customer,
        holder=clipped(means.holder, 100),
        brand=clipped(means.brand, 32),
        last4=means.last4,
        receipt_to=agreed.receipt_to,
        terms=agreed.terms,
        agreed_at=browser.at,
        agreed_from=browser.address,
        agreed_with=clipped(browser.agent, 300),
        created_by=by.email,
        created_at=at,
    )
    with transaction.atomic():
        lock_account(account.pk)
        for before in AutomaticPayment.objects.filter(account=account, ended_at=None):
            before.ended_at, before.words = at, "Another one took its place."
            before.save(update_fields=["ended_at", "words"])
        made.save(force_insert=True)
        if first is not None:
            first.token = token
            first.save(update_fields=["token"])
        _tell(made, at)
    return made


def end_automatic(*, automatic: AutomaticPayment, at: datetime, words: str = "") -> None:
    """Nothing is paid by itself from now on; what is under way goes on. Ending twice is ending
    once. Needs the account's scope."""
    with transaction.atomic():
        kept = AutomaticPayment.objects.select_for_update(no_key=True).get(pk=automatic.pk)
        if kept.ended_at is not None:
            return
        kept.ended_at, kept.words = at, clipped(words, 300)
        kept.save(update_fields=["ended_at", "words"])
        _tell(kept, at)


def end_after_failures(payment: Payment, at: datetime) -> None:
    """Ends an automatic payment whose last three came to nothing, `payment` among them; or whose
    payer's own first one did, so that nothing ever came by these means."""
    automatic = AutomaticPayment.objects.filter(
        account_id=payment.account_id, token=payment.token, ended_at=None
    ).first()
    if automatic is None:
        return
    if not payment.is_automatic:
        paid = Payment.objects.filter(token=payment.token, state=PaymentState.SUCCEEDED)
        if payment.state in _CAME_TO_NOTHING and not paid.exists():
            end_automatic(automatic=automatic, at=at, words="Its first payment failed.")
        return
    last = Payment.objects.filter(
        account_id=payment.account_id, is_automatic=True, created_at__gte=automatic.created_at
    ).order_by("-created_at", "-pk")[:MOST_FAILURES]
    states = [each.state for each in last]
    if len(states) == MOST_FAILURES and _CAME_TO_NOTHING.issuperset(states):
        end_automatic(
            automatic=automatic, at=at, words=f"{MOST_FAILURES} payments in a row came to nothing."
        )


def browser_of(automatic: AutomaticPayment) -> Browser:
    """From where it was agreed to, as banks ask."""
    return Browser(automatic.agreed_from, automatic.agreed_with, automatic.agreed_at)


def _tell(automatic: AutomaticPayment, at: datetime) -> None:
    hooks.automatic_changed.fire(
        hooks.AutomaticEvent(automatic.account_id, automatic.pk, automatic.ended_at is not None, at)
    )
