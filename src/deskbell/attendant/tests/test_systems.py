"""Systems and their schedules: what can be set, what is refused, what goes with a system."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from deskbell.accounts.actions import add_number
from deskbell.accounts.errors import NumberNotFound
from deskbell.accounts.models import Account, PhoneNumber
from deskbell.attendant import actions, queries
from deskbell.attendant.errors import (
    AnnouncementNotFound,
    MenuNotFound,
    ScheduleOverlap,
    SystemNotFound,
)
from deskbell.attendant.models import DateRange, Menu, System, SystemNumber, WeeklyEntry
from deskbell.attendant.rules import DateSpan, WeekSpan
from deskbell.foundation.errors import InvalidInput, OutOfScope
from deskbell.platform.tenancy import account_scope, system_scope


def go_to(sid: str) -> list[dict[str, Any]]:
    return [{"menuKey": "1", "menuAction": {"actionType": "GO_TO_MENU", "actionData": sid}}]


def test_a_system_keeps_all_that_can_be_set(acme: Account, at: datetime) -> None:
    voicemail = {"actionType": "VOICEMAIL"}
    phone = {"actionType": "TRANSFER_TO_PHONE", "actionData": "919960639901"}
    values: Any = {
        "name": "Marketing",
        "description": "this is marketing",
        "status": "SUSPENDED",
        "time_zone": "US/Hawaii",
        "timeout_seconds": 3,
        "timeout_max_occurance": 2,
        "timeout_action": phone,
        "invalid_input_max_occurance": 4,
        "invalid_input_action": voicemail,
        "invalid_extension_max_occurance": 5,
        "invalid_extension_action": voicemail,
        "no_answer_action": voicemail,
        "direct_dialling": True,
    }
    with account_scope(acme.pk):
        sid = "AA" + "1" * 32
        made = actions.add_system(account=acme, at=at, by="alice@example.com", sid=sid, **values)
        kept = System.objects.values(*values, "sid", "created_by").get()
        assert kept == values | {"sid": sid, "created_by": "alice@example.com"}
        before, stale = made.version, System.objects.get()
        actions.edit_system(system=made, at=at + timedelta(hours=1), timeout_seconds=None)
        actions.edit_system(system=stale, at=at + timedelta(hours=2), timeout_action={})
        kept = System.objects.values(*values).get()
        assert kept == values | {"timeout_seconds": None, "timeout_action": {}}
        found = System.objects.get()
        assert found.version == stale.version not in {before, made.version}
        assert found.updated_at == at + timedelta(hours=2)


def test_a_refused_edit_changes_nothing(system: System, at: datetime) -> None:
    with account_scope(system.account_id):
        with pytest.raises(InvalidInput):
            actions.edit_system(system=system, at=at, name="Other", status="ASLEEP")
        kept = System.objects.get()
        assert (kept.name, kept.status) == ("Front desk", "ACTIVE")


def test_a_system_goes_with_its_menus_and_frees_its_numbers(
    system: System, acme_number: PhoneNumber, at: datetime
) -> None:
    with account_scope(system.account_id):
        menu = actions.add_menu(system=system, name="Main", at=at)
        actions.edit_menu(menu=menu, at=at, keys=go_to(menu.sid))
        monday = WeekSpan(menu.sid, 1, time(9), time(17))
        actions.set_weekly_schedule(system=system, entries=[monday], at=at)
        holiday = DateSpan(menu.sid, date(2026, 7, 4), date(2026, 7, 4))
        actions.set_date_ranges(system=system, ranges=[holiday], at=at)
        actions.set_numbers(system=system, numbers=[acme_number], at=at)
        actions.set_emergency(system=system, until=at + timedelta(hours=1), at=at, menu=menu)
        actions.delete_system(system=system, at=at)
        for table in (System, Menu, WeeklyEntry, DateRange, SystemNumber):
            assert not table.objects.exists()
        assert queries.system_for(acme_number) is None
        second = actions.add_system(account=system.account, name="Second", at=at)
        actions.set_numbers(system=second, numbers=[acme_number], at=at)
        for edit in (actions.edit_system, actions.delete_system, actions.end_emergency):
            with pytest.raises(SystemNotFound) as caught:
                edit(system=system, at=at)
            assert caught.value.sid == system.sid


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"name": " "}, InvalidInput),
        ({"time_zone": "Mars/Olympus"}, InvalidInput),
        ({"status": "ASLEEP"}, InvalidInput),
        ({"timeout_seconds": 0}, InvalidInput),
        ({"timeout_max_occurance": 101}, InvalidInput),
        ({"invalid_extension_max_occurance": 0}, InvalidInput),
        ({"name": "x" * 201}, InvalidInput),
        ({"description": "x" * 1001}, InvalidInput),
        ({"description": "\x00"}, InvalidInput),
        ({"sid": "AA1"}, InvalidInput),
        ({"invalid_input_action": {"actionType": "SING"}}, InvalidInput),
        ({"no_answer_action": {"actionType": "SING"}}, InvalidInput),
        (
            {"timeout_action": {"actionType": "VOICEMAIL", "actionData": "AN1"}},
            AnnouncementNotFound,
        ),
        ({"timeout_action": {"actionType": "GO_TO_MENU", "actionData": "MN1"}}, MenuNotFound),
    ],
)
def test_systems_that_cannot_be(
    acme: Account, at: datetime, fields: Any, error: type[Exception]
) -> None:
    with account_scope(acme.pk), pytest.raises(error):
        actions.add_system(account=acme, at=at, **({"name": "Desk"} | fields))


def test_nothing_of_another_account_can_be_named(
    system: System, other: Account, at: datetime
) -> None:
    with account_scope(other.pk):
        theirs = actions.add_announcement(account=other, name="Theirs", body="Hello", at=at)
        number = add_number(account=other, number="+1 212 555 0150", at=at)
        desk = actions.add_system(account=other, name="Desk", at=at)
        menu = actions.add_menu(system=desk, name="Theirs", at=at)
        with pytest.raises(OutOfScope):
            actions.edit_system(system=system, at=at, name="Mine now")
    with system_scope("even where every row can be seen"):
        with pytest.raises(AnnouncementNotFound):
            actions.add_menu(system=system, name="Main", at=at, announcement=theirs)
        with pytest.raises(AnnouncementNotFound):
            actions.edit_system(system=system, at=at, apology=theirs)
        with pytest.raises(NumberNotFound):
            actions.assign_number(system=system, phone_number=number, at=at)
        with pytest.raises(MenuNotFound):
            actions.add_menu(system=system, name="Main", at=at, keys=go_to(menu.sid))
        entry = WeekSpan(menu.sid, 1, time(9), time(17))
        with pytest.raises(MenuNotFound):
            actions.set_weekly_schedule(system=system, entries=[entry], at=at)


def test_a_refused_schedule_leaves_the_old_one(system: System, at: datetime) -> None:
    with account_scope(system.account_id):
        menu = actions.add_menu(system=system, name="Main", at=at)
        entry = WeekSpan(menu.sid, 1, time(9), time(17))
        actions.set_weekly_schedule(system=system, entries=[entry], at=at)
        with pytest.raises(InvalidInput):
            actions.set_weekly_schedule(system=system, entries=[entry, entry], at=at)
        assert WeeklyEntry.objects.filter(system=system).count() == 1


def test_schedules_that_overlap_are_refused_in_words(system: System, at: datetime) -> None:
    with account_scope(system.account_id):
        menu = actions.add_menu(system=system, name="Main", at=at)
        night = WeekSpan(menu.sid, 7, time(22), time(6))
        monday = WeekSpan(menu.sid, 1, time(5), time(9))
        with pytest.raises(ScheduleOverlap, match="Sunday 10 PM to 6 AM and Monday 5 AM"):
            actions.set_weekly_schedule(system=system, entries=[monday, night], at=at)
        spans = [
            DateSpan(menu.sid, date(2026, 7, 1), date(2026, 7, 4)),
            DateSpan(menu.sid, date(2026, 7, 4), date(2026, 7, 5)),
        ]
        with pytest.raises(ScheduleOverlap, match="July 1, 2026 to July 4, 2026 and July 4, 2026"):
            actions.set_date_ranges(system=system, ranges=spans, at=at)
        with pytest.raises(InvalidInput, match="before startDate"):
            actions.set_date_ranges(
                system=system,
                ranges=[DateSpan(menu.sid, date(2026, 7, 4), date(2026, 7, 1))],
                at=at,
            )


def test_a_schedule_takes_the_systems_own_menus(system: System, at: datetime) -> None:
    with account_scope(system.account_id):
        second = actions.add_system(account=system.account, name="Second", at=at)
        menu = actions.add_menu(system=second, name="Theirs", at=at)
        with pytest.raises(MenuNotFound) as caught:
            actions.set_date_ranges(
                system=system,
                ranges=[DateSpan(menu.sid, date(2026, 7, 1), date(2026, 7, 4))],
                at=at,
            )
        assert caught.value.sid == menu.sid
