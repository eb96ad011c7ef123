"""Chains over days of simulated time: each attempt at its exact instant, over a clock change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from deskbell.contacts.models import DeliveryMethod
from deskbell.delivery.models import Delivery
from deskbell.messages.actions import Taken, take
from deskbell.messages.models import MessageStatus
from deskbell.oncall import actions, queries
from deskbell.oncall.models import EscalationLevel
from deskbell.oncall.tests.story import Way, drive, story

# In New York clocks go from 2:00 to 3:00 on Sunday, 8 March 2026. This is half past eight the
# evening before.
SATURDAY = datetime(2026, 3, 8, 1, 30, tzinfo=UTC)


def shift(
    level: EscalationLevel, method: DeliveryMethod, starts: str, ends: str, **rule: Any
) -> None:
    actions.add_event(
        level=level,
        methods=[method],
        starts=datetime.fromisoformat(starts),
        ends=datetime.fromisoformat(ends),
        at=SATURDAY,
        **rule,
    )


@pytest.fixture
def five(add_level: Any, way: Way) -> EscalationLevel:
    """Office hours, evenings, nights, a weekend that is held for, and the owner, round once."""
    owner = add_level("Owner", repeat=1, repeat_seconds=6 * 3600, wait_seconds=3600)
    weekend = add_level(
        "Weekend",
        repeat=1,
        repeat_seconds=7200,
        wait_seconds=3600,
        next_level=owner,
        hold_until_on_call=True,
    )
    night = add_level("Night", repeat=2, repeat_seconds=3600, wait_seconds=1800, next_level=weekend)
    evening = add_level(
        "Evening", repeat=1, repeat_seconds=900, wait_seconds=2700, next_level=night
    )
    office: EscalationLevel = add_level(
        "Office", repeat=2, repeat_seconds=600, wait_seconds=300, next_level=evening
    )
    EscalationLevel.objects.filter(pk=owner.pk).update(next_level=office, loops=1)
    weekdays = {"frequency": "weekly", "weekdays": [1, 2, 3, 4, 5]}
    shift(office, way("Bob"), "2026-03-02 09:00", "2026-03-02 17:00", **weekdays)
    shift(evening, way("Rita"), "2026-03-02 17:00", "2026-03-02 22:00", frequency="daily")
    shift(night, way("Alice"), "2026-03-02 22:00", "2026-03-02 09:00", frequency="daily")
    shift(weekend, way("Charlie"), "2026-03-08 08:00", "2026-03-08 20:00")
    shift(owner, way("Olivia"), "2026-03-02 00:00", "2026-03-02 23:59", frequency="daily")
    office.refresh_from_db()
    return office


# Half past nine to eight is ten hours and a half on a clock, and an hour less that night.
WAY = [
    "07 20:30 Evening 1 Rita",
    "07 20:45 Evening 2 Rita",
    "08 08:00 Weekend 1 Charlie",
    "08 10:00 Weekend 2 Charlie",
    "08 11:00 Owner 1 Olivia",
    "08 17:00 Owner 2 Olivia",
    "08 18:00 Evening 1 Rita",
    "08 18:15 Evening 2 Rita",
    "08 19:00 Weekend 1 Charlie",
    "08 21:00 Owner 1 Olivia",
    "09 03:00 Owner 2 Olivia",
]


def test_five_levels_over_three_days_and_a_clock_change(five: EscalationLevel) -> None:
    message = take(
        account_id=five.account_id,
        taken=Taken("The tooth hurts", escalation_level_id=five.pk),
        at=SATURDAY,
    )
    expected = queries.forecast(five.account_id, five, SATURDAY)
    drive(SATURDAY, SATURDAY + timedelta(days=3))
    assert [
        f"{local(each.created_at)} {each.level_name} {each.attempt} {each.contact_name}"
        for each in Delivery.objects.order_by("created_at", "id")
    ] == WAY
    message.refresh_from_db()
    assert (message.status, local(message.updated_at)) == (MessageStatus.EXHAUSTED, "09 04:00")

    assert [
        f"{local(each.at)} {each.level} {each.attempt} {method.contact.name}"
        for each in expected.steps
        for method in each.methods
    ] == WAY
    assert expected.is_whole
    assert local(expected.steps[-1].at) == "09 04:00"
    assert [each.words for each in expected.steps] == story(message)


def local(at: datetime) -> str:
    """Day and time in New York; nothing happens between minutes."""
    when = at.astimezone(ZoneInfo("America/New_York"))
    assert (when.second, when.microsecond) == (0, 0)
    return f"{when:%d %H:%M}"
