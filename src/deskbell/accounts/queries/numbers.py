"""Reads of phone numbers: which one is meant, and how many an account had."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import phonenumbers
from django.contrib.postgres.fields import ArrayField
from django.db.models import Count, DateTimeField, F, Func, IntegerField, Q, Value

from deskbell.foundation.numbers import digits_of, national_digits

from ..models import Account, NumberSpan, PhoneNumber

_JUST_AFTER = timedelta(microseconds=1)


def number_for(dialled: str) -> PhoneNumber | None:
    """The number that was dialled, whatever its spelling, with its account. Any account's.

    Needs a system scope: who is called decides whose call it is.
    """
    digits = national_digits(dialled)
    return PhoneNumber.objects.select_related("account").filter(digits=digits).first()


def numbers_written(account: Account, written: Iterable[str]) -> dict[str, PhoneNumber]:
    """The account's numbers by how they were written, without those that it has not; one query.

    A number is written as its digits with or without the account's country code, in any spelling,
    an extension also as its extension number. Needs the account's scope.
    Source: seed 002, "Update AA-System", whose example has both.
    """
    forms = {text: _forms(text, account.country) for text in written}
    every = {form for each in forms.values() for form in each}
    rows = PhoneNumber.objects.filter(
        Q(digits__in=every) | Q(extension__in=every - {""}), account_id=account.pk
    )
    by_form: dict[str, PhoneNumber] = {}
    for row in rows:
        by_form.setdefault(row.extension, row)
    by_form |= {row.digits: row for row in rows}  # a whole number wins over an extension number
    by_form.pop("", None)
    found = {text: next(filter(None, map(by_form.get, each)), None) for text, each in forms.items()}
    return {text: row for text, row in found.items() if row is not None}


def _forms(text: str, country: str) -> list[str]:
    digits = digits_of(text)
    code = str(phonenumbers.country_code_for_region(country) or 1)
    return [national_digits(text), digits, national_digits(text, country_code=code), code + digits]


class _Bucket(Func):
    """How many of the sorted thresholds are at or before an instant."""

    function = "width_bucket"
    output_field = IntegerField()


def usage(account_ids: Sequence[int] | None, spans: Sequence[tuple[date, date]]) -> list[int]:
    """How many numbers existed at any moment of each span of UTC days, both included; one query.

    `account_ids` None counts all that the scope sees. Each number is looked at twice, however many
    spans there are. A number that goes at midnight has no part in the day that begins then.
    Source: seed 002, "Usage Records".
    """
    if not spans:
        return []
    starts = sorted({_midnight(first) for first, _ in spans})
    ends = sorted({_midnight(last + timedelta(days=1)) for _, last in spans})
    rows = NumberSpan.objects.all()
    if account_ids is not None:
        rows = rows.filter(account_id__in=account_ids)
    began = _counted(rows, "began_at", ends, "began")
    ended = _counted(
        rows.exclude(ended_at=None), "ended_at", [start + _JUST_AFTER for start in starts], "ended"
    )
    counts: dict[str, Counter[int]] = {"began": Counter(), "ended": Counter()}
    for what, bucket, count in began.union(ended, all=True):
        counts[what][bucket] += count
    return [
        _up_to(counts["began"], ends.index(_midnight(last + timedelta(days=1))))
        - _up_to(counts["ended"], starts.index(_midnight(first)))
        for first, last in spans
    ]


def _counted(rows: Any, column: str, thresholds: list[datetime], what: str) -> Any:
    """Rows of `what`, bucket and count: bucket n holds what lies before threshold n, after n-1."""
    array = Value(thresholds, output_field=ArrayField(DateTimeField()))
    buckets = rows.annotate(what=Value(what), bucket=_Bucket(F(column), array)).order_by()
    return (
        buckets.values("what", "bucket")
        .annotate(count=Count("pk"))
        .values_list("what", "bucket", "count")
    )


def _up_to(counts: Counter[int], bucket: int) -> int:
    return sum(count for place, count in counts.items() if place <= bucket)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
