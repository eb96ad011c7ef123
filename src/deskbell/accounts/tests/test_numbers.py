"""Numbers: extensions or not, whose, how they are written, and how many there were when."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deskbell.accounts import actions, queries
from deskbell.accounts.actions import NumberFields
from deskbell.accounts.errors import ExtensionTaken, NumberNotFound, NumberTaken
from deskbell.accounts.models import Account, NumberSpan, PhoneNumber
from deskbell.foundation.errors import InvalidInput, OutOfScope
from deskbell.platform.tenancy import account_scope, system_scope

ONE = date(2020, 1, 1)


def day(number: int) -> datetime:
    """Noon of the nth day."""
    return datetime(2020, 1, 1, 12, tzinfo=UTC) + timedelta(days=number)


def span(first: int, last: int) -> tuple[date, date]:
    return ONE + timedelta(days=first), ONE + timedelta(days=last)


def test_what_makes_an_extension(acme: Account, at: datetime) -> None:
    with account_scope(acme.pk):
        plain = actions.add_number(account=acme, number="2125550101", at=at)
        without = actions.add_number(account=acme, number="2125550102", is_extension=True, at=at)
        whole = actions.add_number(
            account=acme, number="2125550103", extension="103", spoken_name="Rita", at=at
        )
    assert [each.is_extension for each in (plain, without, whole)] == [False, True, True]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"is_extension": False, "extension": "101"}, "extension"),
        ({"spoken_name": "Rita"}, "spoken_name"),
        ({"extension": "1" * 13}, "extension"),
        ({"extension": "12x"}, "extension"),
        ({"extension": "١٢"}, "extension"),
        ({"is_extension": True, "spoken_name": "x" * 201}, "spoken_name"),
        ({"is_extension": True, "spoken_name": "\x00"}, "spoken_name"),
        ({"number": "1" * 33}, "number"),
        ({"number": "call me"}, "number"),
        ({"number": "1\x00"}, "number"),
        ({"company_name": "x" * 201}, "company_name"),
    ],
)
def test_numbers_that_cannot_be(
    acme: Account, at: datetime, values: dict[str, Any], field: str
) -> None:
    with account_scope(acme.pk):
        with pytest.raises(InvalidInput) as caught:
            actions.add_number(account=acme, at=at, **({"number": "2125550101"} | values))
        assert not PhoneNumber.objects.exists()
        assert not NumberSpan.objects.exists()
    assert caught.value.field == field


def test_an_extension_number_is_one_phone_in_an_account(
    acme: Account, other: Account, at: datetime
) -> None:
    with account_scope(acme.pk):
        first = actions.add_number(account=acme, number="2125550101", extension="101", at=at)
        second = actions.add_number(account=acme, number="2125550102", extension="102", at=at)
        with pytest.raises(ExtensionTaken, match="2125550101 has the extension number 101") as add:
            actions.add_number(account=acme, number="2125550103", extension="101", at=at)
        with pytest.raises(ExtensionTaken) as edit:
            actions.edit_number(number=second, at=at, extension="101")
        assert add.value.sid == edit.value.sid == first.sid
        with pytest.raises(NumberTaken):
            actions.add_number(account=acme, number="2125550101", extension="101", at=at)
        second.refresh_from_db()
        assert second.extension == "102"
        for number in ("2125550104", "2125550105"):  # extensions without a number are no clash
            actions.add_number(account=acme, number=number, is_extension=True, at=at)
    with account_scope(other.pk):
        actions.add_number(account=other, number="2125550106", extension="101", at=at)


def test_a_number_turns_into_an_extension_and_back(acme_number: PhoneNumber, at: datetime) -> None:
    later = at + timedelta(hours=1)
    with account_scope(acme_number.account_id):
        with pytest.raises(InvalidInput):
            actions.edit_number(number=acme_number, at=at, extension="101")
        actions.edit_number(
            number=acme_number, at=later, is_extension=True, extension="101", spoken_name="Rita"
        )
        stale = PhoneNumber.objects.get()
        actions.edit_number(number=acme_number, at=later, spoken_name="Olivia")
        actions.edit_number(number=stale, at=later, extension="102")
        found = PhoneNumber.objects.get()
        assert (found.is_extension, found.extension) == (True, "102")
        assert (found.extension_spoken_name, found.updated_at) == ("Olivia", later)
        back: NumberFields = {"is_extension": False}
        actions.edit_number(number=found, at=later, **back)
        found.refresh_from_db()
        assert (found.is_extension, found.extension, found.extension_spoken_name) == (False, "", "")


def test_nobody_else_edits_or_removes_a_number(
    acme_number: PhoneNumber, other: Account, at: datetime
) -> None:
    with account_scope(other.pk):
        with pytest.raises(OutOfScope):
            actions.edit_number(number=acme_number, at=at, is_extension=True)
        with pytest.raises(OutOfScope):
            actions.remove_number(number=acme_number, at=at)


def test_a_removed_number_is_free_and_its_span_stays(
    acme_number: PhoneNumber, acme: Account, other: Account, at: datetime
) -> None:
    later = at + timedelta(days=3)
    copy = PhoneNumber(pk=acme_number.pk, account=acme, number="x")
    with account_scope(acme.pk):
        actions.remove_number(number=acme_number, at=later)
        assert not PhoneNumber.objects.exists()
        kept = NumberSpan.objects.get()
        assert (kept.number, kept.began_at, kept.ended_at) == ("+1 212 555 0142", at, later)
        with pytest.raises(NumberNotFound):
            actions.remove_number(number=copy, at=later)
        with pytest.raises(NumberNotFound):
            actions.edit_number(number=copy, at=later, is_extension=True)
    with account_scope(other.pk):
        actions.add_number(account=other, number="(212) 555-0142", at=later)


def test_numbers_as_they_are_written(acme: Account, other: Account, at: datetime) -> None:
    other.country = "GB"
    other.save()
    with account_scope(acme.pk):
        desk = actions.add_number(account=acme, number="+1 212 555 0142", at=at)
        rita = actions.add_number(account=acme, number="2125550143", extension="101", at=at)
        odd = actions.add_number(account=acme, number="101", at=at)
        written = ["2125550142", "1-212-555-0142", "101", "(212) 555-0143", "999", "", "x"]
        assert queries.numbers_written(acme, written) == {
            "2125550142": desk,
            "1-212-555-0142": desk,
            "101": odd,
            "(212) 555-0143": rita,
        }
        actions.remove_number(number=odd, at=at)
        assert queries.numbers_written(acme, ["101"]) == {"101": rita}
    with account_scope(other.pk):
        london = actions.add_number(account=other, number="+44 20 7946 0123", at=at)
        written = ["20 7946 0123", "442079460123", "+44 20 7946 0123", "2125550142"]
        assert queries.numbers_written(other, written) == dict.fromkeys(written[:3], london)


def test_a_number_counts_in_each_span_in_which_it_was(acme: Account) -> None:
    with account_scope(acme.pk):
        gone = actions.add_number(account=acme, number="2125550101", at=day(5))
        actions.add_number(account=acme, number="2125550102", at=day(25))
        actions.remove_number(number=gone, at=day(25))
        again = actions.add_number(account=acme, number="2125550101", at=day(40))
        spans = [span(0, 4), span(5, 5), span(6, 24), span(25, 25), span(26, 39), span(0, 60)]
        assert queries.usage([acme.pk], spans) == [0, 1, 1, 2, 1, 3]
        midnight = datetime(2020, 3, 1, tzinfo=UTC)
        actions.remove_number(number=again, at=midnight)
        assert queries.usage(None, [(date(2020, 2, 29),) * 2, (date(2020, 3, 1),) * 2]) == [2, 1]
        assert queries.usage(None, []) == []


def test_usage_of_others_is_not_seen(acme: Account, other: Account) -> None:
    for account in (acme, other):
        with account_scope(account.pk):
            actions.add_number(account=account, number=f"212555010{account.pk % 10}", at=day(0))
    with account_scope(acme.pk):
        assert queries.usage(None, [span(0, 0)]) == [1]
        assert queries.usage([other.pk], [span(0, 0)]) == [0]
    with system_scope("the operator sees all"):
        assert queries.usage(None, [span(0, 0)]) == [2]
        assert queries.usage([other.pk], [span(0, 0)]) == [1]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lives=st.lists(st.tuples(st.integers(0, 300), st.none() | st.integers(0, 200)), max_size=20),
    asked=st.lists(st.tuples(st.integers(-2, 14), st.integers(0, 5)), min_size=1, max_size=8),
)
def test_usage_is_what_counting_one_by_one_gives(
    acme: Account,
    django_assert_num_queries: Any,
    lives: list[tuple[int, int | None]],
    asked: list[tuple[int, int]],
) -> None:
    """Hours of birth and lengths of life; days asked. Some begin and end at midnight."""
    zero = datetime(2020, 1, 1, tzinfo=UTC)
    rows = [
        (zero + timedelta(hours=born), zero + timedelta(hours=born + life) if life else None)
        for born, life in lives
    ]
    spans = [span(first, first + length) for first, length in asked]
    with account_scope(acme.pk):
        NumberSpan.objects.all().delete()
        NumberSpan.objects.bulk_create(
            NumberSpan(
                account=acme, number="1", phone_number_sid=f"PH{n}", began_at=born, ended_at=died
            )
            for n, (born, died) in enumerate(rows)
        )
        with django_assert_num_queries(1):
            found = queries.usage([acme.pk], spans)
    for (first, last), count in zip(spans, found, strict=True):
        begin = datetime(first.year, first.month, first.day, tzinfo=UTC)
        end = datetime(last.year, last.month, last.day, tzinfo=UTC) + timedelta(days=1)
        assert count == sum(born < end and (died is None or died > begin) for born, died in rows)
