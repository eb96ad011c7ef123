"""The time machine: what a caller meets, and why, in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskbell.attendant.rules import (
    Action,
    ActionType,
    Configuration,
    DateSpan,
    Limits,
    MenuRules,
    Sentence,
    Sound,
    WeekSpan,
)
from deskbell.attendant.rules.configuration import Emergency, Extension
from deskbell.attendant.rules.walk import MAX_KEYS, Walk, walk
from deskbell.foundation.errors import InvalidInput

AT = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)  # a Wednesday, ten in the morning in New York
GREETING = Sound("Press 1 or 2", "a" * 64, name="Greeting")
CLOSED = Sound("We are closed", "", name="Closed")
HOURS = Sound("Nine to five", "b" * 64, name="Hours")
SENTENCES = {name: Sound(name.value, f"{n:064x}") for n, name in enumerate(Sentence, start=16)}
DAY = MenuRules(
    "MN1",
    name="Day",
    announcement=GREETING,
    keys={
        "1": Action(ActionType.ANNOUNCEMENT_RETURN, "AN3"),
        "2": Action(ActionType.GO_TO_MENU, "MN2"),
        "3": Action(ActionType.VOICEMAIL),
        "4": Action(ActionType.DIAL_BY_EXTENSION),
        "5": Action(ActionType.TRANSFER_TO_PHONE, "+1 212 555 0199"),
        "6": Action(ActionType.TRANSFER_TO_ONCALL, "7"),
        "8": Action(ActionType.DIAL_BY_NAME),
        "9": Action(ActionType.HANGUP),
    },
    limits=Limits(timeout_max=2, timeout_action=Action(ActionType.VOICEMAIL)),
)
NIGHT = MenuRules("MN2", name="Night", announcement=CLOSED)
PLAIN = Configuration(
    sid="AA1",
    time_zone="America/New_York",
    menus={"MN1": DAY, "MN2": NIGHT},
    announcements={"AN1": GREETING, "AN2": CLOSED, "AN3": HOURS},
    week=tuple(WeekSpan("MN1", day, time(8), time(18)) for day in range(1, 6))
    + tuple(WeekSpan("MN2", day, time(18), time(8)) for day in range(1, 5)),
    dates=(DateSpan("MN2", date(2026, 12, 25), date(2026, 12, 26)),),
    sentences=SENTENCES,
    extensions={"101": Extension("+12125550101", "Anna Miller")},
)


def named(made: Walk) -> list[list[str]]:
    """What is heard in each moment: the announcements' names, or a sentence's words."""
    return [[sound.name or sound.text for sound in moment.heard] for moment in made.moments]


def last_why(keys: str, configuration: Configuration = PLAIN) -> str:
    return walk(configuration, AT, keys).moments[-1].why


def test_a_call_is_walked_key_by_key() -> None:
    made = walk(PLAIN, AT, "1 2, t")
    assert [moment.pressed for moment in made.moments] == ["", "1", "2", "t"]
    assert [moment.menu for moment in made.moments] == ["Day", "Day", "Night", "Night"]
    assert made.moments[2].menu_sid == "MN2"
    assert named(made) == [["Greeting"], ["Hours", "Greeting"], ["Closed"], ["Closed"]]
    assert [moment.why for moment in made.moments[1:]] == [
        'Key 1 in "Day": Play "Hours", then this menu again.',
        'Key 2 in "Day": Go to "Night".',
        "Nothing was pressed, silence 1 of 3: the menu plays.",
    ]
    assert not made.is_over
    assert made.left == ""


@pytest.mark.parametrize(
    ("at", "why"),
    [
        (
            AT,
            (
                "Wednesday, March 4, 2026, 10 AM (America/New_York): Wednesday 8 AM to 6 PM is "
                '"Day", and no special day covers it.'
            ),
        ),
        (
            datetime(2026, 3, 4, 11, 0, tzinfo=UTC),
            (
                "Wednesday, March 4, 2026, 6 AM (America/New_York): Tuesday 6 PM to 8 AM is "
                '"Night", and no special day covers it.'
            ),
        ),
        (
            datetime(2026, 12, 25, 15, 0, tzinfo=UTC),
            (
                "Friday, December 25, 2026, 10 AM (America/New_York): the special day December 25, "
                '2026 to December 26, 2026 says "Night" and wins over the week: Friday 8 AM to '
                '6 PM is "Day".'
            ),
        ),
        (
            datetime(2026, 12, 26, 15, 0, tzinfo=UTC),
            (
                "Saturday, December 26, 2026, 10 AM (America/New_York): the special day December "
                '25, 2026 to December 26, 2026 says "Night" and wins over the week.'
            ),
        ),
        (
            datetime(2026, 3, 7, 15, 0, tzinfo=UTC),
            (
                "Saturday, March 7, 2026, 10 AM (America/New_York): no entry of the week and no "
                "special day covers it, so callers are sent away."
            ),
        ),
    ],
)
def test_it_says_which_entry_answers_and_why_not_another(at: datetime, why: str) -> None:
    assert walk(PLAIN, at, "").moments[0].why == why


@pytest.mark.parametrize(
    ("keys", "why"),
    [
        ("tt", "Nothing was pressed, silence 2 of 2: Take a message."),
        ("7", 'Key 7 has no action in "Day", wrong key 1 of 3: the menu plays.'),
        ("777", 'Key 7 has no action in "Day", wrong key 3 of 3: Hang up.'),
        ("4", 'Key 4 in "Day": Ask for an extension.'),
        ("4101#", 'Extension 101, "Anna Miller": +12125550101 is rung.'),
        ("499#", "There is no extension 99, wrong extension 1 of 3: an extension is asked for."),
        ("4101t", "Nobody answered: the menu plays."),
        ('8"Anna Miller"', 'Extension 101, "Anna Miller": +12125550101 is rung.'),
        (
            '8"Nobody Here"',
            "There is no extension of that name, wrong extension 1 of 3: a name is asked for.",
        ),
        ("5", 'Key 5 in "Day": Call +1 212 555 0199.'),
        ("3", 'Key 3 in "Day": Take a message.'),
        ("3t", "Nothing was said: a message is asked for."),
        ("3#", "The message is taken: the call ends."),
        (
            "6",
            (
                'Key 6 in "Day": Call whoever is on call at level 7: nobody who is on call has a '
                "phone, so a message is asked for."
            ),
        ),
        ("9", 'Key 9 in "Day": Hang up.'),
    ],
)
def test_it_says_what_a_press_led_to(keys: str, why: str) -> None:
    assert last_why(keys) == why


def test_a_level_is_called_by_its_name_where_that_is_known() -> None:
    named = replace(PLAIN, levels={7: "Managers"})
    assert last_why("6", named).startswith('Key 6 in "Day": Call whoever is on call at "Managers":')


def test_a_call_that_is_over_leaves_keys() -> None:
    made = walk(PLAIN, AT, "912")
    assert made.is_over
    assert made.left == "12"
    assert len(made.moments) == 2


def test_a_caller_who_talks_to_somebody_presses_nothing() -> None:
    made = walk(PLAIN, AT, "51")
    assert made.moments[-1].rings == ("+12125550199",)
    assert (made.is_over, made.left) == (False, "1")
    busy = walk(PLAIN, AT, "5t1")
    assert named(busy)[2:] == [[Sentence.NO_ANSWER, "Greeting"], ["Hours", "Greeting"]]


def test_who_is_on_call_can_be_told() -> None:
    asked: list[int] = []

    def on_call(level_id: int) -> list[str]:
        asked.append(level_id)
        return ["+12125550155"]

    made = walk(PLAIN, AT, "6t", on_call)
    assert asked == [7]
    assert made.moments[1].rings == ("+12125550155",)
    assert made.moments[1].why == (
        'Key 6 in "Day": Call whoever is on call at level 7: those of them who have a phone '
        "are rung."
    )
    assert made.moments[2].why == "Nobody answered: a message is asked for."


def test_the_no_answer_action_is_named() -> None:
    asks = replace(PLAIN, no_answer_action=Action(ActionType.GO_TO_MENU, "MN2"))
    assert last_why("5t", asks) == 'Nobody answered: Go to "Night".'


def test_direct_dialling_takes_the_longest_extension() -> None:
    direct = replace(PLAIN, direct_dialling=True)
    made = walk(direct, AT, "101")
    assert [moment.pressed for moment in made.moments] == ["", "101"]
    assert [moment.pressed for moment in walk(direct, AT, "1021").moments] == [
        "",
        "1",
        "0",
        "2",
        "1",
    ]
    assert [moment.pressed for moment in walk(PLAIN, AT, "101").moments] == ["", "1", "0", "1"]


def test_the_emergency_switch_is_named() -> None:
    until = AT + timedelta(hours=2)
    by_menu = replace(PLAIN, emergency=Emergency(until, menu="MN2"))
    assert last_why("", by_menu) == (
        "The emergency switch is on until Wednesday, March 4, 2026, 12 PM, so the schedule does "
        'not count: "Night" answers.'
    )
    by_announcement = replace(PLAIN, emergency=Emergency(until, announcement="AN2"))
    made = walk(by_announcement, AT, "1")
    assert made.is_over
    assert named(made) == [["Closed"]]
    assert made.moments[0].why.endswith("its announcement is played, and the call ends.")
    assert walk(by_menu, until, "").moments[0].menu == "Day"


def test_a_suspended_system_says_so() -> None:
    made = walk(replace(PLAIN, is_active=False), AT, "1")
    assert made.is_over
    assert made.moments[0].why == "The system is suspended: the call ends."


def test_the_same_words_have_the_name_of_where_they_are_heard() -> None:
    twin = replace(CLOSED, name="Closed too")
    menus = {**PLAIN.menus, "MN2": replace(NIGHT, announcement=twin)}
    assert named(walk(replace(PLAIN, menus=menus), AT, "2"))[1] == ["Closed too"]


@pytest.mark.parametrize("keys", ["x", "1a", '"Anna', "1-2", "\uff11"])
def test_other_characters_are_refused(keys: str) -> None:
    with pytest.raises(InvalidInput, match="not") as caught:
        walk(PLAIN, AT, keys)
    assert caught.value.field == "keys"


def test_too_many_keys_are_refused() -> None:
    with pytest.raises(InvalidInput, match="200"):
        walk(PLAIN, AT, "1" * (MAX_KEYS + 1))
    assert walk(PLAIN, AT, "1" * MAX_KEYS).is_over  # a call has a hundred steps at most


@given(
    keys=st.text("0123456789*#t", max_size=120),
    direct=st.booleans(),
    hours=st.integers(0, 24 * 365),
)
def test_any_keys_at_any_time_have_a_walk(keys: str, direct: bool, hours: int) -> None:
    made = walk(replace(PLAIN, direct_dialling=direct), AT + timedelta(hours=hours), keys)
    assert "".join(moment.pressed for moment in made.moments) + made.left == keys
    assert all(moment.why.endswith(".") for moment in made.moments)
    assert all(sound.is_audible for moment in made.moments for sound in moment.heard)


def test_a_name_that_two_could_have_is_asked_about() -> None:
    both = replace(
        PLAIN,
        extensions={
            "101": Extension("+12125550101", "Anna Miller"),
            "102": Extension("+12125550102", "Bob Miller"),
        },
    )
    first, second = walk(both, AT, '8 "Miller" "no"').moments[-2:]
    assert [sound.text for sound in first.heard][:2] == ["Did you mean", "Anna Miller?"]
    assert [sound.text for sound in second.heard][:2] == ["Did you mean", "Bob Miller?"]
    assert first.why == (
        'It is not sure who was meant, perhaps "Anna Miller": '
        "the caller is asked whether that is the one."
    )
    assert walk(both, AT, '8 "Miller" "no" "yes"').moments[-1].rings == ("+12125550102",)
    assert (
        walk(both, AT, '8 "Miller" 2 2').moments[-1].heard[0].text == "We did not find that name."
    )
