"""Two edits of one event or level at the same instant: nothing is lost, nothing is there twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection

from deskbell.contacts.actions import remove_contact
from deskbell.contacts.models import DeliveryMethod
from deskbell.foundation.errors import InvalidInput, NotFound
from deskbell.oncall import actions, queries
from deskbell.oncall.actions import Scope
from deskbell.oncall.models import EscalationLevel, Event, Occurrence
from deskbell.oncall.rules import occurrences
from deskbell.platform.tenancy import account_scope

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)
ROUNDS = 5


def together(account_id: int, *works: Callable[[], Any]) -> list[Any]:
    """Runs the works in threads that start as one; refusals in words are results too."""
    gate = threading.Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        try:
            with account_scope(account_id):
                connection.ensure_connection()
                gate.wait(10)
                return work()
        except (InvalidInput, NotFound) as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as threads:
        return list(threads.map(run, works))


@pytest.fixture
def level(add_level: Callable[..., EscalationLevel]) -> EscalationLevel:
    return add_level("Days")


@pytest.fixture
def daily(level: EscalationLevel, way: Callable[[str], DeliveryMethod], at: datetime) -> Event:
    nine = datetime.fromisoformat("2026-03-02 09:00")
    return actions.add_event(
        level=level,
        methods=[way("Bob")],
        starts=nine,
        ends=nine + timedelta(hours=8),
        frequency="daily",
        count=30,
        at=at,
    )


def assert_rows_are_right(level: EscalationLevel) -> None:
    """The rows are those of the rules, and no day is on call twice."""
    for event in Event.objects.select_related("account"):
        zone = queries.zone_of(event.account)
        years = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
        ruled = {
            (each.start, each.end) for each in occurrences(queries.shift_of(event), zone, *years)
        }
        kept = [(row.span.lower, row.span.upper) for row in Occurrence.objects.filter(event=event)]
        assert sorted(kept) == sorted(ruled)
    starts = list(Occurrence.objects.filter(level=level).values_list("span", flat=True))
    days = [span.lower.date() for span in starts]
    assert len(days) == len(set(days))


def test_edits_of_one_event_come_one_after_the_other(
    daily: Event, level: EscalationLevel, way: Callable[[str], DeliveryMethod], at: datetime
) -> None:
    rita, alice = way("Rita"), way("Alice")
    for turn in range(ROUNDS):
        day = date(2026, 3, 5) + turn * 4 * DAY
        edit = partial(actions.edit_event, event=daily, at=at)
        results = together(
            daily.account_id,
            partial(edit, scope=Scope.THIS, day=day, methods=[rita]),
            partial(edit, scope=Scope.THIS, day=day, methods=[alice]),
            partial(edit, scope=Scope.FOLLOWING, day=day, note=f"From {day}"),
            partial(actions.delete_event, event=daily, scope=Scope.THIS, day=day + DAY, at=at),
        )
        assert not [each for each in results if isinstance(each, NotFound)]
        assert_rows_are_right(level)
        assert Event.objects.filter(original=day).count() <= 1
        daily = Event.objects.filter(part_of=None).order_by("-starts").first() or daily
    noon = datetime(2026, 3, 31, 16, tzinfo=UTC)
    assert queries.on_call(level, noon)  # the last of the thirty


def test_a_level_that_is_deleted_takes_what_is_just_being_added(
    daily: Event,
    level: EscalationLevel,
    add_level: Callable[..., EscalationLevel],
    way: Callable[[str], DeliveryMethod],
    at: datetime,
) -> None:
    bob = way("Robert")
    nine = datetime.fromisoformat("2026-03-02 09:00")
    for _ in range(ROUNDS):
        doomed = add_level("Doomed", next_level=level)
        add = partial(
            actions.add_event, level=doomed, methods=[bob], starts=nine, ends=nine + DAY, at=at
        )
        together(
            level.account_id,
            add,
            partial(actions.delete_level, level=doomed, at=at),
            partial(actions.clone_level, level=level, onto=doomed, at=at),
            partial(actions.clone_event, event=daily, level=doomed, at=at),
        )
        assert not EscalationLevel.objects.filter(pk=doomed.pk).exists()
        assert Event.objects.count() == 1
        assert Occurrence.objects.count() == 30


def test_a_contact_that_is_deleted_is_in_no_event(
    daily: Event, level: EscalationLevel, way: Callable[[str], DeliveryMethod], at: datetime
) -> None:
    for turn in range(ROUNDS):
        rita = way(f"Rita{turn}")
        day = date(2026, 3, 5) + turn * DAY
        together(
            level.account_id,
            partial(
                actions.edit_event,
                event=daily,
                scope=Scope.THIS,
                day=day,
                at=at,
                methods=[rita],
            ),
            partial(remove_contact, contact=rita.contact),
            partial(actions.edit_level, level=level, fallback=rita.contact),
        )
        assert not DeliveryMethod.objects.filter(pk=rita.pk).exists()
        assert_rows_are_right(level)
        assert queries.level(level.pk).fallback_id is None


def test_two_links_at_once_close_no_circle(
    level: EscalationLevel, add_level: Callable[..., EscalationLevel]
) -> None:
    other = add_level("Nights")
    for _ in range(ROUNDS):
        results = together(
            level.account_id,
            partial(actions.edit_level, level=queries.level(level.pk), next_level=other),
            partial(actions.edit_level, level=queries.level(other.pk), next_level=level),
        )
        assert [type(each) for each in results if isinstance(each, InvalidInput)]
        EscalationLevel.objects.update(next_level=None)
