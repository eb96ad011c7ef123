"""Plans as files: they come back as they were, and whoever writes nonsense is told the line."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
import yaml
from hypothesis import given

from deskbell.attendant.plans import from_yaml, to_yaml
from deskbell.attendant.rules.plans import AnnouncementPlan, Plan
from deskbell.foundation.errors import InvalidInput
from tests.plan_strategies import PATIENTLY, TEXT, plans, sid

WHOLE = """\
format: 1
announcements:
  - sid: AN00000000000000000000000000000001
    name: no
    type: say
    body: |
      Welcome.
    language: en-US
systems:
  - sid: AA00000000000000000000000000000001
    name: Front desk
    timezoneId: America/New_York
    timeoutSeconds: 5
    description: ~
    directDialling: yes
    aaNumbers:
      - +1 212 555 0142
    menus:
      - sid: MN00000000000000000000000000000001
        name: Day
        colorCode: "#e56052"
        announcementSid: AN00000000000000000000000000000001
        keys:
          1: {actionType: GO_TO_MENU, actionData: MN00000000000000000000000000000001}
          "*": {actionType: HANGUP}
    week:
      - {day: monday, startTime: 09:00, endTime: 24:00, menuSid: MN00000000000000000000000000000001}
      - {day: 2, startTime: 09:00, endTime: 17:30, menuSid: MN00000000000000000000000000000001}
    specialDays:
      - {startDate: 2026-12-25, endDate: 2026-12-25, menuSid: MN00000000000000000000000000000001}
numbers:
  - {number: +1 212 555 0142}
  - {number: +1 212 555 0143, isExtension: true, extension: 0101}
"""


@PATIENTLY
@given(plans())
def test_a_plan_survives_its_file(plan: Plan) -> None:
    written = to_yaml(plan, title="Acme: #1\n")
    assert from_yaml(written) == plan
    assert to_yaml(from_yaml(written), title="Acme: #1\n") == written
    yaml.safe_load(written)  # any other reader of YAML can read it as well


@PATIENTLY
@given(TEXT, TEXT)
def test_any_text_survives(one: str, other: str) -> None:
    announcement = AnnouncementPlan(
        sid("AN", 1), "x" + one, description=other, type="play", body=f"{one}\n{other} {one}" * 5
    )
    assert from_yaml(to_yaml(Plan((announcement,)))).announcements == (announcement,)


def test_it_reads_well() -> None:
    plan = from_yaml(WHOLE)
    long = "Thank you for calling. " * 6 + "Goodbye."
    said = replace(plan.announcements[0], name="Hello", body=f"{long}")
    plan = replace(plan, announcements=(said,))
    lines = to_yaml(plan, title="Acme Dental, W0411").split("\n")
    assert lines[0] == "# Acme Dental, W0411: what callers meet, whole."
    text = "\n".join(lines[lines.index("format: 1") :]).replace(31 * "0" + "1", "…")
    assert (
        text
        == """\
format: 1

announcements:
  - sid: AN…
    name: Hello
    type: say
    body: >-
      Thank you for calling. Thank you for calling. Thank you for calling. Thank you for
      calling. Thank you for calling. Thank you for calling. Goodbye.
    language: en-US

systems:
  - sid: AA…
    name: Front desk
    status: ACTIVE
    timezoneId: America/New_York
    aaNumbers:
      - "+1 212 555 0142"
    directDialling: true
    timeoutSeconds: 5
    menus:
      - sid: MN…
        name: Day
        colorCode: "#e56052"
        announcementSid: AN…  # Hello
        keys:
          "1": {actionType: GO_TO_MENU, actionData: MN…}  # Day
          "*": {actionType: HANGUP}
    week:
      - {day: Monday, startTime: "09:00", endTime: "24:00", menuSid: MN…}  # Day
      - {day: Tuesday, startTime: "09:00", endTime: "17:30", menuSid: MN…}  # Day
    specialDays:
      - {startDate: 2026-12-25, endDate: 2026-12-25, menuSid: MN…}  # Day

numbers:
  - {number: "+1 212 555 0142"}
  - {number: "+1 212 555 0143", isExtension: true, extension: "0101"}
"""
    )


BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"


@pytest.mark.parametrize(
    ("before", "after", "line", "words"),
    [
        ("name: Front desk", "nane: Front desk", 11, "has no field 'nane'; it takes sid, name"),
        ("    name: Front desk\n", "", 10, "A system needs name"),
        ("- sid: MN", "- sidd: MN", 19, "no field 'sidd'"),
        ("timeoutSeconds: 5", "timeoutSeconds: five", 13, "takes a whole number; not 'five'"),
        ("timeoutSeconds: 5", "timeoutSeconds: 500", 13, "takes 1 to 120; not 500"),
        ("timeoutSeconds: 5", "timeoutSeconds: [5]", 13, "takes a whole number"),
        ("America/New_York", "America/New_Yrok", 12, "is not a time zone"),
        ("aaNumbers:\n      - +1 212 555 0142", "aaNumbers: 5", 16, "takes a list; not '5'"),
        ("- +1 212 555 0142\n    menus", "- +1 212 555 0199\n    menus", 17, "There is no number"),
        ("announcementSid: AN0", "announcementSid: AN9", 22, "there is no announcement AN9"),
        ("actionData: MN0", "actionData: MN9", 24, 'Menu "Day", key 1: there is no menu MN9'),
        ("GO_TO_MENU", "GO_TO_MOON", 24, "GO_TO_MOON"),
        ('"*": {', "12: {", 25, "A key of a menu is 0 to 9 or *"),
        ('"*": {', "*: {", 25, "needs quotation marks"),
        ('"*": {', "1: {", 25, "1 stands on line 24 already"),
        ("day: 2", "day: Tuesdy", 28, "day takes Monday to Sunday"),
        ("day: 2", "day: 1", 28, "overlap"),
        ("09:00, endTime: 17:30", "25:00, endTime: 17:30", 28, "takes a time as 09:00"),
        ("2026-12-25, endDate", "2026-02-30, endDate", 30, "takes a date as 2027-12-25"),
        ("endDate: 2026-12-25", "endDate: 2026-12-24", 30, "before"),
        ("extension: 0101", "extension: ten", 33, "1 to 12 digits"),
        ("isExtension: true", "isExtension: maybe", 33, "true or false"),
        ("name: no\n", "name: ~\n", 3, "An announcement needs name"),
        ("name: no\n", "name: &x no\n", 4, "anchors"),
        ("name: no\n", "name: *x\n", 4, "aliases"),
        ("name: no\n", "name: !!python/name:os.system no\n", 4, "tags are not read"),
        ("name: no\n", "name: no\n    name: yes\n", 5, "name stands on line 4 already"),
        ("name: no\n", "? [name]\n    : no\n", 4, "the name of a field is text"),
        ("name: no\n", "name: 'no\n", 4, "quoted scalar"),
        ("name: no\n", "name: \x07\n", 4, "no character '\\x07'"),
        ("name: no\n", f"name: {'x' * 201}\n", 4, "up to 200 characters"),
        ("format: 1", "format: 2", 1, "format takes 1"),
        ("format: 1\n", "format: 1\n---\n", 2, "a second one"),
        ("format: 1\n", BOMB, 1, "anchors"),
        ("format: 1\n", "<<: {}\n", 1, "no field '<<'"),
        ("format: 1\n", f"format: {'[' * 50_000}\n", 1, "inside one another"),
        ("format: 1\n", f"format: {'{a: ' * 50_000}\n", 1, "inside one another"),
    ],
)
def test_nonsense_is_refused_with_its_line(before: str, after: str, line: int, words: str) -> None:
    assert before in WHOLE
    with pytest.raises(InvalidInput, match=f"^line {line}: .*{re.escape(words)}"):
        from_yaml(WHOLE.replace(before, after, 1))


@pytest.mark.parametrize("text", ["", "# nothing\n", "[]", "hello", "--- {a: 1} b"])
def test_a_file_without_fields_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="line 1: "):
        from_yaml(text)


@PATIENTLY
@given(TEXT)
def test_whatever_stands_in_a_file_it_is_read_or_refused(text: str) -> None:
    for whole in (text, f"announcements:\n  - {text}", WHOLE.replace("no", text, 1)):
        try:
            from_yaml(whole)
        except InvalidInput as error:
            assert len(str(error)) < 1000  # noqa: PT017 either outcome is right
