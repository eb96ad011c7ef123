"""Scripts that cannot be finished, and numbers whose receptionists have none to read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from deskbell.accounts.models import Account, PhoneNumber, User
from deskbell.attendant.rules import Action, ActionType, WeekSpan
from deskbell.attendant.rules.plans import MenuPlan, NumberPlan, Plan, SystemPlan
from deskbell.desk.models import Receptionist
from deskbell.doctor.findings import Facts, Finding, Kind
from deskbell.doctor.queries import findings
from deskbell.doctor.rules.scripts import ScriptRead, examine, without_script
from deskbell.platform.tenancy import account_scope, system_scope
from deskbell.scripts import actions
from deskbell.scripts.models import Publication
from deskbell.scripts.rules import PLAIN, Closing, Relay, Send, write

NUMBER = "+1 212 555 0142"
SENDS = Closing("urgent", "Urgent", send=Send.LEVEL, level_id=7)
WELL = ScriptRead(
    3, "Main", replace(PLAIN, relays=(Relay("urgent", ("Yes",), 7),)), is_published=True
)


def found(**fields: Any) -> list[Finding]:
    return list(examine([replace(WELL, **fields)], {7}))


@pytest.mark.parametrize(
    ("fields", "codes"),
    [
        ({}, []),
        ({"content": replace(WELL.content, closings=(SENDS,))}, []),
        ({"is_published": False}, []),
        ({"is_published": False, "numbers": frozenset({NUMBER})}, ["script_unpublished"]),
        ({"numbers": frozenset({NUMBER})}, []),
        ({"content": replace(PLAIN, closings=())}, ["script_cannot_be_finished"]),
        (
            {"content": replace(PLAIN, relays=(Relay("urgent", ("Yes",), 8),))},
            ["script_level_gone"],
        ),
        (
            {"content": replace(PLAIN, closings=(replace(SENDS, level_id=8),), greeting="")},
            ["script_level_gone", "script_cannot_be_finished"],
        ),
    ],
)
def test_findings_of_scripts(fields: dict[str, Any], codes: list[str]) -> None:
    all_found = found(**fields)
    assert [each.code for each in all_found] == codes
    for each in all_found:
        assert (each.kind, each.sid, '"Main"' in each.words) == (Kind.SCRIPT, "3", True)


def test_a_published_script_is_worse_than_a_draft() -> None:
    bad = replace(PLAIN, closings=(), greeting="")
    assert [each.severity for each in found(content=bad)] == ["error"]
    [draft] = found(content=bad, is_published=False)
    assert draft.severity == "warning"
    assert draft.words == (
        'The script "Main" cannot be published as it is. There is no greeting; write what is said '
        "first. The script has no closing, so it cannot be finished; add one."
    )
    [many] = found(content=replace(PLAIN, steps=PLAIN.steps * 2))
    assert many.words.endswith("And 8 more.")


def plan(*, night: str = "MN1", **fields: Any) -> Plan:
    """MN1 transfers to a receptionist; `night` is which menu answers."""
    to_desk = Action(ActionType.TRANSFER_TO_RECEPTIONIST)
    menus = (
        MenuPlan("MN1", "Day", keys=(("1", to_desk),)),
        MenuPlan("MN2", "Night", keys=(("1", Action(ActionType.VOICEMAIL)),)),
    )
    midnight = datetime.min.time()
    week = tuple(WeekSpan(night, day, midnight, midnight) for day in range(1, 8))
    system = SystemPlan("AA1", "Main", numbers=(NUMBER,), menus=menus, week=week, **fields)
    return Plan((), (system,), (NumberPlan(NUMBER),))


@pytest.mark.parametrize(
    ("asked", "numbers", "count"),
    [
        (plan(), frozenset(), 1),
        (plan(), frozenset({NUMBER}), 0),
        (plan(), frozenset({"+1 212 555 0143"}), 1),
        (plan(night="MN2"), frozenset(), 0),
        (
            plan(
                night="MN2",
                invalid_input_action=Action(ActionType.TRANSFER_TO_RECEPTIONIST),
            ),
            frozenset(),
            1,
        ),
    ],
)
def test_numbers_without_a_script(asked: Plan, numbers: frozenset[str], count: int) -> None:
    every = list(without_script(asked, [replace(WELL, numbers=numbers)], Facts()))
    assert [each.code for each in every] == ["number_without_script"] * count
    assert [each.sid for each in every] == [NUMBER] * count


@pytest.fixture
def in_acme(acme: Account) -> Iterator[Account]:
    with account_scope(acme.pk):
        yield acme


def codes(account: Account, at: datetime, asked: Plan | None = None) -> set[str]:
    return {each.code for each in findings(account.pk, at=at, plan=asked) if "script" in each.code}


def test_what_an_accounts_rows_say(
    in_acme: Account, acme_number: PhoneNumber, other: Account, rita: User, at: datetime
) -> None:
    here = plan()
    asked = replace(here, systems=(replace(here.systems[0], numbers=(acme_number.number,)),))
    assert codes(in_acme, at, asked) == set()
    Receptionist.objects.create(user=rita, since=at)
    assert codes(in_acme, at, asked) == {"number_without_script"}
    script = actions.add_script(account_id=in_acme.pk, name="Main", by="o", at=at)
    actions.use_script(number=acme_number, script=script, at=at)
    assert codes(in_acme, at, asked) == {"script_unpublished"}
    actions.publish(script=script, known_levels=(), by="o", at=at)
    assert codes(in_acme, at, asked) == set()
    gone = replace(PLAIN, relays=(Relay("urgent", ("Yes",), 10**9),))
    Publication.objects.update(content=write(gone))
    assert codes(in_acme, at, asked) == {"script_level_gone"}
    with system_scope("a test"):
        assert codes(in_acme, at, asked) == {"script_level_gone"}
        assert codes(other, at) == set()
