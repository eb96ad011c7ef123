"""The time machine: what a caller meets, shared by its address; clock changes are explained."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from deskbell.accounts.models import Account, PhoneNumber, User
from deskbell.attendant.actions import add_announcement, edit_menu, set_emergency, set_extensions
from deskbell.attendant.models import CallStep, Draft, Menu, System
from deskbell.foundation.clock import now
from deskbell.platform.tenancy import account_scope
from deskbell.portal.attendant.time_machine.asked import Asked, instant, read_clock

pytestmark = pytest.mark.django_db
PAGE = "/attendant/time-machine/"
NEW_YORK = ZoneInfo("America/New_York")
DAYTIME = {"date": "2026-03-04", "time": "10:00"}
Sign = Callable[[User], Client]


@pytest.mark.parametrize(
    ("day", "clock", "is_second", "at", "words"),
    [
        (date(2026, 3, 4), time(10), False, datetime(2026, 3, 4, 15, tzinfo=UTC), ""),
        (date(2026, 3, 8), time(2, 30), False, datetime(2026, 3, 8, 7, 30, tzinfo=UTC), "forward"),
        (date(2026, 11, 1), time(1, 30), False, datetime(2026, 11, 1, 5, 30, tzinfo=UTC), "first"),
        (date(2026, 11, 1), time(1, 30), True, datetime(2026, 11, 1, 6, 30, tzinfo=UTC), "second"),
    ],
)
def test_a_wall_clock_time_is_an_instant(
    day: date, clock: time, is_second: bool, at: datetime, words: str
) -> None:
    found = instant(day, clock, NEW_YORK, is_second=is_second)
    assert found.at == at
    assert words in found.note
    assert bool(words) == bool(found.note)
    assert found.is_twice == (words in {"first", "second"})


def test_what_is_asked_is_an_address() -> None:
    asked = Asked("AA1", "2026-03-04", "10:00", "1*t", is_live=True, is_second=True)
    from django.http import QueryDict

    assert Asked.read(QueryDict(asked.query[1:]).dict()) == asked


@pytest.mark.parametrize("typed", ["", "25:00", "10", "10:61", "x", "²:00"])
def test_what_is_no_time_of_day(typed: str) -> None:
    assert read_clock(typed) is None


def test_the_steps_of_a_call(page: Client, attendant: System, acme: Account, at: datetime) -> None:
    with account_scope(acme.pk):
        said = add_announcement(
            account=acme,
            name="Welcome",
            type="say",
            body="Good day to you.",
            language="en-US",
            voice="Man",
            at=at,
        )
        edit_menu(menu=Menu.objects.get(name="Day"), announcement=said, at=at)
    answer = page.get(PAGE, DAYTIME | {"keys": "1t"})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "Wednesday, March 4, 2026, 10:00 AM" in text
    assert "Good day to you." in text
    assert [step.menu for step in answer.context["steps"]] == ["Day", "Night", "Night"]
    assert [step.pressed for step in answer.context["steps"]] == ["", "1", "waits"]
    assert "Listen" in text


def test_a_number_finds_its_system(page: Client, attendant: System) -> None:
    answer = page.get(PAGE, DAYTIME | {"system": "(212) 555-0142"})
    assert answer.context["system"].sid == attendant.sid


def test_a_time_that_does_not_exist_is_explained(page: Client, attendant: System) -> None:
    text = page.get(PAGE, {"date": "2026-03-08", "time": "02:30"}).content.decode()
    assert "does not exist on March 8, 2026" in text
    twice = page.get(PAGE, {"date": "2026-11-01", "time": "01:30"}).content.decode()
    assert "comes twice on November 1, 2026" in twice
    assert "second=1" in twice


@pytest.mark.parametrize(
    "asked",
    [
        {"date": "yesterday", "time": "10:00"},
        {"date": "0001-01-01", "time": "10:00"},
        {"date": "2026-03-04", "time": "noon"},
        DAYTIME | {"keys": "abc"},
        DAYTIME | {"keys": "1" * 300},
        DAYTIME | {"keys": "\x00☎"},
    ],
)
def test_what_cannot_be_asked_is_said_in_words(
    page: Client, attendant: System, asked: dict[str, str]
) -> None:
    answer = page.get(PAGE, asked)
    assert answer.status_code == 422
    assert answer.context["errors"]


def test_it_changes_nothing(page: Client, attendant: System, acme: Account) -> None:
    page.get(PAGE, DAYTIME | {"keys": "11tttt"})
    with account_scope(acme.pk):
        assert not CallStep.objects.exists()
        assert not Draft.objects.exists()


def test_the_draft_and_what_is_live(page: Client, attendant: System, acme: Account) -> None:
    address = f"/attendant/schedules/{attendant.sid}/"
    seen = page.get(address).context["days_form"]["seen"].value()
    with account_scope(acme.pk):
        night = Menu.objects.get(name="Night")
    row = {"part": "dates", "seen": seen, "first": "2026-03-04", "last": "", "menu": night.sid}
    assert page.post(address, row).status_code == 302
    drafted = page.get(PAGE, DAYTIME)
    live = page.get(PAGE, DAYTIME | {"of": "live"})
    assert [step.menu for step in drafted.context["steps"]] == ["Night"]
    assert [step.menu for step in live.context["steps"]] == ["Day"]


def test_the_emergency_switch_counts_from_now_on(
    page: Client, attendant: System, acme: Account
) -> None:
    local = now().astimezone(NEW_YORK)
    with account_scope(acme.pk):
        night = Menu.objects.get(name="Night")
        until = now() + timedelta(minutes=30)
        set_emergency(system=attendant, menu=night, until=until, at=now())
    soon = {"date": local.date().isoformat(), "time": f"{local:%H:%M}"}
    assert [step.menu for step in page.get(PAGE, soon).context["steps"]] == ["Night"]
    assert [step.menu for step in page.get(PAGE, DAYTIME).context["steps"]] == ["Day"]


def test_an_account_without_systems_is_told(page: Client) -> None:
    assert "There is no system to call yet" in page.get(PAGE).content.decode()


def test_another_accounts_system_is_not_found(
    signed_in: Sign, charlie: User, attendant: System
) -> None:
    text = signed_in(charlie).get(PAGE, {"system": attendant.sid}).content.decode()
    assert "Main line" not in text


@pytest.mark.parametrize(
    ("keys", "offered"),
    [
        ("", ["2", "5", "wait"]),
        ("2", ["# to end the message", "say nothing"]),
        ("5", ["101", "wait"]),
        ("5101#", ["nobody answers"]),
    ],
)
def test_what_comes_next_fits_what_was_asked(
    page: Client, attendant: System, acme: Account, at: datetime, keys: str, offered: list[str]
) -> None:
    actions = (("2", "VOICEMAIL"), ("5", "DIAL_BY_EXTENSION"))
    with account_scope(acme.pk):
        ines = PhoneNumber.objects.get(extension="101")
        set_extensions(system=attendant, extensions=[ines], at=at)
        edit_menu(
            menu=Menu.objects.get(name="Day"),
            keys=[{"menuKey": key, "menuAction": {"actionType": kind}} for key, kind in actions],
            at=at,
        )
    shown = page.get(PAGE, DAYTIME | {"keys": keys})
    assert [words for words, _ in shown.context["next_keys"]] == offered
    for _, url in shown.context["next_keys"]:
        assert page.get(url).status_code == 200
