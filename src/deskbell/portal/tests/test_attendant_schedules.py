"""Schedules in the console: the week and special days, bad rows, two people at once, holidays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

import pytest
from django.test import Client

from deskbell.accounts.models import Account, User
from deskbell.attendant.actions import add_system
from deskbell.attendant.models import Draft, Menu, System, WeeklyEntry
from deskbell.attendant.queries import planned
from deskbell.attendant.rules.plans import SystemPlan
from deskbell.attendant.rules.schedule import DateSpan, WeekSpan
from deskbell.platform.tenancy import account_scope
from deskbell.portal.attendant.flow.colours import PALETTE, colour_of, ink_on
from deskbell.portal.attendant.schedules.holidays import countries, holidays_from, parts_of
from deskbell.portal.attendant.schedules.rows import read_time
from deskbell.portal.attendant.schedules.week_picture import Block, blocks_of

pytestmark = pytest.mark.django_db
Sign = Callable[[User], Client]
MIDNIGHT = time(0)


@pytest.fixture
def address(attendant: System) -> str:
    return f"/attendant/schedules/{attendant.sid}/"


@pytest.fixture
def night(attendant: System, acme: Account) -> str:
    with account_scope(acme.pk):
        return Menu.objects.get(name="Night").sid


def seen(client: Client, address: str, form: str = "week_form") -> str:
    return str(client.get(address).context[form]["seen"].value())


def drafted(account: Account) -> SystemPlan:
    with account_scope(account.pk):
        return planned(account.pk).plan.systems[0]


def week(client: Client, address: str, *rows: tuple[str, str, str, str], **more: Any) -> Any:
    """Posts the week's table."""
    days, starts, ends, menus = zip(*rows, strict=True) if rows else ((), (), (), ())
    sent = {"part": "week", "seen": seen(client, address)}
    sent |= {"day": days, "start": starts, "end": ends, "menu": menus} | more
    return client.post(address, sent)


def test_the_week_is_saved_in_the_draft_and_not_live(
    page: Client, address: str, acme: Account, night: str
) -> None:
    answer = week(page, address, ("1", "18:00", "08:00", night), ("6", "00:00", "24:00", night))
    assert answer.status_code == 302
    assert drafted(acme).week == (
        WeekSpan(night, 1, time(18), time(8)),
        WeekSpan(night, 6, MIDNIGHT, MIDNIGHT),
    )
    with account_scope(acme.pk):
        assert WeeklyEntry.objects.count() == 5
    assert "is saved in the draft" in page.get(address).content.decode()


def test_what_overlaps_is_refused_in_words_and_kept_in_the_form(
    page: Client, address: str, acme: Account, night: str
) -> None:
    answer = week(page, address, ("1", "18:00", "08:00", night), ("2", "07:00", "09:00", night))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Some hours have two menus" in text
    assert "Overlaps Tuesday, 7 AM to 9 AM." in text
    assert "Overlaps Monday, 6 PM to 8 AM." in text
    assert 'value="07:00"' in text
    with account_scope(acme.pk):
        assert not Draft.objects.exists()


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (("1", "", "10:00", "NIGHT"), "Times are hours and minutes"),
        (("1", "25:00", "10:00", "NIGHT"), "Times are hours and minutes"),
        (("9", "08:00", "10:00", "NIGHT"), "Choose a day."),
        (("1", "08:00", "10:00", ""), "Choose the menu that answers."),
        (("1", "08:00", "10:00", "MN00"), "Choose the menu that answers."),
    ],
)
def test_a_row_that_cannot_be_says_why(
    page: Client, address: str, night: str, row: tuple[str, str, str, str], words: str
) -> None:
    day, start, end, menu = row
    answer = week(page, address, (day, start, end, menu.replace("NIGHT", night)))
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_the_end_of_the_week_meets_its_start(page: Client, address: str, night: str) -> None:
    sunday, monday = ("7", "22:00", "06:00", night), ("1", "05:00", "09:00", night)
    text = week(page, address, monday, ("3", "09:00", "10:00", night), sunday).content.decode()
    assert "Overlaps Monday, 5 AM to 9 AM." in text
    assert "Overlaps Sunday, 10 PM to 6 AM." in text
    assert "Overlaps Wednesday" not in text


def test_what_is_offered_first_answers_already(page: Client, address: str, night: str) -> None:
    shown = page.get(address)
    day = shown.context["brushes"][0]
    assert shown.context["brush_now"] == next(
        each.sid for each in shown.context["brushes"] if each.hours
    )
    assert shown.context["holiday_menu"] == day.sid
    sent = {"part": "dates", "seen": seen(page, address, "days_form")}
    page.post(address, sent | {"first": "2026-12-25", "last": "2026-12-25", "menu": night})
    assert page.get(address).context["holiday_menu"] == night


def test_rows_come_and_go_without_a_script(
    page: Client, address: str, acme: Account, night: str
) -> None:
    row = ("1", "08:00", "10:00", night)
    added = week(page, address, row, add="1")
    assert len(added.context["week_form"].rows) == 2
    dropped = week(page, address, row, row, drop="0")
    assert len(dropped.context["week_form"].rows) == 1
    with account_scope(acme.pk):
        assert not Draft.objects.exists()


def test_of_two_people_the_second_is_told_and_loses_nothing(
    page: Client, signed_in: Sign, bob: User, address: str, acme: Account, night: str
) -> None:
    shown = seen(page, address)
    other = signed_in(bob)
    assert week(other, address, ("7", "10:00", "12:00", night)).status_code == 302
    mine = {"part": "week", "day": "3", "start": "11:00", "end": "12:00", "menu": night}
    told = page.post(address, mine | {"seen": shown})
    text = told.content.decode()
    assert told.status_code == 409
    assert "Somebody else saved this" in text
    assert "Sunday, 10 AM to noon" in text
    assert 'value="11:00"' in text
    assert [span.day for span in drafted(acme).week] == [7]
    again = page.post(address, mine | {"seen": told.context["week_form"]["seen"].value()})
    assert again.status_code == 302
    assert [span.day for span in drafted(acme).week] == [3]


def test_the_week_and_the_special_days_do_not_disturb_each_other(
    page: Client, signed_in: Sign, bob: User, address: str, acme: Account, night: str
) -> None:
    shown = seen(page, address, "days_form")
    assert week(signed_in(bob), address, ("7", "10:00", "12:00", night)).status_code == 302
    days = {"part": "dates", "seen": shown, "first": "2026-12-25", "menu": night, "last": ""}
    assert page.post(address, days).status_code == 302
    found = drafted(acme)
    assert found.dates == (DateSpan(night, date(2026, 12, 25), date(2026, 12, 25)),)
    assert [span.day for span in found.week] == [7]


def test_special_days_that_cannot_be(page: Client, address: str, night: str) -> None:
    shown = seen(page, address, "days_form")

    def post(*rows: tuple[str, str]) -> str:
        firsts, lasts = zip(*rows, strict=True)
        sent = {
            "part": "dates",
            "seen": shown,
            "first": firsts,
            "last": lasts,
            "menu": [night] * len(rows),
        }
        answer = page.post(address, sent)
        assert answer.status_code == 422
        return answer.content.decode()

    assert "before the first" in post(("2026-12-26", "2026-12-25"))
    assert "year, month and day" in post(("Christmas", ""))
    both = post(("2026-12-24", "2026-12-26"), ("2026-12-25", "2026-12-25"))
    assert "Overlaps December 25, 2026." in both
    assert "Overlaps December 24, 2026 to December 26, 2026." in both


def test_holidays_are_picked_and_then_saved(
    page: Client, address: str, acme: Account, night: str
) -> None:
    found = holidays_from(date.fromisoformat("2026-03-04"), "US")
    assert "Christmas Day" in [each.name for each in found]
    sent = {
        "part": "dates",
        "seen": seen(page, address, "days_form"),
        "first": ["2026-12-24"],
        "last": ["2026-12-25"],
        "menu": [night],
        "holiday": ["2026-12-25", "2027-01-01", "nonsense"],
        "holiday_menu": night,
    }
    picked = page.post(address, sent | {"pick": "1"})
    assert [row.start for row in picked.context["days_form"].rows] == ["2026-12-24", "2027-01-01"]
    with account_scope(acme.pk):
        assert not Draft.objects.exists()


def test_another_country_shows_its_holidays_and_keeps_the_rows(
    page: Client, address: str, night: str
) -> None:
    sent = {
        "part": "dates",
        "seen": seen(page, address, "days_form"),
        "first": ["2027-05-05"],
        "last": ["2027-05-06"],
        "menu": [night],
        "country": "DE",
        "subdivision": "BY",
        "show_holidays": "1",
    }
    answer = page.post(address, sent)
    assert "Labor Day" in [each.name for each, _ in answer.context["holidays"]]
    assert "Bayern" in dict(answer.context["subdivisions"]).values()
    assert 'value="2027-05-05"' in answer.content.decode()
    odd = page.get(address, {"country": "XX", "subdivision": "<b>", "year": "99999999"})
    assert odd.status_code == 200
    assert odd.context["holidays"] == []


def test_every_country_has_a_name() -> None:
    assert {"US", "GB", "DE"} <= dict(countries()).keys()
    assert dict(parts_of("US"))["NY"] == "New York"
    assert parts_of("XX") == []


def test_the_only_systems_page_comes_at_once_else_a_list(
    page: Client, attendant: System, address: str, acme: Account, at: datetime
) -> None:
    assert page.get("/attendant/schedules/").headers["Location"] == address
    with account_scope(acme.pk):
        add_system(account=acme, name="Second line", at=at)
    text = page.get("/attendant/schedules/").content.decode()
    assert "Second line" in text
    assert "Main line" in text


def test_who_may_not_edit_only_looks(signed_in: Sign, rita: User, address: str, night: str) -> None:
    client = signed_in(rita)
    text = client.get(address).content.decode()
    assert "Save week" not in text
    assert week(client, address, ("1", "08:00", "10:00", night)).status_code == 403


def test_another_accounts_schedule_is_not_found(
    signed_in: Sign, charlie: User, address: str
) -> None:
    assert signed_in(charlie).get(address).status_code == 404


def test_hours_past_midnight_are_drawn_on_both_days() -> None:
    span = WeekSpan("MN1", 7, time(18), time(8))
    assert list(blocks_of([span])) == [
        Block(7, 18 * 60, 24 * 60, "MN1"),
        Block(1, 0, 8 * 60, "MN1"),
    ]
    assert list(blocks_of([WeekSpan("MN1", 2, MIDNIGHT, MIDNIGHT)])) == [Block(2, 0, 1440, "MN1")]


@pytest.mark.parametrize(
    ("typed", "at"),
    [("24:00", MIDNIGHT), ("9:05", time(9, 5)), ("24:01", None), ("1", None), ("٩:00", None)],
)
def test_times_as_people_type_them(typed: str, at: time | None) -> None:
    assert read_time(typed) == at


def test_only_colours_are_painted() -> None:
    assert colour_of("#e56052", 0) == "#e56052"
    assert colour_of("e56052", 0) == "#e56052"
    assert colour_of('"><b', 9) == PALETTE[1]
    assert (ink_on("#ffffff"), ink_on("#000"), ink_on("#1a237e")) == (
        "#000000",
        "#ffffff",
        "#ffffff",
    )
