"""Files for the bank, read back by another reader; files of returns; the days banks settle on."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskbell.billing.rules.bank_files import Entry, plain, trace_number, write
from deskbell.billing.rules.bank_returns import read
from deskbell.billing.rules.banking_days import banking_day_after, is_banking_day
from deskbell.foundation.bank import Bank, passes_check, read_bank
from deskbell.foundation.errors import InvalidInput

from .nacha_reader import read_file, returns_file

SETTINGS = {
    "DESKBELL_NACHA_DESTINATION": "021000021",
    "DESKBELL_NACHA_DESTINATION_NAME": "Town Bank",
    "DESKBELL_NACHA_COMPANY_ID": "1234567890",
    "DESKBELL_NACHA_COMPANY_NAME": "Deskbell",
}
MADE = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
TRACE = "021000020000001"


def bank(**changes: str) -> Bank:
    found = read_bank(SETTINGS | changes, is_needed=True)
    assert found is not None
    return found


def entry(**changes: Any) -> Entry:
    told: dict[str, Any] = {
        "routing": "011000015",
        "account": "000123456789",
        "cents": 2500,
        "client": "W0411",
        "name": "Acme Dental",
        "trace": TRACE,
    }
    return Entry(**(told | changes))


def written(*entries: Entry, at_bank: Bank | None = None) -> str:
    return write(
        at_bank or bank(),
        entries,
        made_at=MADE,
        effective_on=date(2026, 11, 23),
        modifier="A",
        number=7,
    ).text


def routing_numbers() -> st.SearchStrategy[str]:
    eight = st.integers(0, 10**8 - 1).map(lambda number: f"{number:08d}")
    return eight.map(
        lambda digits: next(f"{digits}{n}" for n in range(10) if passes_check(f"{digits}{n}"))
    )


@given(
    st.lists(
        st.builds(
            entry,
            routing=routing_numbers(),
            account=st.from_regex(r"[0-9]{4,17}", fullmatch=True),
            cents=st.one_of(st.integers(1, 10**6), st.just(99_999_999_99)),
            name=st.text(max_size=40),
            client=st.text(max_size=20),
        ),
        min_size=1,
        max_size=30,
    )
)
def test_every_file_adds_up_for_a_reader_of_its_own(entries: list[Entry]) -> None:
    found = read_file(written(*entries))
    assert [(each.routing, each.account, each.cents) for each in found.debits] == [
        (each.routing, each.account, each.cents) for each in entries
    ]


def test_ten_thousand_debits_and_the_sums_that_are_shown() -> None:
    entries = [entry(trace=trace_number("02100002", n)) for n in range(1, 10_001)]
    made = write(
        bank(), entries, made_at=MADE, effective_on=date(2026, 11, 23), modifier="B", number=1
    )
    assert (made.entries, made.total_cents) == (10_000, 25_000_000)
    assert made.entry_hash == str(1_100_001 * 10_000)[-10:].rjust(10, "0")
    assert len(read_file(made.text).debits) == 10_000


def test_what_the_bank_reads() -> None:
    found = read_file(written(entry(name="Müller & Söhne Straßenbau GmbH")))
    assert (found.destination, found.modifier) == ("021000021", "A")
    assert (found.effective, found.entry_class) == ("261123", "CCD")
    assert found.debits[0].name == "MULLER & SOHNE STRASSE"
    assert found.debits[0].client == "W0411"


def test_debits_from_people_say_whether_they_recur() -> None:
    at_bank = bank(DESKBELL_NACHA_CLASS="WEB")
    once, again = written(entry(), entry(is_recurring=True), at_bank=at_bank).split("\r\n")[2:4]
    assert (once[76:78], again[76:78]) == ("S ", "R ")


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ([], "1 to 100,000 debits"),
        ([entry(cents=0)], "one cent"),
        ([entry(cents=100_000_000_00)], r"\$99,999,999.99"),
        ([entry(account="1" * 18)], "94"),
    ],
)
def test_what_has_no_room_is_refused(entries: list[Entry], words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        written(*entries)


def test_no_text_gets_out_of_its_columns() -> None:
    assert plain("a\r\n6271", 10) == "A  6271   "


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("DESTINATION", "021000022", "check digit"),
        ("DESTINATION", "", "is needed"),
        ("ODFI", "12345678", "check digit"),
        ("COMPANY_ID", "12", "9 or 10"),
        ("COMPANY_NAME", "A" * 17, "16 characters"),
        ("CLASS", "PPD", "CCD or WEB"),
        ("SETTLES_AFTER", "0", "1 to 60"),
    ],
)
def test_settings_that_cannot_be_name_their_variable(name: str, value: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=f"DESKBELL_NACHA_{name}.*{words}"):
        bank(**{f"DESKBELL_NACHA_{name}": value})


def test_no_bank_is_fine_where_none_is_needed() -> None:
    assert read_bank({}, is_needed=False) is None


def test_returns_and_corrections_are_read() -> None:
    text = returns_file((TRACE, "R01", 2500, "011000010000009"), (TRACE, "C02", 0, "0" * 15))
    back, corrected = read(text)
    assert (back.trace, back.cents, back.is_return) == (TRACE, 2500, True)
    assert back.words == "R01: not enough money in the account"
    assert (corrected.code, corrected.is_return) == ("C02", False)


def test_a_file_of_one_long_line_is_read() -> None:
    text = returns_file((TRACE, "R99", 1, "011000010000009")).replace("\n", "")
    assert read(text)[0].words.startswith("R99: for a reason")


GOOD = returns_file((TRACE, "R01", 2500, "011000010000009"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no file from a bank"),
        ("%PDF-1.7", "no file from a bank"),
        (GOOD.replace("799R01", "799X01"), "Line 4 has no reason"),
        (GOOD.replace("0000002500", "00000025.0"), "Line 3 has no amount"),
        (GOOD.replace(TRACE, "02100002000000X"), "Line 4 names no entry"),
        (GOOD.replace("900000100000100000002", "900000100000100000003"), "counts 00000003 entries"),
        ("\n".join(GOOD.splitlines()[:-1]), "ends before its last record"),
        (GOOD.replace("ACME", "ACMÉ"), "Line 3 is not a record"),
        ("\n".join(line for line in GOOD.splitlines() if line[0] != "6"), "belongs to no entry"),
        ("1" * 10_000_001, "longer than any"),
    ],
)
def test_a_broken_file_is_refused_whole(text: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        read(text)


@pytest.mark.parametrize(
    ("day", "is_open"),
    [
        (date(2026, 11, 23), True),
        (date(2026, 11, 26), False),  # Thanksgiving
        (date(2026, 11, 28), False),  # a Saturday
        (date(2026, 7, 3), True),  # the day before a holiday on a Saturday
        (date(2027, 7, 5), False),  # the Monday after one on a Sunday
        (date(2028, 2, 29), True),
    ],
)
def test_banks_settle_on_these_days(day: date, is_open: bool) -> None:
    assert is_banking_day(day) is is_open


def test_the_next_banking_day_jumps_over_holidays() -> None:
    assert banking_day_after(date(2026, 11, 25)) == date(2026, 11, 27)
    assert banking_day_after(date(2026, 11, 25), 3) == date(2026, 12, 1)
