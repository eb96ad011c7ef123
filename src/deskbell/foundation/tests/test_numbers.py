"""Numbers as people write them, and as they are compared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskbell.foundation import numbers


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("+1 212 555 0142", "2125550142", True),
        ("12125550142", "(212) 555-0142", True),
        ("2125550142", "2125550143", False),
        ("123-123123", "123123123", True),
        ("1671331777", "671331777", False),
        ("101", "101", True),
    ],
)
def test_numbers_are_found_by_their_national_digits(one: str, other: str, same: bool) -> None:
    assert (numbers.national_digits(one) == numbers.national_digits(other)) is same


@pytest.mark.parametrize(
    ("number", "withheld"),
    [
        *[(each, True) for each in ("", " ", "anonymous", "Anonymous", "Restricted")],
        *[(each, True) for each in ("+266696687", "+2562533", "86282452253")],
        *[(each, False) for each in ("+12125550142", "w0411-reception", "+26669668", "911")],
    ],
)
def test_withheld_numbers(number: str, withheld: bool) -> None:
    assert numbers.is_withheld(number) is withheld


@pytest.mark.parametrize(
    ("number", "e164", "shown"),
    [
        ("(212) 555-0142", "+12125550142", "(212) 555-0142"),
        ("+44 20 7946 0018", "+442079460018", "+44 20 7946 0018"),
        ("12312-412", "", "12312-412"),
        ("anonymous", "", "anonymous"),
        ("", "", ""),
    ],
)
def test_forms(number: str, e164: str, shown: str) -> None:
    assert numbers.to_e164(number) == e164
    assert numbers.for_people(number) == shown


def test_a_phones_name_is_not_read_as_keys() -> None:
    assert numbers.for_people("w0411-bob") == "w0411-bob"


@given(st.text(max_size=40))
def test_any_text_has_a_form(text: str) -> None:
    assert numbers.digits_of(text).isdigit() or not numbers.digits_of(text)
    assert isinstance(numbers.for_people(text), str)
    assert numbers.national_digits(text) in numbers.digits_of(text)
