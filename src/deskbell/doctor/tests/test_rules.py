"""Every code has a plan that it is found in, and one nearly the same that it is not."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from deskbell.attendant.rules import Action, ActionType, DateSpan, WeekSpan
from deskbell.attendant.rules.plans import (
    AnnouncementPlan,
    MenuPlan,
    NumberPlan,
    Plan,
    SystemPlan,
)
from deskbell.doctor import rules
from deskbell.doctor.findings import Facts, Finding, Kind, Severity
from deskbell.doctor.rules import examine

AT = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)
FACTS = Facts(
    at=AT,
    levels={7: "First line"},
    seconds={"a1": 12.0, "a2": 75.0},
    forbidden=frozenset({"+442071838750"}),
    uncarried=frozenset({"+33199001234", "+12125550203"}),
    goes_out=True,
    has_receptionists=False,
)
HANGUP = Action(ActionType.HANGUP)
VOICEMAIL = Action(ActionType.VOICEMAIL)
REPLAY = Action(ActionType.REPLAY_MENU)
RETURN = Action(ActionType.RETURN_TO_PREVIOUS_MENU)
BY_NAME = Action(ActionType.DIAL_BY_NAME)
BY_EXTENSION = Action(ActionType.DIAL_BY_EXTENSION)
MIDNIGHT = time(0)


def go(menu: str) -> Action:
    return Action(ActionType.GO_TO_MENU, menu)


def transfer(number: str) -> Action:
    return Action(ActionType.TRANSFER_TO_PHONE, number)


def say(sid: str, body: str = "Press 1", **fields: Any) -> AnnouncementPlan:
    return AnnouncementPlan(sid=sid, name=f"Words {sid}", body=body, **fields)


def play(sid: str, audio: str = "a1") -> AnnouncementPlan:
    return AnnouncementPlan(sid=sid, name=f"Audio {sid}", type="play", audio=audio)


def menu(sid: str, *keys: tuple[str, Action], **fields: Any) -> MenuPlan:
    return MenuPlan(sid=sid, name=f"Menu {sid}", **{"announcement": "AN1", "keys": keys} | fields)


def extension(number: str, digits: str, name: str) -> NumberPlan:
    return NumberPlan(number=number, is_extension=True, extension=digits, spoken_name=name)


EXTENSIONS = (
    extension("+12125550201", "201", "Anna Miller"),
    extension("+12125550202", "202", "Bill Porter"),
)
AWAY = extension("+12125550203", "203", "Olivia Stone")
ROUND_THE_CLOCK = tuple(WeekSpan("MN1", day, MIDNIGHT, MIDNIGHT) for day in range(1, 8))
OFFICE = tuple(WeekSpan("MN1", day, time(8), time(18)) for day in range(1, 6))


def plan(
    *menus: MenuPlan,
    announcements: tuple[AnnouncementPlan, ...] = (),
    extensions: tuple[NumberPlan, ...] = (),
    **fields: Any,
) -> Plan:
    """A plan with one system that is called Main and answers day and night with MN1."""
    wanted: dict[str, Any] = {
        "numbers": ("+1 212 555 0142",),
        "extensions": tuple(each.number for each in extensions),
        "voicemail_level": 7,
        "week": ROUND_THE_CLOCK,
        "menus": menus or (menu("MN1", ("1", VOICEMAIL)),),
    }
    system = SystemPlan(sid="AA1", name="Main", **wanted | fields)
    numbers = (NumberPlan("+1 212 555 0142"), *extensions)
    return Plan((say("AN1"), *announcements), (system,), numbers)


def codes(found: list[Finding]) -> set[str]:
    return {finding.code for finding in found}


def one_menu(*keys: tuple[str, Action], **fields: Any) -> Plan:
    return plan(menu("MN1", *keys), **fields)


TWO = (menu("MN1", ("1", go("MN2"))), menu("MN2", ("1", VOICEMAIL)))
CIRCLE = (
    menu("MN1", ("1", go("MN2")), timeout_action=REPLAY),
    menu("MN2", ("1", go("MN1")), ("2", RETURN), timeout_action=REPLAY),
)
NO_ANNOUNCEMENT = menu("MN1", announcement="")
PAST = DateSpan("MN1", date(2025, 12, 25), date(2025, 12, 26))
TODAY = DateSpan("MN1", date(2026, 3, 4), date(2026, 3, 4))

# code: a plan that has it, and one nearly the same that has not
CASES: list[tuple[str, Plan, Plan]] = [
    ("system_suspended", plan(status="SUSPENDED"), plan(status="ACTIVE")),
    ("system_without_number", plan(numbers=()), plan(numbers=("+1 212 555 0142",))),
    (
        "voicemail_without_level",
        one_menu(("1", VOICEMAIL), voicemail_level=0),
        one_menu(("1", HANGUP), voicemail_level=0),
    ),
    ("voicemail_without_level", plan(voicemail_level=8), plan(voicemail_level=7)),
    ("leads_nowhere", one_menu(("1", go("MN9"))), one_menu(("1", go("MN1")))),
    (
        "leads_nowhere",
        one_menu(("1", Action(ActionType.ANNOUNCEMENT_RETURN, "AN9"))),
        one_menu(("1", Action(ActionType.ANNOUNCEMENT_RETURN, "AN1"))),
    ),
    (
        "leads_nowhere",
        one_menu(("1", Action(ActionType.ANNOUNCEMENT_RETURN))),
        one_menu(("1", Action(ActionType.ANNOUNCEMENT_HANGUP))),
    ),
    ("leads_nowhere", one_menu(("1", transfer("none"))), one_menu(("1", transfer("911")))),
    (
        "leads_nowhere",
        one_menu(("1", Action(ActionType.TRANSFER_TO_ONCALL, "8"))),
        one_menu(("1", Action(ActionType.TRANSFER_TO_ONCALL, "7"))),
    ),
    ("leads_nowhere", plan(timeout_action=go("MN9")), plan(timeout_action=go("MN1"))),
    (
        "action_silent",
        one_menu(
            ("1", Action(ActionType.ANNOUNCEMENT_RETURN, "AN2")), announcements=(play("AN2", ""),)
        ),
        one_menu(
            ("1", Action(ActionType.ANNOUNCEMENT_RETURN, "AN2")), announcements=(play("AN2"),)
        ),
    ),
    (
        "may_not_call",
        one_menu(("1", transfer("+442071838750"))),
        one_menu(("1", transfer("+12125550199"))),
    ),
    (
        "no_trunk",
        one_menu(("1", transfer("+33199001234"))),
        one_menu(("1", transfer("+12125550199"))),
    ),
    (
        "no_trunk",
        one_menu(("1", BY_EXTENSION), extensions=(*EXTENSIONS, AWAY)),
        one_menu(("1", BY_EXTENSION), extensions=EXTENSIONS),
    ),
    (
        "no_trunk",
        plan(direct_dialling=True, extensions=(*EXTENSIONS, AWAY)),
        plan(extensions=(*EXTENSIONS, AWAY)),
    ),
    (
        "no_receptionist",
        one_menu(("1", Action(ActionType.TRANSFER_TO_RECEPTIONIST))),
        one_menu(("1", Action(ActionType.VOICEMAIL))),
    ),
    (
        "transfer_leads_back",
        one_menu(("1", transfer("(212) 555-0142"))),
        one_menu(("1", transfer("(212) 555-0143"))),
    ),
    ("hours_without_answer", plan(week=OFFICE), plan(week=ROUND_THE_CLOCK)),
    ("hours_without_answer", plan(week=ROUND_THE_CLOCK[:6]), plan(week=ROUND_THE_CLOCK[::-1])),
    (
        "schedule_leads_nowhere",
        plan(dates=(DateSpan("MN9", TODAY.start, TODAY.end),)),
        plan(dates=(TODAY,)),
    ),
    ("special_days_past", plan(dates=(PAST,)), plan(dates=(TODAY,))),
    (
        "menu_unreachable",
        plan(menu("MN1", ("1", HANGUP)), menu("MN2")),
        plan(*TWO),
    ),
    (
        "menu_unreachable",
        plan(menu("MN1"), menu("MN2", ("1", go("MN1")))),
        plan(menu("MN1", timeout_action=go("MN2")), menu("MN2")),
    ),
    (
        "menu_unreachable",
        plan(menu("MN1"), menu("MN2"), dates=(replace(PAST, menu="MN2"),)),
        plan(menu("MN1"), menu("MN2"), dates=(replace(TODAY, menu="MN2"),)),
    ),
    (
        "menu_unreachable",
        plan(menu("MN1", timeout_action=HANGUP), menu("MN2"), timeout_action=go("MN2")),
        plan(menu("MN1"), menu("MN2"), timeout_action=go("MN2")),
    ),
    ("menu_without_announcement", plan(NO_ANNOUNCEMENT), plan(menu("MN1"))),
    (
        "menu_without_announcement",
        plan(menu("MN1", announcement="AN2"), announcements=(say("AN2", " … "),)),
        plan(menu("MN1", announcement="AN2"), announcements=(say("AN2", "8"),)),
    ),
    ("menus_without_exit", plan(*CIRCLE), plan(*CIRCLE, timeout_action=HANGUP, week=())),
    (
        "menus_without_exit",
        plan(*CIRCLE),
        plan(CIRCLE[0], replace(CIRCLE[1], timeout_action=None)),
    ),
    (
        "menus_without_exit",
        plan(menu("MN1", ("1", REPLAY), timeout_action=go("MN1"))),
        plan(menu("MN1", ("1", VOICEMAIL), timeout_action=go("MN1"))),
    ),
    (
        "no_extension_to_dial",
        one_menu(("1", BY_EXTENSION)),
        one_menu(("1", BY_EXTENSION), extensions=EXTENSIONS),
    ),
    (
        "extension_without_number",
        one_menu(("1", BY_EXTENSION), extensions=(replace(EXTENSIONS[0], extension=""),)),
        one_menu(("1", BY_NAME), extensions=(replace(EXTENSIONS[0], extension=""),)),
    ),
    (
        "extension_without_name",
        one_menu(("1", BY_NAME), extensions=(replace(EXTENSIONS[0], spoken_name=" "),)),
        one_menu(("1", BY_EXTENSION), extensions=(replace(EXTENSIONS[0], spoken_name=" "),)),
    ),
    (
        "names_sound_alike",
        one_menu(
            ("1", BY_NAME), extensions=(*EXTENSIONS, extension("+12125550203", "203", "Ana Miler"))
        ),
        one_menu(
            ("1", BY_NAME), extensions=(*EXTENSIONS, extension("+12125550203", "203", "Ana Moler"))
        ),
    ),
    (
        "key_is_extension",
        one_menu(
            ("2", HANGUP),
            extensions=(replace(EXTENSIONS[0], extension="2"),),
            direct_dialling=True,
        ),
        one_menu(("2", BY_EXTENSION), extensions=(replace(EXTENSIONS[0], extension="2"),)),
    ),
    (
        "key_begins_extension",
        one_menu(("2", HANGUP), extensions=EXTENSIONS, direct_dialling=True),
        one_menu(("1", HANGUP), extensions=EXTENSIONS, direct_dialling=True),
    ),
    (
        "announcement_without_audio",
        plan(announcements=(play("AN2", ""),), apology="AN2"),
        plan(announcements=(play("AN2", "a1"),), apology="AN2"),
    ),
    (
        "announcement_without_words",
        plan(announcements=(say("AN2", "…"),), apology="AN2"),
        plan(announcements=(say("AN2", "No"),), apology="AN2"),
    ),
    (
        "audio_lost",
        plan(announcements=(play("AN2", "a3"),), apology="AN2"),
        plan(announcements=(play("AN2", "a1"),), apology="AN2"),
    ),
    (
        "announcement_long",
        plan(menu("MN1", announcement="AN2"), announcements=(say("AN2", "long " * 101),)),
        plan(menu("MN1", announcement="AN2"), announcements=(say("AN2", "long " * 100),)),
    ),
    (
        "announcement_long",
        plan(menu("MN1", announcement="AN2"), announcements=(play("AN2", "a2"),)),
        plan(announcements=(play("AN2", "a2"),), apology="AN2"),
    ),
    (
        "announcement_unused",
        plan(announcements=(say("AN2"),)),
        plan(menu("MN1", ringback_tone="AN2"), announcements=(say("AN2"),)),
    ),
    (
        "number_leads_nowhere",
        replace(plan(), numbers=(NumberPlan("+1 212 555 0142"), NumberPlan("+1 212 555 0143"))),
        plan(),
    ),
    (
        "extension_unused",
        replace(plan(), numbers=(NumberPlan("+1 212 555 0142"), EXTENSIONS[0])),
        plan(extensions=EXTENSIONS),
    ),
]


@pytest.mark.parametrize(
    ("code", "ill", "well"), CASES, ids=[f"{n}-{case[0]}" for n, case in enumerate(CASES)]
)
def test_each_code_is_found_where_it_is_and_only_there(code: str, ill: Plan, well: Plan) -> None:
    found = [finding for finding in examine(ill, FACTS) if finding.code == code]
    assert len(found) == 1
    assert found[0].words.endswith(".")
    assert found[0].advice.endswith(".")
    assert code not in codes(examine(well, FACTS))


def test_a_healthy_plan_has_no_findings() -> None:
    assert examine(plan(), FACTS) == []
    assert examine(plan(*TWO), FACTS) == []
    assert examine(Plan(), FACTS) == []


def test_what_is_not_known_is_not_found() -> None:
    ill = plan(
        voicemail_level=8,
        dates=(PAST,),
        announcements=(play("AN2", "a3"),),
        apology="AN2",
    )
    assert codes(examine(ill)) == set()
    assert codes(examine(ill, FACTS)) == {
        "voicemail_without_level",
        "special_days_past",
        "audio_lost",
    }


def test_the_worst_comes_first() -> None:
    ill = plan(menu("MN1", ("1", go("MN9"))), menu("MN2"), announcements=(say("AN2"),))
    assert [finding.severity for finding in examine(ill, FACTS)] == ["error", "warning", "hint"]


def test_a_finding_says_where_and_what() -> None:
    [found] = examine(one_menu(("2", go("MN9"))), FACTS)
    assert found == Finding(
        severity=Severity.ERROR,
        code="leads_nowhere",
        kind=Kind.MENU,
        sid="MN1",
        key="2",
        words='Key 2 of the menu "Menu MN1" leads nowhere: its menu is not one of this system.',
        advice="Choose where it leads.",
    )


def test_telephones_out_of_reach_are_said_in_one_finding() -> None:
    far = [transfer(f"+3319900000{number}") for number in range(5)]
    ill = one_menu(*((str(key), action) for key, action in enumerate(far)))
    facts = replace(FACTS, uncarried=frozenset(action.data for action in far))
    [found] = examine(ill, facts)
    assert found.words == (
        'Callers of "Main" can ask for +33199000000, +33199000001, +33199000002 and 2 more, '
        "and no trunk takes calls there: they hear that nobody answers."
    )
    assert examine(ill, replace(facts, uncarried=None)) == []


def test_without_any_trunk_nobody_on_call_is_rung() -> None:
    on_call = one_menu(("1", Action(ActionType.TRANSFER_TO_ONCALL, "7")))
    assert examine(on_call, FACTS) == []
    [found] = examine(on_call, replace(FACTS, goes_out=False))
    assert "the person on call" in found.words


def test_actions_of_a_system_are_named_with_it() -> None:
    [found] = examine(plan(no_answer_action=transfer("+12125550142")), FACTS)
    assert (found.kind, found.sid, found.key) == ("system", "AA1", "noAnswerAction")
    assert found.words == (
        "A transfer that nobody answers transfers to +12125550142, which leads back to this "
        'system (system "Main").'
    )


def test_a_menu_of_the_emergency_switch_is_reached() -> None:
    lonely = plan(menu("MN1"), menu("MN2", ("1", go("MN3"))), menu("MN3"))
    facts = replace(FACTS, reached=frozenset({"MN2"}))
    assert len([f for f in examine(lonely, FACTS) if f.code == "menu_unreachable"]) == 2
    assert codes(examine(lonely, facts)) == set()


def test_a_system_without_a_schedule_has_one_finding_and_not_one_for_each_menu() -> None:
    [found] = examine(plan(week=()), FACTS)
    assert found.severity == "error"
    assert found.words == 'Nothing answers "Main" at any time.'
    [found] = examine(plan(week=(), dates=(TODAY,)), FACTS)
    assert found.words == 'Nothing answers "Main" on any day that is not a special day.'


def test_voicemail_without_any_level_is_an_error() -> None:
    [found] = examine(plan(voicemail_level=0), replace(FACTS, levels={}))
    assert found.severity == "error"
    assert found.advice.endswith("messages only wait in the portal.")
    [found] = examine(plan(voicemail_level=0), FACTS)
    assert found.severity == "warning"


def test_two_circles_are_two_findings() -> None:
    ill = plan(
        *CIRCLE,
        menu("MN3", timeout_action=REPLAY),
        dates=(replace(TODAY, menu="MN3"),),
    )
    found = [finding for finding in examine(ill, FACTS) if finding.code == "menus_without_exit"]
    assert [finding.sid for finding in found] == ["MN1", "MN3"]
    assert found[0].words == (
        "Callers cannot leave: all keys and silences lead only to one another: "
        '"Menu MN1" and "Menu MN2".'
    )
    assert found[1].words.endswith('to itself: "Menu MN3".')


def test_invalid_input_that_hangs_up_is_no_way_out() -> None:
    ill = plan(*CIRCLE, invalid_input_action=HANGUP)
    assert "menus_without_exit" in codes(examine(ill, FACTS))


def test_a_minute_before_midnight_has_its_own_advice() -> None:
    week = tuple(WeekSpan("MN1", day, MIDNIGHT, time(23, 59)) for day in range(1, 8))
    [found] = examine(plan(week=week), FACTS)
    assert found.words == 'Nothing answers "Main" every day from 11:59 PM to midnight.'
    assert "24:00" in found.advice


def test_many_special_days_are_said_in_one_finding() -> None:
    dates = tuple(
        replace(PAST, start=date(2025, month, 1), end=date(2025, month, 1)) for month in range(1, 6)
    )
    [found] = examine(plan(dates=dates), FACTS)
    assert found.words == (
        'Special days are over in "Main": January 1, 2025; February 1, 2025; March 1, 2025; 2 more.'
    )


def test_today_is_the_systems() -> None:
    late = Facts(at=datetime(2025, 12, 27, 3, 0, tzinfo=UTC))
    assert codes(examine(plan(dates=(PAST,), time_zone="America/New_York"), late)) == set()
    assert codes(examine(plan(dates=(PAST,)), late)) == {"special_days_past"}


def test_every_code_has_a_row_in_the_readme_and_a_case() -> None:
    room = Path(rules.__file__).parents[1]
    listed = set(re.findall(r"`([a-z]+_[a-z_]+)`(?=[^|]*\| (?:error|warning|hint))", _readme(room)))
    of_duty = {"level_without_shift", "level_with_gaps", "level_without_phone", "chain_ends"}
    of_scripts = {
        *("script_cannot_be_finished", "script_level_gone", "script_unpublished"),
        "number_without_script",
    }
    assert {code for code, _, _ in CASES} | of_duty | of_scripts == listed


def _readme(room: Path) -> str:
    return (room / "README.md").read_text()
