"""When a delivery is tried again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as some

from deskbell.delivery.rules import RETRY_LIMIT, next_try

AT = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)


@given(tries=some.integers(1, 10_000), asked=some.none() | some.timedeltas(timedelta(0)))
def test_a_next_try_is_never_at_once_nor_too_late(tries: int, asked: timedelta | None) -> None:
    when = next_try(created_at=AT, tries=tries, at=AT, retry_after=asked)
    assert when
    assert AT + timedelta(seconds=5) <= when <= AT + RETRY_LIMIT
    assert asked is None or when >= AT + min(asked, RETRY_LIMIT)


def test_a_delivery_is_given_up_after_an_hour() -> None:
    late = AT + timedelta(minutes=46)
    assert next_try(created_at=AT, tries=20, at=late) is None
    assert next_try(created_at=AT, tries=1, at=late) == late + timedelta(seconds=5)
    day = timedelta(days=1)
    assert next_try(created_at=AT, tries=1, at=late, retry_after=day) == AT + RETRY_LIMIT
    assert next_try(created_at=AT, tries=2, at=AT + RETRY_LIMIT, retry_after=day) is None
