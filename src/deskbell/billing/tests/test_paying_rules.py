"""Numbers of banks and cards as they are typed, amounts and fees, and where a payment may go."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskbell.billing.models import PaymentState
from deskbell.billing.rules.amounts import MOST_PAID_CENTS, checked_amount, fee_of
from deskbell.billing.rules.automatic import is_to_be_paid
from deskbell.billing.rules.banks import checked_account, checked_routing, passes_check
from deskbell.billing.rules.cards import (
    brand_of,
    checked_card,
    checked_cvv,
    checked_expiry,
    passes_luhn,
)
from deskbell.billing.rules.moves import COUNTS, MOVES, UNDER_WAY, Standing, after, may_move
from deskbell.foundation.errors import InvalidInput

STATES = [state.value for state in PaymentState]


@pytest.mark.parametrize("typed", ["110000000", "021000021", " 0210-0002 1", "322271627"])
def test_routing_numbers_that_banks_have(typed: str) -> None:
    assert len(checked_routing(typed)) == 9


@pytest.mark.parametrize(
    "typed",
    [
        *("", "  ", "02100002", "0210000211", "021000022", "02100002x", "٠٢١٠٠٠٠٢١"),
        *("000000000", "130000008", "990000009", "-021000021e"),
    ],
)
def test_routing_numbers_that_no_bank_has(typed: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        checked_routing(typed)
    assert refused.value.field == "routing_number"


@given(st.text("0123456789", min_size=9, max_size=9), st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(digits: str, place: int, more: int) -> None:
    wrong = str((int(digits[place]) + more) % 10)
    other = digits[:place] + wrong + digits[place + 1 :]
    assert not (passes_check(digits) and passes_check(other))
    assert not (passes_luhn(digits) and passes_luhn(other))


@pytest.mark.parametrize(
    ("typed", "again", "field"),
    [
        ("", "", "account_number"),
        ("123", "123", "account_number"),
        ("1" * 18, "1" * 18, "account_number"),
        ("12a4", "12a4", "account_number"),
        ("123456", "", "account_again"),
        ("123456", "123457", "account_again"),
    ],
)
def test_account_numbers_are_typed_twice(typed: str, again: str, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        checked_account(typed, again)
    assert refused.value.field == field


def test_an_account_number_may_have_blanks() -> None:
    assert checked_account("0001 2345-6789", "000123456789") == "000123456789"


@pytest.mark.parametrize(
    ("typed", "brand"),
    [
        ("4242 4242 4242 4242", "Visa"),
        ("5555-5555-5555-4444", "MasterCard"),
        ("2223003122003222", "MasterCard"),
        ("2720992593319364", "MasterCard"),
        ("6011111111111117", "Discover"),
        ("6445644564456445", "Discover"),
        ("378282246310005", "American Express"),
    ],
)
def test_cards_of_the_brands_that_are_taken(typed: str, brand: str) -> None:
    assert brand_of(checked_card(typed)).title == brand


@pytest.mark.parametrize(
    "typed",
    [
        *("", "   ", "abcd", "4242 4242 4242 4241", "424242424242424", "37828224631000"),
        *(
            "3056930009020004",
            "3566002020360505",
            "2221",
            "27210000000000",
            "٤٢٤٢٤٢٤٢٤٢٤٢٤٢٤٢",
            "0",
        ),
    ],
)
def test_numbers_that_are_no_card_of_ours(typed: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        checked_card(typed)
    assert refused.value.field == "card_number"


@given(st.text("0123456789", min_size=4, max_size=20))
def test_no_number_is_ever_in_an_errors_words(digits: str) -> None:
    said = []
    for check in (checked_card, checked_routing, lambda typed: checked_account(typed, "")):
        try:
            check(digits)
        except InvalidInput as error:
            said.append(str(error))
    assert digits not in " ".join(said)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("03/26", (3, 2026)), ("3/26", (3, 2026)), ("12/2030", (12, 2030)), ("04-29", (4, 2029))],
)
def test_a_card_is_good_through_the_last_day_of_its_month(
    typed: str, expected: tuple[int, int]
) -> None:
    assert checked_expiry(typed, today=date(2026, 3, 31)) == expected


@pytest.mark.parametrize("typed", ["", "02/26", "13/26", "00/27", "12/25", "1227", "03/99", "x"])
def test_expired_cards_and_no_months(typed: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        checked_expiry(typed, today=date(2026, 3, 1))
    assert refused.value.field == "expiry"


@pytest.mark.parametrize(
    ("number", "typed", "is_right"),
    [
        ("4242424242424242", "123", True),
        ("4242424242424242", "1234", False),
        ("378282246310005", "1234", True),
        ("378282246310005", "123", False),
        ("4242424242424242", "", False),
        ("4242424242424242", "12a", False),
        ("4242424242424242", "١٢٣", False),
    ],
)
def test_the_cvv_is_as_long_as_its_brand_has_it(number: str, typed: str, is_right: bool) -> None:
    if is_right:
        assert checked_cvv(typed, number) == typed
        return
    with pytest.raises(InvalidInput) as refused:
        checked_cvv(typed, number)
    assert refused.value.field == "cvv"


@pytest.mark.parametrize("typed", ["", "0", "0.00", "-5", "ten", "NaN", "1e3", "0.001", "50000.01"])
def test_amounts_that_nobody_pays(typed: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        checked_amount(typed)
    assert refused.value.field == "amount"


@pytest.mark.parametrize(("typed", "cents"), [("0.01", 1), ("$25.00", 2500), ("50,000", 5_000_000)])
def test_amounts_that_are_paid(typed: str, cents: int) -> None:
    assert checked_amount(typed) == cents


@pytest.mark.parametrize(
    ("cents", "fee"), [(1, 0), (33, 0), (34, 1), (100, 2), (600, 9), (2500, 38), (10_000, 150)]
)
def test_the_fee_is_rounded_half_up(cents: int, fee: int) -> None:
    assert fee_of(cents, is_card=True) == fee
    assert fee_of(cents, is_card=False) == 0


@given(st.integers(1, MOST_PAID_CENTS))
def test_the_fee_is_never_off_by_more_than_half_a_cent(cents: int) -> None:
    assert abs(fee_of(cents, is_card=True) * 1000 - cents * 15) <= 500


def test_the_tables_know_every_state() -> None:
    assert set(MOVES) == set(STATES) == {each for to in MOVES.values() for each in to} | {"started"}
    assert UNDER_WAY.isdisjoint({"succeeded", "failed", "returned", "refunded"})
    assert set(STATES) >= COUNTS


@pytest.mark.parametrize(
    ("before", "to", "is_allowed"),
    [
        ("started", "processing", True),
        ("processing", "succeeded", True),
        ("succeeded", "returned", True),
        ("succeeded", "processing", False),
        ("processing", "started", False),
        ("failed", "succeeded", False),
        ("returned", "succeeded", False),
        ("refunded", "succeeded", False),
    ],
)
def test_payments_never_go_back(before: str, to: str, is_allowed: bool) -> None:
    assert may_move(before, to) is is_allowed


TOLD = st.builds(Standing, st.sampled_from(STATES), st.integers(0, 2000))


@given(st.lists(TOLD, max_size=6))
def test_what_is_told_twice_or_late_changes_nothing(told: list[Standing]) -> None:
    now = Standing("started")
    for each in told:
        then = after(now, each, total_cents=1000)
        assert then == after(then, each, total_cents=1000)
        assert then.state == now.state or may_move(now.state, then.state)
        assert now.refunded_cents <= then.refunded_cents <= 1000
        assert (then.state == "refunded") is (then.refunded_cents == 1000)
        now = then


DUE = date(2026, 3, 10)
AGREED = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "is_due"),
    [
        (datetime(2026, 3, 10, 3, 59, tzinfo=UTC), False),  # still the ninth in New York
        (datetime(2026, 3, 10, 4, 0, tzinfo=UTC), True),
        (datetime(2026, 3, 14, 3, 59, tzinfo=UTC), True),
        (datetime(2026, 3, 14, 4, 0, tzinfo=UTC), False),
    ],
)
def test_a_statement_is_paid_on_its_day_where_the_account_is(at: datetime, is_due: bool) -> None:
    assert is_to_be_paid(DUE, at, agreed_at=AGREED, zone="America/New_York") is is_due


def test_what_was_due_before_anybody_agreed_is_not_taken() -> None:
    at = datetime(2026, 3, 12, 12, tzinfo=UTC)
    later = at - timedelta(days=1)
    assert not is_to_be_paid(DUE, at, agreed_at=later, zone="America/New_York")
