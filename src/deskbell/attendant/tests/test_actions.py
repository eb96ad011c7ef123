"""What a change does to callers, and what is kept of their calls."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from deskbell.accounts.models import Account
from deskbell.attendant import actions, queries
from deskbell.attendant.jobs import tidy_calls
from deskbell.attendant.models import (
    CallStep,
    LiveCall,
    System,
)
from deskbell.attendant.rules import DateSpan, MenuRules, WeekSpan
from deskbell.calls.actions import begin, end
from deskbell.platform.tenancy import account_scope


def go_to(sid: str) -> list[dict[str, Any]]:
    return [{"menuKey": "1", "menuAction": {"actionType": "GO_TO_MENU", "actionData": sid}}]


def test_a_configuration_is_read_once_per_change(
    system: System, at: datetime, django_assert_num_queries: Any
) -> None:
    with account_scope(system.account_id):
        menu = actions.add_menu(system=system, name="Main", at=at)
        sub = actions.add_menu(system=system, name="Sub", at=at, keys=go_to(menu.sid))
        actions.edit_menu(menu=menu, at=at, keys=go_to(sub.sid), timeout_seconds=7)
        monday = WeekSpan(menu.sid, 1, time(9), time(17))
        actions.set_weekly_schedule(system=system, entries=[monday], at=at)
        holiday = DateSpan(sub.sid, date(2026, 7, 4), date(2026, 7, 4))
        actions.set_date_ranges(system=system, ranges=[holiday], at=at)
        system.refresh_from_db()
        with django_assert_num_queries(7):
            found = queries.configuration_for(system)
        with django_assert_num_queries(0):
            assert queries.configuration_for(system) is found
        assert (found.week, found.dates) == ((monday,), (holiday,))
        assert found.time_zone == "America/New_York"
        main = found.menus[menu.sid]
        assert isinstance(main, MenuRules)
        assert main.keys["1"].data == sub.sid
        assert found.limits_of(main).timeout_seconds == 7
        actions.edit_system(system=system, at=at, timeout_seconds=9)
        assert queries.configuration_for(system).limits.timeout_seconds == 9


def test_a_stored_action_that_is_unknown_costs_no_caller_the_call(
    system: System, at: datetime
) -> None:
    with account_scope(system.account_id):
        menu = actions.add_menu(system=system, name="Main", at=at)
        menu.keys = [{"menuKey": "1", "menuAction": {"actionType": "SING"}}]
        menu.save()
        system.refresh_from_db()
        assert queries.configuration_for(system).menus[menu.sid].keys == {}


def test_calls_that_ended_are_forgotten_after_a_month(
    system: System, acme: Account, at: datetime
) -> None:
    with account_scope(acme.pk):
        call = begin(
            account_id=acme.pk,
            sid="CA" + "1" * 32,
            number=None,
            caller_id="",
            caller_name="",
            dialled="1",
            at=at,
        )
        actions.answer(system=system, call=call, at=at)
        assert actions.forget_ended(at=at + timedelta(days=9)) == 0
        end(sid=call.sid, status="completed", at=at, seconds=1, who="caller", quality={})
        assert actions.forget_ended(at=at + timedelta(days=29)) == 0
        assert actions.forget_ended(at=at + timedelta(days=30)) == 1
        assert not LiveCall.objects.exists()
        assert CallStep.objects.filter(call=call).count() == 1
    tidy_calls()
