"""What callers meet as one value: from the tables, from a plan, once per change."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

import pytest

from deskbell.accounts.actions import add_number, edit_number
from deskbell.accounts.models import Account, PhoneNumber
from deskbell.attendant import actions, plans, queries
from deskbell.attendant.configuration import configuration_for_plan
from deskbell.attendant.errors import SystemNotFound
from deskbell.attendant.models import Announcement, Menu, System
from deskbell.attendant.rules import (
    Action,
    ActionType,
    Configuration,
    Emergency,
    Extension,
    WeekSpan,
    edits,
)
from deskbell.oncall.actions import add_level
from deskbell.platform.tenancy import account_scope


@pytest.fixture
def account(acme: Account) -> Any:
    with account_scope(acme.pk):
        yield acme


@pytest.fixture
def system(account: Account, at: datetime) -> System:
    """A system with all that a configuration can hold."""
    prompt = actions.keep_prompt(b"\xff" * 800)
    hold = actions.add_announcement(account=account, name="Hold", type="play", at=at)
    Announcement.objects.filter(pk=hold.pk).update(prompt=prompt)
    made = actions.add_system(
        account=account,
        name="Front desk",
        at=at,
        time_zone="America/New_York",
        apology=hold,
        direct_dialling=True,
        no_answer_action={"actionType": "VOICEMAIL"},
        invalid_extension_max_occurance=2,
        invalid_extension_action={"actionType": "HANGUP"},
    )
    day = actions.add_menu(system=made, name="Day", at=at, ringback_tone=hold)
    actions.set_weekly_schedule(
        system=made, entries=[WeekSpan(day.sid, 1, time(9), time(17))], at=at
    )
    olivia = add_number(
        account=account, number="+1 212 555 0143", extension="101", spoken_name="Olivia", at=at
    )
    rita = add_number(account=account, number="+1 212 555 0144", is_extension=True, at=at)
    add_number(account=account, number="+1 212 555 0145", extension="103", at=at)
    actions.set_extensions(system=made, extensions=[olivia, rita], at=at)
    made.refresh_from_db()
    return made


def fresh(system: System) -> Configuration:
    system.refresh_from_db()
    return queries.configuration_for(system)


def test_all_that_callers_can_meet_is_in_it(system: System, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(7):
        found = queries.configuration_for(system)
    menu, hold = Menu.objects.get(), Announcement.objects.get()
    assert found.menus[menu.sid].ringback == found.apology == found.announcements[hold.sid]
    assert (found.apology.prompt, found.apology.name) == (hold.prompt_id, "Hold")
    assert found.extensions == {
        "101": Extension("+1 212 555 0143", "Olivia"),
        "12125550144": Extension("+1 212 555 0144", ""),
    }
    assert found.direct_dialling
    assert found.no_answer_action == Action(ActionType.VOICEMAIL)
    assert (found.limits.invalid_extension_max, found.emergency) == (2, None)


def test_a_plan_of_what_is_gives_the_same(system: System, django_assert_num_queries: Any) -> None:
    live = queries.configuration_for(system)
    plan = plans.read(system.account_id)
    with django_assert_num_queries(3):
        assert configuration_for_plan(system.account_id, plan, system.sid) == live
    with pytest.raises(SystemNotFound):
        configuration_for_plan(system.account_id, plan, "AA0")


def test_a_plan_knows_what_the_levels_it_calls_are_called(
    system: System, at: datetime, django_assert_num_queries: Any
) -> None:
    level = add_level(account_id=system.account_id, name="Managers", at=at)
    call = {"actionType": "TRANSFER_TO_ONCALL", "actionData": str(level.pk)}
    menu = Menu.objects.get()
    actions.edit_menu(menu=menu, at=at, keys=[{"menuKey": "1", "menuAction": call}])
    plan = plans.read(system.account_id)
    with django_assert_num_queries(4):
        found = configuration_for_plan(system.account_id, plan, system.sid)
    assert found.levels == {level.pk: "Managers"}
    assert fresh(system).levels == {}


def test_what_a_draft_says_anew_is_spoken_and_what_it_says_still_sounds(
    account: Account, system: System, at: datetime
) -> None:
    said = actions.add_announcement(account=account, name="Hello", body="Hello.", at=at)
    prompt = actions.keep_prompt(b"\x7f" * 800)
    Announcement.objects.filter(pk=said.pk).update(prompt=prompt)
    plan = plans.read(account.pk)
    still = configuration_for_plan(account.pk, plan, system.sid).announcements[said.sid]
    assert still.prompt == prompt.sha256
    other = replace(edits.find_announcement(plan, said.sid), body="Good day.")
    changed = edits.put_announcement(plan, other)
    anew = configuration_for_plan(account.pk, changed, system.sid).announcements[said.sid]
    assert (anew.prompt, anew.text) == ("", "Good day.")


def test_the_emergency_switch_is_in_it_until_its_menu_is_gone(system: System, at: datetime) -> None:
    menu = actions.add_menu(system=system, name="Storm", at=at)
    until = at + timedelta(hours=1)
    actions.set_emergency(system=system, menu=menu, until=until, at=at)
    assert fresh(system).emergency == Emergency(until, menu.sid)
    actions.delete_menu(menu=menu, at=until)
    assert fresh(system).emergency is None


def test_an_extension_that_changes_is_met_at_once(system: System, at: datetime) -> None:
    assert "101" in fresh(system).extensions
    edit_number(number=PhoneNumber.objects.get(extension="101"), at=at, extension="109")
    assert "109" in fresh(system).extensions
