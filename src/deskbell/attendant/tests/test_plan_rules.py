"""Plans as values: written and read, edited, checked, compared, merged."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest
from hypothesis import given

from deskbell.accounts.errors import (
    ExtensionTaken,
    NotAnExtension,
    NumberNotFound,
    NumberTaken,
)
from deskbell.attendant import errors
from deskbell.attendant.rules import checks, edits
from deskbell.attendant.rules.actions import Action, ActionType
from deskbell.attendant.rules.differences import Change, Difference, differences, merge
from deskbell.attendant.rules.merging import same
from deskbell.attendant.rules.plan_json import Misread, from_json, to_json
from deskbell.attendant.rules.plans import (
    AnnouncementPlan,
    MenuPlan,
    NumberPlan,
    Plan,
    SystemPlan,
)
from deskbell.attendant.rules.schedule import DateSpan, WeekSpan
from deskbell.foundation.errors import InvalidInput
from tests.plan_strategies import PATIENTLY, plans

WELCOME = AnnouncementPlan("AN1", "Welcome", body="Welcome to Acme.", language="en-US", voice="Man")
CLOSED = AnnouncementPlan("AN2", "Closed", body="We are closed.", language="en-US")
DAY = MenuPlan(
    "MN1", "Day", announcement="AN1", keys=(("1", Action(ActionType.GO_TO_MENU, "MN2")),)
)
NIGHT = MenuPlan("MN2", "Night", keys=(("2", Action(ActionType.ANNOUNCEMENT_HANGUP, "AN2")),))
SPARE = MenuPlan("MN3", "Spare", announcement="AN1")
DESK = SystemPlan(
    "AA1",
    "Front desk",
    time_zone="America/New_York",
    numbers=("+1 212 555 0142",),
    extensions=("+1 212 555 0143",),
    menus=(DAY, NIGHT, SPARE),
    week=(WeekSpan("MN1", 1, time(9), time(17)),),
    dates=(DateSpan("MN2", date(2026, 12, 25), date(2026, 12, 26)),),
)
NUMBERS = (
    NumberPlan("+1 212 555 0142"),
    NumberPlan("+1 212 555 0143", is_extension=True, extension="101", spoken_name="Olivia"),
    NumberPlan("+1 212 555 0144", is_extension=True, extension="102"),
)
PLAN = Plan((WELCOME, CLOSED), (DESK,), NUMBERS)


def with_desk(**fields: Any) -> Plan:
    return edits.put_system(PLAN, replace(DESK, **fields))


def with_day(**fields: Any) -> Plan:
    return edits.put_menu(PLAN, "AA1", replace(DAY, **fields))


@PATIENTLY
@given(plans())
def test_a_plan_survives_json(plan: Plan) -> None:
    written = to_json(plan)
    assert from_json(written) == plan
    assert from_json(json.loads(json.dumps(written, sort_keys=True))) == plan
    checks.check(plan)


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ([], ()),
        ({"menus": []}, ("menus",)),
        ({"systems": {}}, ("systems",)),
        ({"systems": [7]}, ("systems", 0)),
        ({"systems": [{"sid": "AA1", "name": "Desk", "x" * 500: 1}]}, ("systems", 0, "x" * 500)),
        ({"systems": [{"sid": "AA1"}]}, ("systems", 0)),
        ({"systems": [{"sid": "AA1", "name": 7}]}, ("systems", 0, "name")),
        (
            {"systems": [{"sid": "AA1", "name": "Desk", "timeoutSeconds": True}]},
            ("systems", 0, "timeoutSeconds"),
        ),
        (
            {"systems": [{"sid": "AA1", "name": "Desk", "timeoutSeconds": "9" * 99}]},
            ("systems", 0, "timeoutSeconds"),
        ),
        (
            {"systems": [{"sid": "AA1", "name": "Desk", "directDialling": 1}]},
            ("systems", 0, "directDialling"),
        ),
        (
            {"systems": [{"sid": "AA1", "name": "D", "timeoutAction": {"actionType": "SING"}}]},
            ("systems", 0, "timeoutAction"),
        ),
        (
            {"systems": [{"sid": "AA1", "name": "D", "aaNumbers": [1]}]},
            ("systems", 0, "aaNumbers", 0),
        ),
        ({"numbers": [{"isExtension": True}]}, ("numbers", 0)),
    ],
)
def test_what_cannot_be_read_names_its_place(written: Any, place: tuple[Any, ...]) -> None:
    with pytest.raises(Misread) as caught:
        from_json(written)
    assert caught.value.place == place
    assert len(str(caught.value)) < 700


@pytest.mark.parametrize(
    ("inside", "value", "place"),
    [
        ("week", {"day": 1, "startTime": "9", "endTime": "17:00", "menuSid": "MN1"}, "startTime"),
        ("week", {"day": 1, "startTime": "24:00", "endTime": "24:00", "menuSid": "M"}, "startTime"),
        ("week", {"day": 1, "startTime": "09:00", "endTime": [], "menuSid": "M"}, "endTime"),
        (
            "week",
            {"day": "Caturday", "startTime": "09:00", "endTime": "10:00", "menuSid": "M"},
            "day",
        ),
        (
            "specialDays",
            {"startDate": "2026-02-30", "endDate": "2026-03-01", "menuSid": "M"},
            "startDate",
        ),
        ("keys", {"menuKey": "12", "menuAction": {"actionType": "HANGUP"}}, 0),
        ("keys", {"menuKey": "1", "menuAction": {}}, 0),
        ("keys", {"menuKey": ["1"], "menuAction": {"actionType": "HANGUP"}}, 0),
    ],
)
def test_schedules_and_keys_that_cannot_be_read(inside: str, value: Any, place: Any) -> None:
    menu = {"sid": "MN1", "name": "Menu"} | ({"keys": [value]} if inside == "keys" else {})
    system = {"sid": "AA1", "name": "Desk", "menus": [menu], inside: [value]}
    if inside == "keys":
        del system["keys"]
    with pytest.raises(Misread) as caught:
        from_json({"systems": [system]})
    assert caught.value.place[-1] == place


def test_days_and_times_as_people_write_them() -> None:
    entry = {"day": "friday", "startTime": "22:00", "endTime": "24:00", "menuSid": "MN1"}
    system = {"sid": "AA1", "name": "Desk", "week": [entry]}
    read = from_json({"systems": [system]}).systems[0].week
    assert read == (WeekSpan("MN1", 5, time(22), time(0)),)


@pytest.mark.parametrize(
    ("plan", "error", "place"),
    [
        (with_desk(name=" "), InvalidInput, ("systems", 0, "name")),
        (with_desk(name="x" * 201), InvalidInput, ("systems", 0, "name")),
        (with_desk(description="a\x00b"), InvalidInput, ("systems", 0, "description")),
        (with_desk(status="ASLEEP"), InvalidInput, ("systems", 0, "status")),
        (with_desk(time_zone="Mars/Olympus"), InvalidInput, ("systems", 0, "timezoneId")),
        (with_desk(timeout_seconds=0), InvalidInput, ("systems", 0, "timeoutSeconds")),
        (with_desk(apology="AN9"), errors.AnnouncementNotFound, ("systems", 0, "apologySid")),
        (
            with_desk(timeout_action=Action(ActionType.GO_TO_MENU, "MN9")),
            errors.MenuNotFound,
            ("systems", 0, "timeoutAction"),
        ),
        (
            with_desk(no_answer_action=Action(ActionType.GO_TO_MENU)),
            InvalidInput,
            ("systems", 0, "noAnswerAction"),
        ),
        (with_desk(numbers=("+1 212 555 0199",)), NumberNotFound, ("systems", 0, "aaNumbers", 0)),
        (with_desk(numbers=("+1 212 555 0143",)), InvalidInput, ("systems", 0, "aaNumbers", 0)),
        (with_desk(numbers=DESK.numbers * 2), errors.NumberInUse, ("systems", 0, "aaNumbers", 1)),
        (
            with_desk(extensions=("+1 212 555 0142",)),
            NotAnExtension,
            ("systems", 0, "extensions", 0),
        ),
        (
            with_desk(week=(*DESK.week, WeekSpan("MN2", 1, time(16), time(18)))),
            errors.ScheduleOverlap,
            ("systems", 0, "week", 1),
        ),
        (
            with_desk(week=(WeekSpan("MN9", 1, time(9), time(17)),)),
            errors.MenuNotFound,
            ("systems", 0, "week", 0, "menuSid"),
        ),
        (
            with_desk(dates=(*DESK.dates, *DESK.dates)),
            errors.ScheduleOverlap,
            ("systems", 0, "specialDays", 1),
        ),
        (
            with_day(announcement="AN9"),
            errors.AnnouncementNotFound,
            ("systems", 0, "menus", 0, "announcementSid"),
        ),
        (
            with_day(keys=(("1", Action(ActionType.ANNOUNCEMENT_RETURN, "AN9")),)),
            errors.AnnouncementNotFound,
            ("systems", 0, "menus", 0, "keys", "1"),
        ),
        (with_day(timeout_seconds=121), InvalidInput, ("systems", 0, "menus", 0, "timeoutSeconds")),
        (with_desk(menus=(*DESK.menus, SPARE)), InvalidInput, ("systems", 0, "menus", 3, "sid")),
        (
            edits.put_announcement(PLAN, replace(CLOSED, body="…")),
            errors.SayIncomplete,
            ("announcements", 1, "body"),
        ),
        (
            edits.put_announcement(PLAN, replace(CLOSED, language="xx")),
            errors.UnknownLanguage,
            ("announcements", 1, "language"),
        ),
        (
            edits.put_announcement(PLAN, replace(CLOSED, voice="Cat")),
            errors.UnknownVoice,
            ("announcements", 1, "voice"),
        ),
        (
            edits.put_announcement(PLAN, replace(CLOSED, type="sing")),
            errors.UnknownType,
            ("announcements", 1, "type"),
        ),
        (
            edits.put_announcement(PLAN, replace(CLOSED, audio="0" * 64)),
            InvalidInput,
            ("announcements", 1, "audio"),
        ),
        (
            edits.put_number(PLAN, replace(NUMBERS[2], extension="101")),
            ExtensionTaken,
            ("numbers", 2, "extension"),
        ),
        (
            edits.put_number(PLAN, replace(NUMBERS[2], extension="١٢")),
            InvalidInput,
            ("numbers", 2, "extension"),
        ),
        (
            replace(PLAN, numbers=(*NUMBERS, NumberPlan("212-555-0142"))),
            NumberTaken,
            ("numbers", 3, "number"),
        ),
    ],
)
def test_plans_that_cannot_be(plan: Plan, error: type[Exception], place: tuple[Any, ...]) -> None:
    with pytest.raises(error):
        checks.check(plan)
    assert next(checks.faults(plan)).place == place


def test_what_is_used_is_not_dropped_and_says_by_whom() -> None:
    with pytest.raises(errors.AnnouncementInMenu, match='Menu "Day" plays it'):
        edits.drop_announcement(PLAN, "AN1")
    with pytest.raises(errors.AnnouncementInAction, match='Menu "Night", key 2 plays it'):
        edits.drop_announcement(PLAN, "AN2")
    with pytest.raises(errors.MenuLeadsHere, match='Menu "Day", key 1 leads to it'):
        edits.drop_menu(PLAN, "MN2")
    with pytest.raises(errors.MenuScheduled, match='System "Front desk", its week'):
        edits.drop_menu(PLAN, "MN1")
    assert [menu.sid for menu in edits.drop_menu(PLAN, "MN3").systems[0].menus] == ["MN1", "MN2"]
    assert edits.drop_system(PLAN, "AA1").systems == ()
    for find, error in (
        (edits.find_announcement, errors.AnnouncementNotFound),
        (edits.find_menu, errors.MenuNotFound),
        (edits.find_system, errors.SystemNotFound),
        (edits.find_number, NumberNotFound),
    ):
        with pytest.raises(error):
            find(PLAN, "9")
    assert edits.find_number(PLAN, "(212) 555-0142") == NUMBERS[0]


def test_a_number_that_turns_takes_its_place_in_the_systems() -> None:
    turned = edits.put_number(
        PLAN, NumberPlan("+1 212 555 0142", is_extension=True, extension="103")
    )
    assert (turned.systems[0].numbers, len(turned.systems[0].extensions)) == ((), 2)
    checks.check(turned)
    back = edits.put_number(PLAN, NumberPlan("+1 212 555 0143"))
    assert back.systems[0].numbers == ("+1 212 555 0142", "+1 212 555 0143")
    second = edits.put_system(
        PLAN, replace(DESK, sid="AA2", numbers=(), menus=(), week=(), dates=())
    )
    shared = edits.put_number(second, NumberPlan("+1 212 555 0143"))
    assert [system.extensions for system in shared.systems] == [(), ()]
    assert shared.systems[0].numbers == ("+1 212 555 0142",)
    checks.check(shared)


def test_fingerprints_cover_what_a_form_shows() -> None:
    assert edits.fingerprint(DESK) == edits.fingerprint(with_day(name="Other").systems[0])
    assert edits.fingerprint(DESK) != edits.fingerprint(replace(DESK, name="Other"))
    assert edits.fingerprint(DESK.week) != edits.fingerprint(())


def test_differences_in_words() -> None:
    after = edits.put_menu(
        with_desk(week=(WeekSpan("MN2", 1, time(9), time(17)),), status="SUSPENDED"),
        "AA1",
        replace(DAY, keys=(("1", Action(ActionType.VOICEMAIL)),), announcement=""),
    )
    after = edits.drop_menu(after, "MN3")
    after = edits.put_announcement(after, AnnouncementPlan("AN3", "New", body="Hello"))
    assert differences(PLAN, after) == [
        Difference(
            "announcement",
            "AN3",
            "New",
            "added",
            (
                Change("Name", "", "New"),
                Change("Kind", "", "Speaks its text"),
                Change("Text", "", "Hello"),
            ),
        ),
        Difference(
            "system", "AA1", "Front desk", "changed", (Change("Status", "Active", "Suspended"),)
        ),
        Difference(
            "menu",
            "MN1",
            "Day",
            "changed",
            (
                Change("Announcement", "Welcome", ""),
                Change("Key 1", 'Go to "Night"', "Take a message"),
            ),
        ),
        Difference(
            "schedule",
            "AA1",
            "Front desk",
            "changed",
            (Change("Monday", "9 AM to 5 PM Day", "9 AM to 5 PM Night"),),
        ),
        Difference("menu", "MN3", "Spare", "deleted"),
    ]
    assert [each.what for each in differences(PLAN, edits.drop_system(PLAN, "AA1"))] == [
        "deleted"
    ] * 4
    kinds = [each.kind for each in differences(Plan(), PLAN)]
    assert kinds == ["announcement"] * 2 + ["system"] + ["menu"] * 3 + ["schedule"] + ["number"] * 3


@PATIENTLY
@given(plans(), plans())
def test_no_differences_means_the_same(one: Plan, other: Plan) -> None:
    assert differences(one, one) == []
    assert (differences(one, other) == []) == same(one, other)


@PATIENTLY
@given(plans(), plans())
def test_what_one_side_changed_is_taken(base: Plan, changed: Plan) -> None:
    assert merge(base, base, changed) == (changed, [])
    assert merge(base, changed, base) == (changed, [])
    assert merge(base, changed, changed) == (changed, [])


@PATIENTLY
@given(plans(), plans(), plans())
def test_any_merge_is_whole(base: Plan, mine: Plan, theirs: Plan) -> None:
    merged, _ = merge(base, mine, theirs)
    for system in merged.systems:
        assert len({menu.sid for menu in system.menus}) == len(system.menus)
    assert {number.number for number in merged.numbers} == {
        number.number for number in theirs.numbers
    }


def test_both_sides_changes_come_together() -> None:
    mine = with_day(name="Daytime")
    theirs = with_desk(status="SUSPENDED", week=())
    merged, conflicts = merge(PLAN, mine, theirs)
    assert conflicts == []
    assert merged.systems[0].menus[0].name == "Daytime"
    assert (merged.systems[0].status, merged.systems[0].week) == ("SUSPENDED", ())


def test_what_both_changed_is_named() -> None:
    mine = with_day(name="Daytime")
    theirs = with_day(name="By day")
    merged, conflicts = merge(PLAN, mine, theirs)
    assert (merged, conflicts) == (mine, ['Menu "Daytime"'])
    assert merge(PLAN, mine, theirs, prefer="theirs")[0] == theirs
    gone = edits.drop_system(PLAN, "AA1")
    assert merge(PLAN, mine, gone)[1] == ['Menu "Daytime"']
    added = edits.put_menu(PLAN, "AA1", MenuPlan("MN4", "Fourth"))
    assert merge(PLAN, added, gone) == (added, ['Menu "Fourth"'])
    assert merge(PLAN, added, gone, prefer="theirs") == (gone, ['Menu "Fourth"'])


def test_numbers_that_the_operator_took_or_added_meanwhile() -> None:
    mine = with_desk(description="Mine")
    fewer = replace(PLAN, numbers=NUMBERS[1:], systems=(replace(DESK, numbers=()),))
    merged, conflicts = merge(PLAN, mine, fewer)
    assert conflicts == []
    assert (merged.systems[0].numbers, merged.systems[0].description) == ((), "Mine")
    more = replace(PLAN, numbers=(*NUMBERS, NumberPlan("+1 212 555 0150")))
    assert merge(PLAN, mine, more)[0].numbers == more.numbers
