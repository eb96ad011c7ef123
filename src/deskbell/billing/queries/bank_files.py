"""Reads of what the operator's bank is to collect, and of what it sent back."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, QuerySet, Sum

from ..errors import BankFileNotFound
from ..models import BankFile, BankReturn, Payment, PaymentState


def waiting() -> QuerySet[Payment]:
    """The payments that are in no file yet, the oldest first, each with its account. Needs a
    system scope."""
    rows = Payment.objects.filter(provider="nacha", state=PaymentState.PROCESSING, bank_file=None)
    return rows.select_related("account").order_by("created_at", "pk")


def waiting_sums() -> tuple[int, int]:
    """How many payments wait for a file, and their cents together. Needs a system scope."""
    sums = waiting().order_by().aggregate(n=Count("pk"), c=Sum("cents"), f=Sum("fee_cents"))
    return sums["n"], (sums["c"] or 0) + (sums["f"] or 0)


def bank_files() -> QuerySet[BankFile]:
    """All files, the newest first."""
    return BankFile.objects.order_by("-number")


def one_bank_file(bank_file_id: int) -> BankFile:
    """One file. Raises BankFileNotFound."""
    found = BankFile.objects.filter(pk=bank_file_id).first()
    if found is None:
        raise BankFileNotFound
    return found


def bank_returns() -> QuerySet[BankReturn]:
    """All that came back, the newest first."""
    return BankReturn.objects.order_by("-read_at", "-pk")


def payments_of_traces(traces: Iterable[str]) -> dict[str, Payment]:
    """The payments that trace numbers are of, with their accounts. Needs a system scope."""
    rows = Payment.objects.filter(trace_number__in=list(traces)).select_related("account")
    return {each.trace_number: each for each in rows}
