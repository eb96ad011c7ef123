"""Levels, events, and who is on call when."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from deskbell.accounts.models import Account
from deskbell.contacts.actions import remove_contact, remove_method
from deskbell.contacts.models import DeliveryMethod
from deskbell.foundation.errors import InvalidInput, NotFound
from deskbell.oncall import actions, queries
from deskbell.oncall.models import EscalationLevel, Event, Occurrence
from deskbell.platform.tenancy import account_scope

Way = Callable[[str], DeliveryMethod]


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.fixture
def weekday(in_acme: Account, at: datetime) -> EscalationLevel:
    return actions.add_level(account_id=in_acme.pk, name="Weekday", at=at)


def names(level: EscalationLevel, at: datetime) -> list[str]:
    return [method.contact.name for method in queries.on_call(level, at)]


def test_a_handoff_goes_to_the_later_shift(
    weekday: EscalationLevel, way: Way, at: datetime
) -> None:
    nine, five = wall("2026-03-02 09:00"), wall("2026-03-02 17:00")
    for name, starts, ends in (("Bob", nine, five), ("Rita", five, nine)):
        actions.add_event(
            level=weekday,
            methods=[way(name)],
            starts=starts,
            ends=ends,
            frequency="weekly",
            weekdays=[1, 2, 3, 4, 5],
            at=at,
        )
    handoff = utc("2026-03-04 22:00")  # in New York's winter
    assert names(weekday, handoff - timedelta(seconds=1)) == ["Bob"]
    assert names(weekday, handoff) == ["Rita"]
    assert names(weekday, utc("2026-03-09 20:59")) == ["Bob"]  # summer time since Sunday
    assert names(weekday, utc("2026-03-09 21:00")) == ["Rita"]
    assert names(weekday, utc("2026-03-08 20:00")) == []  # a Sunday


def test_two_events_at_once_are_both_on_call_and_a_method_once(
    weekday: EscalationLevel, way: Way, always: Callable[..., None], at: datetime
) -> None:
    bob, rita = way("Bob"), way("Rita")
    always(weekday, bob)
    always(weekday, bob, rita)
    assert names(weekday, at) == ["Bob", "Rita"]


def test_on_call_costs_one_query_and_the_overview_two(
    weekday: EscalationLevel,
    way: Way,
    always: Callable[..., None],
    at: datetime,
    django_assert_num_queries: Any,
) -> None:
    manager = actions.add_level(account_id=weekday.account_id, name="Manager", at=at)
    for name in ("Alice", "Bob", "Rita"):
        always(weekday, way(name))
    with django_assert_num_queries(1):
        assert names(weekday, at) == ["Alice", "Bob", "Rita"]
    with django_assert_num_queries(2):
        overview = queries.on_call_now(weekday.account_id, at)
    assert [(level, [each.name for each in on]) for level, on in overview] == [
        (weekday, ["Alice", "Bob", "Rita"]),
        (manager, []),
    ]


def test_occurrences_reach_over_400_days_and_are_extended(
    weekday: EscalationLevel, way: Way, always: Callable[..., None], at: datetime
) -> None:
    always(weekday, way("Bob"))
    event = Event.objects.get()
    assert event.expanded_until
    assert event.expanded_until >= at + actions.HORIZON
    assert actions.extend_occurrences(at) == 0

    later = at + timedelta(days=100)
    assert actions.extend_occurrences(later) == 1
    assert actions.extend_occurrences(later) == 0
    found = list(Occurrence.objects.order_by("span"))
    assert found[-1].span.lower >= later + actions.HORIZON
    assert all(  # none missing, none twice
        one.span.upper == two.span.lower for one, two in itertools.pairwise(found)
    )


def test_beyond_the_rows_the_rule_answers(
    weekday: EscalationLevel, way: Way, always: Callable[..., None], at: datetime
) -> None:
    always(weekday, way("Bob"))
    far = at + timedelta(days=3650)
    assert names(weekday, far) == ["Bob"]
    assert [contact.name for contact in queries.on_call_now(weekday.account_id, far)[0][1]] == [
        "Bob"
    ]


@pytest.mark.parametrize(
    ("rule", "rows"),
    [
        ({}, 1),
        ({"frequency": "daily", "count": 10}, 10),
        ({"frequency": "daily", "until": wall("2026-03-10").date()}, 7),
        ({"frequency": "weekly", "interval": 2, "weekdays": [0, 6], "count": 5}, 5),
    ],
)
def test_rules_that_end_are_written_out_once(
    weekday: EscalationLevel, way: Way, at: datetime, rule: dict[str, Any], rows: int
) -> None:
    event = actions.add_event(
        level=weekday,
        methods=[way("Bob")],
        starts=wall("2026-03-04 09:00"),
        ends=wall("2026-03-04 17:00"),
        at=at,
        **rule,
    )
    assert Occurrence.objects.count() == rows
    assert event.expanded_until is None


def test_an_event_in_years_is_kept(weekday: EscalationLevel, way: Way, at: datetime) -> None:
    actions.add_event(
        level=weekday,
        methods=[way("Bob")],
        starts=wall("2031-12-24 18:00"),
        ends=wall("2031-12-25 06:00"),
        at=at,
    )
    assert queries.next_shift(weekday, at) == utc("2031-12-24 23:00")
    assert names(weekday, utc("2031-12-25 10:59")) == ["Bob"]
    assert Occurrence.objects.filter(level=weekday).count() == 1


def test_removing_takes_out_of_every_event(
    weekday: EscalationLevel, way: Way, always: Callable[..., None], at: datetime
) -> None:
    alice, bob, rita = way("Alice"), way("Bob"), way("Rita")
    always(weekday, alice, bob, rita)
    remove_contact(contact=alice.contact)
    remove_method(method=bob)
    assert names(weekday, at) == ["Rita"]
    actions.delete_event(event=Event.objects.get(), scope=actions.Scope.ALL, day=None, at=at)
    assert names(weekday, at) == []
    assert not Occurrence.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"methods": []}, "methods"),
        ({"ends": wall("2026-03-01 10:00")}, "ends"),
        ({"starts": utc("2026-03-04 09:00")}, "starts"),
        ({"frequency": "daily", "count": 10_000}, "count"),
    ],
)
def test_events_that_are_refused(
    weekday: EscalationLevel, way: Way, at: datetime, wrong: dict[str, Any], field: str
) -> None:
    event: dict[str, Any] = {
        "methods": [way("Bob")],
        "starts": wall("2026-03-04 09:00"),
        "ends": wall("2026-03-04 17:00"),
        **wrong,
    }
    with pytest.raises(InvalidInput) as refused:
        actions.add_event(level=weekday, at=at, **event)
    assert refused.value.field == field
    assert not Event.objects.exists()


def test_a_chain_that_leads_back_is_refused(weekday: EscalationLevel, at: datetime) -> None:
    account_id = weekday.account_id
    manager = actions.add_level(account_id=account_id, name="Manager", at=at)
    owner = actions.add_level(account_id=account_id, name="Owner", at=at)
    actions.edit_level(level=weekday, next_level=manager)
    actions.edit_level(level=manager, next_level=owner)
    with pytest.raises(InvalidInput, match="lead back to Owner"):
        actions.edit_level(level=owner, next_level=weekday)
    with pytest.raises(InvalidInput, match="lead back"):
        actions.edit_level(level=weekday, next_level=weekday)
    assert queries.level(owner.pk).next_level is None
    assert [level.name for level in queries.levels()] == ["Weekday", "Manager", "Owner"]


def test_two_people_who_edit_a_level_keep_what_the_other_changed(weekday: EscalationLevel) -> None:
    one, other = queries.level(weekday.pk), queries.level(weekday.pk)
    actions.edit_level(level=one, name="Days")
    actions.edit_level(level=other, repeat=3)
    level = queries.level(weekday.pk)
    assert (level.name, level.repeat) == ("Days", 3)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"repeat": -1}, "repeat"),
        ({"repeat": 100}, "repeat"),
        ({"repeat_seconds": 0}, "repeat_seconds"),
        ({"wait_seconds": -1}, "wait_seconds"),
        ({"colour": "red"}, ""),
    ],
)
def test_levels_that_are_refused(
    weekday: EscalationLevel, wrong: dict[str, Any], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        actions.edit_level(level=weekday, **wrong)
    assert refused.value.field == field


def test_nothing_of_another_account_can_be_used(
    weekday: EscalationLevel, way: Way, always: Callable[..., None], other: Account, at: datetime
) -> None:
    bob = way("Bob")
    always(weekday, bob)
    with account_scope(other.pk):
        theirs = actions.add_level(account_id=other.pk, name="Night", at=at)
        with pytest.raises(InvalidInput, match="no such next level"):
            actions.edit_level(level=theirs, next_level=weekday)
        with pytest.raises(InvalidInput, match="no such fallback"):
            actions.set_defaults(account_id=other.pk, fallback=bob.contact)
        day = wall("2026-03-04")
        with pytest.raises(InvalidInput, match="no such delivery method"):
            actions.add_event(level=theirs, methods=[bob], starts=day, ends=day, at=at)
        with pytest.raises(NotFound):
            queries.level(weekday.pk)
        assert queries.on_call(weekday, at) == []
        assert queries.on_call_now(other.pk, at) == [(theirs, [])]


def test_defaults_are_kept_once(weekday: EscalationLevel, way: Way) -> None:
    bob = way("Bob")
    actions.set_defaults(account_id=weekday.account_id, fallback=None)
    made = actions.set_defaults(
        account_id=weekday.account_id, fallback=bob.contact, start=time(8), end=time(20)
    )
    assert made.start == time(8)
    assert queries.account_fallback(weekday.account_id) == [bob]
