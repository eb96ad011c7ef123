"""Menus: what can be set, what leads nowhere, and what keeps a menu from being deleted."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from deskbell.accounts.models import Account
from deskbell.attendant import actions
from deskbell.attendant.errors import (
    AnnouncementNotFound,
    MenuHasAnnouncement,
    MenuLeadsHere,
    MenuNotFound,
    MenuScheduled,
    SystemNotFound,
)
from deskbell.attendant.models import Announcement, CallStep, Menu, System
from deskbell.attendant.rules import DateSpan, WeekSpan
from deskbell.calls.actions import begin
from deskbell.foundation.errors import InvalidInput, OutOfScope
from deskbell.oncall.models import EscalationLevel
from deskbell.platform.tenancy import account_scope, system_scope


def key(name: str, kind: str, data: str | None = None) -> dict[str, Any]:
    """One of a menu's keys, as seed 002 writes it."""
    action = {"actionType": kind} | ({} if data is None else {"actionData": data})
    return {"menuKey": name, "menuAction": action}


@pytest.fixture
def said(acme: Account, at: datetime) -> Announcement:
    with account_scope(acme.pk):
        return actions.add_announcement(account=acme, name="Welcome", body="Welcome", at=at)


@pytest.fixture
def menu(system: System, at: datetime) -> Menu:
    with account_scope(system.account_id):
        return actions.add_menu(system=system, name="Night", at=at)


def test_a_menu_keeps_all_that_the_seed_names(
    system: System, said: Announcement, at: datetime
) -> None:
    hangup = {"actionType": "ANNOUNCEMENT_HANGUP", "actionData": said.sid}
    with account_scope(system.account_id):
        before = system.version
        made = actions.add_menu(
            system=system,
            at=at,
            by="alice@example.com",
            sid="MN" + "0" * 32,
            name="weekendmenu",
            color_code="#e56052",
            announcement=said,
            ringback_tone=said,
            keys=[{"menuKey": "1", "menuAction": hangup}, key("*", "HANGUP", None)],
            timeout_seconds=1,
            timeout_max_occurance=2,
            timeout_action=hangup,
        )
        kept = Menu.objects.get()
        assert system.version != before
    assert kept.sid == made.sid == "MN" + "0" * 32
    assert (kept.color_code, kept.created_by) == ("#e56052", "alice@example.com")
    assert kept.keys == [{"menuKey": "1", "menuAction": hangup}, key("*", "HANGUP")]
    assert (kept.announcement_id, kept.ringback_tone_id) == (said.pk, said.pk)
    assert (kept.timeout_seconds, kept.timeout_max_occurance) == (1, 2)
    assert kept.timeout_action == hangup


@pytest.mark.parametrize(
    ("fields", "error", "field"),
    [
        ({"name": " "}, InvalidInput, "name"),
        ({"name": "x" * 201}, InvalidInput, "name"),
        ({"name": "\x00"}, InvalidInput, "name"),
        ({"color_code": "red"}, InvalidInput, "color_code"),
        ({"color_code": "#e5605"}, InvalidInput, "color_code"),
        ({"color_code": "#e56052\n"}, InvalidInput, "color_code"),
        ({"timeout_seconds": 0}, InvalidInput, "timeout_seconds"),
        ({"timeout_seconds": 121}, InvalidInput, "timeout_seconds"),
        ({"timeout_seconds": "5"}, InvalidInput, "timeout_seconds"),
        ({"timeout_max_occurance": True}, InvalidInput, "timeout_max_occurance"),
        ({"keys": {"1": "HANGUP"}}, InvalidInput, "keys"),
        ({"keys": [key("#", "HANGUP")]}, InvalidInput, "menuKey"),
        ({"keys": [key("1", "HANGUP"), key("1", "HANGUP")]}, InvalidInput, "menuKey"),
        ({"keys": [key("1", "TRANSFER_TO_ONCALL", "77")]}, InvalidInput, "actionData"),
        ({"keys": [key("1", "ANNOUNCEMENT_HANGUP", "AN1")]}, AnnouncementNotFound, "AN1"),
        ({"keys": [key("1", "GO_TO_MENU", "MN1")]}, MenuNotFound, "MN1"),
        ({"timeout_action": key("1", "GO_TO_MENU", "MN1")["menuAction"]}, MenuNotFound, "MN1"),
        ({"timeout_action": {"actionType": "SING"}}, InvalidInput, "timeout_action"),
    ],
)
def test_menus_that_cannot_be(
    menu: Menu, at: datetime, fields: Any, error: type[Exception], field: str
) -> None:
    """`field` is the faulty field's name, or the sid of what is not there."""
    with account_scope(menu.account_id):
        with pytest.raises(error) as caught:
            actions.edit_menu(menu=Menu.objects.get(), at=at, **fields)
        assert field in vars(caught.value).values()
        with pytest.raises(error):
            actions.add_menu(system=menu.system, at=at, **({"name": "Day"} | fields))
        kept = Menu.objects.get()
        assert (kept.name, kept.keys, kept.color_code) == ("Night", [], "")


def test_the_menus_of_another_system_lead_nowhere(menu: Menu, at: datetime) -> None:
    with account_scope(menu.account_id):
        second = actions.add_system(account=menu.account, name="Second", at=at)
        with pytest.raises(MenuNotFound) as caught:
            actions.add_menu(
                system=second, name="Day", at=at, keys=[key("1", "GO_TO_MENU", menu.sid)]
            )
    assert caught.value.sid == menu.sid


def test_on_call_levels_of_this_account_alone(
    menu: Menu, acme: Account, other: Account, at: datetime
) -> None:
    with system_scope("a test"):
        ours, theirs = (
            EscalationLevel.objects.create(account=account, name="Doctors", created_at=at)
            for account in (acme, other)
        )
        actions.edit_menu(menu=menu, at=at, keys=[key("1", "TRANSFER_TO_ONCALL", str(ours.pk))])
        with pytest.raises(InvalidInput, match="no escalation level"):
            actions.edit_menu(
                menu=menu, at=at, keys=[key("1", "TRANSFER_TO_ONCALL", str(theirs.pk))]
            )


def test_two_edits_keep_each_others_fields(menu: Menu, said: Announcement, at: datetime) -> None:
    later = at + timedelta(hours=1)
    with account_scope(menu.account_id):
        stale = Menu.objects.get()
        actions.edit_menu(menu=menu, at=at, announcement=said, timeout_seconds=3)
        actions.edit_menu(menu=stale, at=later, keys=[key("1", "HANGUP")])
        kept = Menu.objects.get()
    assert (kept.announcement_id, kept.timeout_seconds) == (said.pk, 3)
    assert kept.keys == stale.keys == [key("1", "HANGUP")]
    assert kept.updated_at == later


def test_a_field_is_cleared(menu: Menu, said: Announcement, at: datetime) -> None:
    full: Any = {
        "announcement": said,
        "ringback_tone": said,
        "keys": [key("1", "HANGUP")],
        "timeout_seconds": 3,
        "timeout_action": {"actionType": "HANGUP"},
        "color_code": "#ABCDEF",
    }
    with account_scope(menu.account_id):
        actions.edit_menu(menu=menu, at=at, **full)
        cleared: Any = dict.fromkeys(full) | {"color_code": ""}
        actions.edit_menu(menu=menu, at=at, **cleared)
        kept = Menu.objects.get()
    assert (kept.announcement, kept.ringback_tone, kept.timeout_seconds) == (None, None, None)
    assert (kept.keys, kept.timeout_action, kept.color_code) == ([], {}, "")


def test_a_menu_is_deleted_once_nothing_needs_it(
    menu: Menu, system: System, said: Announcement, at: datetime
) -> None:
    """In this order: schedule, who leads here, announcements; each named."""
    week = [WeekSpan(menu.sid, 1, time(18), time(8))]
    dates = [DateSpan(menu.sid, date(2026, 12, 25), date(2026, 12, 26))]
    to_it = [key("1", "HANGUP"), key("2", "GO_TO_MENU", menu.sid)]
    go = {"actionType": "GO_TO_MENU", "actionData": menu.sid}
    with account_scope(menu.account_id):
        day = actions.add_menu(system=system, name="Day", at=at, keys=to_it, timeout_action=go)
        actions.edit_menu(menu=menu, at=at, keys=to_it, announcement=said, ringback_tone=said)
        actions.edit_system(system=system, at=at, invalid_input_action=go)
        actions.set_weekly_schedule(system=system, entries=week, at=at)
        actions.set_date_ranges(system=system, ranges=dates, at=at)
        actions.set_emergency(system=system, until=at + timedelta(hours=1), at=at, menu=menu)

        def refused(error: type[Exception], words: str) -> None:
            with pytest.raises(error, match=words) as caught:
                actions.delete_menu(menu=menu, at=at)
            assert vars(caught.value)["sid"] == menu.sid

        refused(MenuScheduled, "Monday 6 PM to 8 AM")
        actions.set_weekly_schedule(system=system, entries=[], at=at)
        refused(MenuScheduled, "December 25, 2026 to December 26, 2026")
        actions.set_date_ranges(system=system, ranges=[], at=at)
        refused(MenuLeadsHere, 'Menu "Day", key 2, leads to it')
        actions.edit_menu(menu=day, at=at, keys=[])
        refused(MenuLeadsHere, 'Menu "Day", when nothing is pressed, leads')
        actions.edit_menu(menu=day, at=at, timeout_action={})
        refused(MenuLeadsHere, 'System "Front desk", after wrong keys, leads')
        actions.edit_system(system=system, at=at, invalid_input_action={})
        refused(MenuLeadsHere, 'emergency switch of system "Front desk"')
        actions.end_emergency(system=system, at=at)
        refused(MenuHasAnnouncement, 'plays the announcement "Welcome"')
        actions.edit_menu(menu=menu, at=at, announcement=None)
        refused(MenuHasAnnouncement, 'rings with the announcement "Welcome"')
        actions.edit_menu(menu=menu, at=at, ringback_tone=None)
        before = system.version
        actions.delete_menu(menu=menu, at=at)
        assert list(Menu.objects.all()) == [day]
        system.refresh_from_db()
        assert system.version != before
        for edit in (actions.edit_menu, actions.delete_menu):
            with pytest.raises(MenuNotFound):
                edit(menu=menu, at=at)


def test_steps_of_calls_outlive_a_menu(menu: Menu, at: datetime) -> None:
    with account_scope(menu.account_id):
        call = begin(
            account_id=menu.account_id,
            sid="CA" + "1" * 32,
            number=None,
            caller_id="",
            caller_name="",
            dialled="1",
            at=at,
        )
        CallStep.objects.create(account=menu.account, call=call, menu=menu, at=at, result="x")
        actions.delete_menu(menu=menu, at=at)
        assert CallStep.objects.get().menu is None


def test_nobody_else_edits_a_menu(menu: Menu, system: System, other: Account, at: datetime) -> None:
    with account_scope(other.pk):
        for edit in (actions.edit_menu, actions.delete_menu):
            with pytest.raises(OutOfScope):
                edit(menu=menu, at=at)
    with account_scope(menu.account_id):
        actions.delete_system(system=System.objects.get(), at=at)
        with pytest.raises(SystemNotFound):
            actions.add_menu(system=system, name="Day", at=at)
