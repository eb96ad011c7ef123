"""Files for the operator's bank, and what it sends back."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.db.models import Max, Sum

from deskbell.accounts.models import User
from deskbell.foundation.bank import Bank
from deskbell.foundation.environment import environment
from deskbell.foundation.errors import Conflict, InvalidInput
from deskbell.lines.vault import seal, unseal
from deskbell.platform.tenancy import account_scope, system_scope

from ..models import BankFile, BankReturn, Payment, PaymentState
from ..providers import Outcome
from ..providers.nacha import NAME, numbers_of
from ..queries.bank_files import waiting
from ..rules import bank_returns
from ..rules.bank_files import MODIFIERS, MOST_ENTRIES, Entry, trace_number, write
from ..rules.banking_days import banking_day_after
from .payments import refresh, settle

log = logging.getLogger(__name__)
_REASON: Final = "a bank's file holds payments of many accounts"


@dataclass(frozen=True, slots=True)
class Read:
    """What a file of returns brought: what was new in it, and how much it holds."""

    new: Sequence[BankReturn]
    known_before: int


def make_bank_file(*, by: User | None, at: datetime) -> BankFile:
    """Puts every payment that waits into a file, each into one alone, whoever asks at once.

    It is to be collected on the next banking day. A payment whose numbers cannot be read any more
    fails. Enters a system scope. Raises Conflict where nothing waits, or no bank is set.
    """
    bank = environment().bank
    if bank is None:
        raise Conflict("No bank is set: see DESKBELL_NACHA_DESTINATION and its neighbours")
    with system_scope(_REASON), transaction.atomic():
        _one_at_a_time()
        found = list(waiting().select_for_update(of=("self",), no_key=True)[:MOST_ENTRIES])
        readable = [each for each in found if _may_be_read(each, at)]
        if readable:
            return _written(bank, readable, by, at)
    raise Conflict("No payment waits for a file")  # after those that cannot be read have failed


def content_of(file: BankFile, *, at: datetime) -> str:
    """The file as the bank takes it; keeps when it was first taken out. Raises Sealed."""
    text = unseal(file.content)
    if file.downloaded_at is None:
        file.downloaded_at = at
        file.save(update_fields=["downloaded_at"])
    return text


def read_returns(text: str, *, by: User | None, at: datetime) -> Read:
    """Takes a bank's file of returns: all of it or, where it is broken, nothing.

    What was read before changes nothing. A payment that came back is settled as returned, even one
    that counted as paid. Enters a system scope. Raises InvalidInput, naming the line.
    """
    told = bank_returns.read(text)
    with system_scope(_REASON), transaction.atomic():
        new = [row for each in told if (row := _kept(each, by, at)) is not None]
        traces = [row.trace_number for row in new if row.is_known and row.code.startswith("R")]
        payments = list(Payment.objects.filter(provider=NAME, trace_number__in=traces))
        for payment in sorted(payments, key=lambda each: each.pk):
            with account_scope(payment.account_id):
                refresh(payment, at)
    return Read(new, len(told) - len(new))


def _one_at_a_time() -> None:
    # Numbers and traces go on from the last file's; two at once would give the same.
    with transaction.get_connection().cursor() as cursor:
        cursor.execute("LOCK TABLE billing_bankfile IN SHARE ROW EXCLUSIVE MODE")


def _may_be_read(payment: Payment, at: datetime) -> bool:
    try:
        numbers_of(payment.token)
    except InvalidInput as error:
        log.warning("Payment %s cannot be collected: %s", payment.reference, error)
        with account_scope(payment.account_id):
            settle(payment, Outcome(PaymentState.FAILED, words=str(error)), at)
        return False
    return True


def _written(bank: Bank, payments: Sequence[Payment], by: User | None, at: datetime) -> BankFile:
    past = BankFile.objects.aggregate(number=Max("number"), entries=Sum("entries"))
    number, sequence = (past["number"] or 0) + 1, past["entries"] or 0
    traces = [trace_number(bank.odfi, sequence + n) for n in range(1, len(payments) + 1)]
    effective_on = banking_day_after(at.date())
    made = write(
        bank,
        [_entry(payment, trace) for payment, trace in zip(payments, traces, strict=True)],
        made_at=at,
        effective_on=effective_on,
        modifier=_modifier(at.date()),
        number=number,
    )
    file = BankFile.objects.create(
        number=number,
        name=f"ach-{at:%Y-%m-%d}-{number}.txt",
        content=seal(made.text),
        effective_on=effective_on,
        entries=made.entries,
        total_cents=made.total_cents,
        entry_hash=made.entry_hash,
        created_by=by.email if by else "",
        created_at=at,
    )
    for payment, trace in zip(payments, traces, strict=True):
        payment.bank_file, payment.trace_number = file, trace
    Payment.objects.bulk_update(payments, ["bank_file", "trace_number"], batch_size=1000)
    return file


def _entry(payment: Payment, trace: str) -> Entry:
    routing, account = numbers_of(payment.token)
    return Entry(
        routing=routing,
        account=account,
        cents=payment.total_cents,
        client=payment.account.number,
        name=payment.holder or payment.account.name,
        trace=trace,
        is_recurring=payment.is_automatic,
    )


def _modifier(day: date) -> str:
    """Tells this file apart from those that were made on the same day (UTC)."""
    before = BankFile.objects.filter(created_at__date=day).count()
    if before >= len(MODIFIERS):
        raise Conflict(f"A bank takes {len(MODIFIERS)} files a day; make the next one tomorrow")
    return MODIFIERS[before]


def _kept(told: bank_returns.Returned, by: User | None, at: datetime) -> BankReturn | None:
    """The row of what came back; None where it was read before."""
    row, is_new = BankReturn.objects.get_or_create(
        return_trace=told.return_trace,
        trace_number=told.trace,
        code=told.code,
        defaults={
            "words": told.words,
            "cents": told.cents,
            "is_known": Payment.objects.filter(trace_number=told.trace).exists(),
            "read_at": at,
            "read_by": by.email if by else "",
        },
    )
    return row if is_new else None
