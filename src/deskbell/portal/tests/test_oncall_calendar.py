"""The calendar's page: what it shows, to whom, and at what cost."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from deskbell.accounts.models import Account, User
from deskbell.contacts.actions import add_contact, add_method
from deskbell.contacts.models import DeliveryMethod
from deskbell.foundation.clock import now
from deskbell.oncall import actions
from deskbell.oncall.models import EscalationLevel, Event
from deskbell.platform.tenancy import account_scope
from deskbell.portal.oncall.calendar.asked import Asked
from deskbell.portal.oncall.calendar.entries import Entry
from deskbell.portal.oncall.calendar.lanes import lanes
from deskbell.portal.oncall.calendar.month import weeks

pytestmark = pytest.mark.django_db


def may(day: int, hour: int, minute: int = 0) -> datetime:
    """A wall-clock time in May 2031, which begins on a Thursday."""
    return datetime.combine(date(2031, 5, day), time(hour, minute))


FULL_DAYS = (may(4, 0, 0), may(4, 23, 59))


@dataclass(frozen=True, slots=True)
class Scene:
    """Two levels, and alice and bob to put on them."""

    first: EscalationLevel
    second: EscalationLevel
    alice: DeliveryMethod
    bob: DeliveryMethod


@pytest.fixture
def scene(acme: Account, at: datetime) -> Scene:
    with account_scope(acme.pk):
        second = actions.add_level(account_id=acme.pk, name="Backup", at=at, position=1)
        first = actions.add_level(account_id=acme.pk, name="First line", at=at, position=0)
        return Scene(first, second, method(acme, "Alice"), method(acme, "Bob"))


def method(account: Account, name: str) -> DeliveryMethod:
    contact = add_contact(account_id=account.pk, name=name, at=now())
    address = f"{name.partition(' ')[0].lower()}@example.com"
    return add_method(contact=contact, kind="email", address=address, at=now())


def shift(scene: Scene, who: DeliveryMethod, *span: datetime, **rule: object) -> Event:
    with account_scope(scene.first.account_id):
        return actions.add_event(
            level=scene.first,
            methods=[who],
            starts=span[0],
            ends=span[1],
            at=now(),
            **rule,  # type: ignore[arg-type]
        )


def shown(page: Client, query: str) -> str:
    answer = page.get(f"/oncall/?{query}")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("view", ["month", "week", "day", "timeline"])
def test_every_view_shows_a_shift_with_its_rule(page: Client, scene: Scene, view: str) -> None:
    shift(scene, scene.alice, *FULL_DAYS, frequency="weekly", interval=2, weekdays=(0, 1))
    text = shown(page, f"view={view}&date=2031-05-04")
    assert "Alice" in text
    assert "every 2 weeks on Sunday and Monday" in text
    assert "America/New_York</strong> (EDT)" in text
    assert "Nobody" in text or view == "day"  # the days that the rule leaves out


def test_levels_are_picked_in_their_order(page: Client, scene: Scene) -> None:
    text = shown(page, "view=week")
    assert "Next level: Backup" in text
    assert "Previous level" not in text
    text = shown(page, f"view=week&level={scene.second.pk}")
    assert "Previous level: First line" in text
    assert "Next level" not in text


@pytest.mark.parametrize(
    "query",
    ["view=year&level=x&date=never", "date=9999-12-31", "level=99999999999999999999", "date=%00"],
)
def test_nonsense_in_the_address_shows_the_month(page: Client, scene: Scene, query: str) -> None:
    assert f"{now().astimezone(ZoneInfo('America/New_York')):%B %Y}" in shown(page, query)


@pytest.mark.parametrize("day", ["2000-02-01", "2199-11-30"])
@pytest.mark.parametrize("view", ["month", "week", "day", "timeline"])
def test_the_first_and_last_days_show(page: Client, scene: Scene, view: str, day: str) -> None:
    shift(scene, scene.alice, *FULL_DAYS, frequency="daily")
    shown(page, f"view={view}&date={day}")


def test_an_override_stands_beside_what_it_covers(page: Client, scene: Scene) -> None:
    shift(scene, scene.alice, *FULL_DAYS)
    with account_scope(scene.first.account_id):
        actions.add_override(
            account_id=scene.first.account_id,
            level=scene.first,
            kind="replace",
            contact=scene.alice.contact,
            methods=[scene.bob],
            starts=FULL_DAYS[0].replace(hour=9),
            ends=FULL_DAYS[0].replace(hour=17),
            at=now(),
        )
    text = shown(page, "view=day&date=2031-05-04")
    assert len(re.findall(r'class="block[^"]*is-shift[^"]*is-covered', text)) == 1
    assert len(re.findall(r'class="block[^"]*is-shift(?![^"]*is-covered)', text)) == 2
    assert "covers Alice" in text
    month = shown(page, "date=2031-05-04")
    assert re.search(r'class="chip[^"]*is-override[^"]*"[^>]*>.*?Bob', month, re.DOTALL)


def test_a_changed_instance_is_marked(page: Client, scene: Scene) -> None:
    series = shift(scene, scene.alice, *FULL_DAYS, frequency="daily")
    with account_scope(series.account_id):
        actions.edit_event(
            event=series,
            scope=actions.Scope.THIS,
            day=date(2031, 5, 6),
            at=now(),
            methods=[scene.bob],
        )
    text = shown(page, "view=week&date=2031-05-06")
    assert text.count("changed by hand") >= 1
    assert text.count('class="block-title">Bob') == 1
    assert text.count('class="block-title">Alice') == 6


def test_who_is_next_with_a_cover(page: Client, scene: Scene, acme: Account) -> None:
    local = now().astimezone(ZoneInfo(acme.time_zone)).replace(tzinfo=None, second=0, microsecond=0)
    start = local.replace(hour=0, minute=0)
    shift(scene, scene.alice, start, start.replace(hour=23, minute=59), frequency="daily")
    with account_scope(acme.pk):
        actions.add_override(
            account_id=acme.pk,
            level=None,
            kind="replace",
            contact=scene.alice.contact,
            methods=[scene.bob],
            starts=local - timedelta(hours=1),
            ends=local + timedelta(hours=2),
            at=now(),
        )
    text = shown(page, "")
    strip = text[text.index('id="oncall-now"') : text.index('id="calendar"')]
    assert "<strong>Bob</strong>" in strip
    assert re.search(r"Next: Alice", strip)


def test_only_who_may_edit_is_offered_it(
    signed_in: Callable[[User], Client], bob: User, page: Client, scene: Scene
) -> None:
    assert "New Event" in shown(page, "")
    text = shown(signed_in(bob), "")
    assert "New Event" not in text
    assert "New event on" not in text
    assert "You can look at on call" in text


def test_whoever_is_reached_instead_is_named(page: Client, scene: Scene, acme: Account) -> None:
    assert "is reached instead" not in shown(page, "")
    day = {"start": time(0), "end": time(23, 59)}
    with account_scope(acme.pk):
        actions.set_defaults(account_id=acme.pk, fallback=scene.bob.contact, **day)
    assert shown(page, "").count("Bob is reached instead") == 2
    with account_scope(acme.pk):
        actions.edit_level(level=scene.first, hold_until_on_call=True)
    assert shown(page, "").count("Bob is reached instead") == 1


def test_the_live_part_costs_one_read_while_nothing_changes(page: Client, scene: Scene) -> None:
    first = page.get("/oncall/live/?view=week", headers={"HX-Request": "true"})
    assert 'hx-swap-oob="outerMorph"' in first.content.decode()
    tag = first.headers["ETag"]
    with CaptureQueriesContext(connection) as captured:
        again = page.get("/oncall/live/?view=week", headers={"If-None-Match": tag})
    assert again.status_code in {200, 304}  # a new minute may have begun
    if again.status_code == 304:
        assert sum("accountversion" in query["sql"] for query in captured) == 1
        assert not any("oncall" in query["sql"] for query in captured)
    shift(scene, scene.alice, *FULL_DAYS)
    changed = page.get("/oncall/live/?view=week", headers={"If-None-Match": tag})
    assert changed.status_code == 200


def test_many_events_cost_no_more_queries(page: Client, scene: Scene) -> None:
    def fill(count: int) -> None:
        for number in range(count):
            start = may(4, 8, 0) + timedelta(hours=number)
            shift(scene, scene.alice, start, start + timedelta(hours=1))

    def queries() -> list[int]:
        counts = []
        for view in ("month", "week", "timeline"):
            with CaptureQueriesContext(connection) as captured:
                shown(page, f"view={view}&date=2031-05-06")
            counts.append(len(captured))
        return counts

    fill(2)
    queries()  # what is kept from the first time on
    few = queries()
    fill(98)
    assert queries() == few
    assert max(few) <= 25


def test_lanes_share_the_width_only_where_they_overlap() -> None:
    hours = [(9, 12), (10, 11), (11, 13), (13, 14)]
    spans = [(may(4, start), may(4, end)) for start, end in hours]
    assert lanes(spans) == [(0, 2), (1, 2), (1, 2), (0, 1)]


def test_a_full_day_says_how_many_more_there_are() -> None:
    asked = Asked("month", 1, date(2031, 5, 4), date(2031, 5, 4))
    start = may(4, 8)
    entries = [
        Entry("shift", f"e{number}", 1, "Alice", "once", start, start + timedelta(hours=1))
        for number in range(9)
    ]
    [cell] = [day for week in weeks(asked, 1, entries) for day in week if day.day == asked.day]
    assert (len(cell.chips), cell.more) == (6, 3)


def test_a_night_shift_is_drawn_once_and_a_week_in_each_of_its_weeks() -> None:
    asked = Asked("month", 1, date(2031, 5, 4), date(2031, 5, 4))
    night = Entry("shift", "n", 1, "A", "", may(6, 17), may(7, 8))
    long = Entry("shift", "w", 1, "B", "", may(9, 17), may(12, 8))
    chips = [
        (chip.entry.key, chip.column, chip.width, chip.is_continued, chip.goes_on)
        for week in weeks(asked, 1, [night, long])
        for day in week
        for chip in day.chips
    ]
    assert chips == [
        ("n", 3, 1, False, False),
        ("w", 6, 2, False, True),
        ("w", 1, 2, True, False),
    ]
