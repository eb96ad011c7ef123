"""Edits of events: one instance, all of them, or one and those that follow."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from deskbell.accounts.models import Account
from deskbell.contacts.actions import merge_contacts, remove_contact
from deskbell.contacts.models import DeliveryMethod
from deskbell.foundation.errors import InvalidInput, NotFound
from deskbell.oncall import actions, queries
from deskbell.oncall.actions import Scope
from deskbell.oncall.models import EscalationLevel, Event
from deskbell.platform.tenancy import account_scope

Way = Callable[[str], DeliveryMethod]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.fixture
def level(add_level: Callable[..., EscalationLevel]) -> EscalationLevel:
    return add_level("Days")


@pytest.fixture
def bob(way: Way) -> DeliveryMethod:
    return way("Bob")


@pytest.fixture
def series(level: EscalationLevel, bob: DeliveryMethod, at: datetime) -> Event:
    """Bob, nine to five on weekdays, from Monday 2 March 2026, twenty times."""
    return actions.add_event(
        level=level,
        methods=[bob],
        starts=wall("2026-03-02 09:00"),
        ends=wall("2026-03-02 17:00"),
        frequency="weekly",
        weekdays=[1, 2, 3, 4, 5],
        count=20,
        at=at,
    )


def shown(level: EscalationLevel) -> list[tuple[str, str, str]]:
    """Start, hours and who, of every shift in March and April."""
    bars = queries.picture(
        level.account_id,
        since=utc("2026-03-01"),
        until=utc("2026-05-01"),
        level_ids=[level.pk],
    )
    return [
        (
            f"{bar.wall_start:%m-%d}",
            f"{bar.wall_start:%H:%M}-{bar.wall_end:%H:%M}",
            ", ".join(contact.name for contact in bar.contacts),
        )
        for bar in bars
        if bar.kind == "shift"
    ]


def test_this_instance_is_changed_and_changed_again(
    series: Event, level: EscalationLevel, way: Way, at: datetime
) -> None:
    day = date(2026, 3, 4)
    one = actions.edit_event(
        event=series, scope=Scope.THIS, day=day, at=at, methods=[way("Rita")], note="Swap"
    )
    again = actions.edit_event(
        event=one, scope=Scope.THIS, day=day, at=at, starts=wall("2026-03-04 10:00")
    )
    # The page of somebody else still shows the series there.
    third = actions.move_event(
        event=series,
        scope=Scope.THIS,
        day=day,
        starts=wall("2026-03-04 11:00"),
        ends=wall("2026-03-04 18:00"),
        at=at,
    )
    assert one.pk == again.pk == third.pk
    assert shown(level)[1:4] == [
        ("03-03", "09:00-17:00", "Bob"),
        ("03-04", "11:00-18:00", "Rita"),
        ("03-05", "09:00-17:00", "Bob"),
    ]
    assert len(shown(level)) == 20
    [bar] = queries.picture(
        level.account_id, since=utc("2026-03-04 12:00"), until=utc("2026-03-05 00:00")
    )
    assert (bar.is_changed, bar.is_recurring, bar.series_id) == (True, True, series.pk)
    assert (bar.note, bar.words) == ("Swap", "once")

    actions.delete_event(event=third, scope=Scope.THIS, day=day, at=at)
    assert [when for when, *_ in shown(level)][:4] == ["03-02", "03-03", "03-05", "03-06"]
    with pytest.raises(InvalidInput, match="does not happen on 4 March 2026"):
        actions.edit_event(event=series, scope=Scope.THIS, day=day, at=at, note="x")


def test_all_keeps_what_was_changed_by_hand_unless_told_not_to(
    series: Event, level: EscalationLevel, way: Way, at: datetime
) -> None:
    rita, alice = way("Rita"), way("Alice")
    day = date(2026, 3, 4)
    actions.edit_event(event=series, scope=Scope.THIS, day=day, at=at, methods=[rita])
    actions.delete_event(event=series, scope=Scope.THIS, day=date(2026, 3, 6), at=at)
    actions.edit_event(event=series, scope=Scope.ALL, day=None, at=at, methods=[alice])
    assert [who for *_, who in shown(level)][:5] == ["Alice", "Alice", "Rita", "Alice", "Alice"]
    actions.edit_event(
        event=series, scope=Scope.ALL, day=None, at=at, keep_changed=False, interval=2
    )
    found = shown(level)
    assert [when for when, *_ in found][:6] == [
        "03-02",
        "03-03",
        "03-04",
        "03-05",
        "03-16",
        "03-17",
    ]
    assert {who for *_, who in found} == {"Alice"}
    assert len(found) == 19  # the deleted one stays deleted, and counts


def test_following_divides_the_count_and_takes_its_changes_along(
    series: Event, level: EscalationLevel, way: Way, at: datetime
) -> None:
    rita, alice = way("Rita"), way("Alice")
    changed = actions.edit_event(
        event=series, scope=Scope.THIS, day=date(2026, 3, 18), at=at, methods=[rita]
    )
    actions.delete_event(event=series, scope=Scope.THIS, day=date(2026, 3, 19), at=at)
    rest = actions.edit_event(
        event=series, scope=Scope.FOLLOWING, day=date(2026, 3, 16), at=at, methods=[alice]
    )
    series.refresh_from_db()
    changed.refresh_from_db()
    assert (series.count, rest.count, changed.part_of_id) == (10, 10, rest.pk)
    assert [who for *_, who in shown(level)] == ["Bob"] * 10 + ["Alice", "Alice", "Rita"] + [
        "Alice"
    ] * 6

    actions.delete_event(event=changed, scope=Scope.FOLLOWING, day=None, at=at)
    assert [when for when, *_ in shown(level)][-2:] == ["03-16", "03-17"]
    actions.delete_event(event=series, scope=Scope.FOLLOWING, day=date(2026, 3, 2), at=at)
    assert not Event.objects.filter(pk=series.pk).exists()
    assert [when for when, *_ in shown(level)] == ["03-16", "03-17"]


def test_until_ends_the_day_before(
    level: EscalationLevel, bob: DeliveryMethod, always: Callable[..., None], at: datetime
) -> None:
    always(level, bob)
    event = Event.objects.get()
    rest = actions.move_event(
        event=event,
        scope=Scope.FOLLOWING,
        day=date(2026, 3, 10),
        starts=wall("2026-03-10 06:00"),
        ends=wall("2026-03-10 18:00"),
        at=at,
    )
    event.refresh_from_db()
    assert (event.until, rest.until) == (date(2026, 3, 9), None)
    assert shown(level)[8:11] == [
        ("03-08", "00:00-23:59", "Bob"),
        ("03-09", "00:00-23:59", "Bob"),
        ("03-10", "06:00-18:00", "Bob"),
    ]


def test_a_drag_of_all_takes_weekdays_along(
    series: Event, level: EscalationLevel, way: Way, at: datetime
) -> None:
    changed = actions.edit_event(
        event=series, scope=Scope.THIS, day=date(2026, 3, 4), at=at, methods=[way("Rita")]
    )
    actions.move_event(
        event=series,
        scope=Scope.ALL,
        day=date(2026, 3, 3),
        starts=wall("2026-03-04 10:00"),
        ends=wall("2026-03-04 19:00"),
        at=at,
    )
    series.refresh_from_db()
    changed.refresh_from_db()
    assert (series.weekdays, changed.original) == ([2, 3, 4, 5, 6], date(2026, 3, 5))
    assert shown(level)[:4] == [
        ("03-03", "10:00-19:00", "Bob"),
        ("03-04", "09:00-17:00", "Rita"),
        ("03-04", "10:00-19:00", "Bob"),
        ("03-06", "10:00-19:00", "Bob"),
    ]


@pytest.mark.parametrize(
    ("rule", "days", "words"),
    [
        ({"frequency": "weekly", "interval": 2, "weekdays": [5, 6]}, 1, "different weeks"),
        ({"frequency": "monthly", "month_days": [27]}, 2, "Not every month"),
        ({"frequency": "monthly", "nth_weekdays": [(1, 0)]}, 1, "cannot be moved"),
        ({"frequency": "monthly", "nth_weekdays": [(-1, 0)]}, 7, "cannot be moved"),
    ],
)
def test_drags_that_no_rule_can_say(
    level: EscalationLevel,
    bob: DeliveryMethod,
    at: datetime,
    rule: dict[str, Any],
    days: int,
    words: str,
) -> None:
    nine = wall("2026-03-01 09:00")
    event = actions.add_event(
        level=level, methods=[bob], starts=nine, ends=nine + HOUR, at=at, **rule
    )
    before = shown(level)
    day = wall(f"2026-{before[0][0]} 09:00")
    with pytest.raises(InvalidInput, match=words):
        actions.move_event(
            event=event,
            scope=Scope.ALL,
            day=day.date(),
            starts=day + days * DAY,
            ends=day + days * DAY + HOUR,
            at=at,
        )
    assert shown(level) == before


def test_a_series_that_happens_once_leaves_its_changed_instances_by_themselves(
    series: Event, level: EscalationLevel, way: Way, at: datetime
) -> None:
    day = date(2026, 3, 4)
    actions.edit_event(event=series, scope=Scope.THIS, day=day, at=at, methods=[way("Rita")])
    actions.edit_event(
        event=series, scope=Scope.ALL, day=date(2026, 3, 10), at=at, frequency="once"
    )
    assert shown(level) == [("03-04", "09:00-17:00", "Rita"), ("03-10", "09:00-17:00", "Bob")]
    assert not Event.objects.exclude(part_of=None).exists()
    actions.edit_event(
        event=Event.objects.get(pk=series.pk),
        scope=Scope.THIS,
        day=None,
        at=at,
        frequency="daily",
        count=2,
    )
    assert [when for when, *_ in shown(level)] == ["03-04", "03-10", "03-11"]


def test_another_end_takes_the_place_of_the_first(series: Event, at: datetime) -> None:
    until = date(2026, 3, 10)
    made = actions.edit_event(event=series, scope=Scope.ALL, day=None, at=at, until=until)
    assert (made.until, made.count) == (until, None)
    made = actions.edit_event(
        event=series, scope=Scope.ALL, day=None, at=at, frequency="monthly", nth_weekdays=[(2, 1)]
    )
    made = actions.edit_event(event=series, scope=Scope.ALL, day=None, at=at, month_days=[3])
    assert (made.month_days, made.nth_weekdays, made.until) == ([3], [], until)


def test_a_whole_level_is_cloned_beside_or_instead(
    series: Event,
    level: EscalationLevel,
    add_level: Callable[..., EscalationLevel],
    way: Way,
    always: Callable[..., None],
    at: datetime,
) -> None:
    day = date(2026, 3, 4)
    actions.edit_event(event=series, scope=Scope.THIS, day=day, at=at, methods=[way("Rita")])
    actions.delete_event(event=series, scope=Scope.THIS, day=date(2026, 3, 5), at=at)
    onto = add_level("Nights")
    always(onto, way("Alice"))
    assert actions.clone_level(level=level, onto=onto, at=at) == 1
    assert onto.events.count() == 3
    assert actions.clone_level(level=level, onto=onto, at=at, replace=True) == 1
    assert shown(onto) == shown(level)
    with pytest.raises(InvalidInput, match="onto itself"):
        actions.clone_level(level=level, onto=level, at=at)
    # The copy lives by itself.
    actions.delete_event(event=series, scope=Scope.ALL, day=None, at=at)
    assert (len(shown(level)), len(shown(onto))) == (0, 19)


def test_an_event_is_cloned_to_a_level_whole_or_one_day_of_it(
    series: Event, level: EscalationLevel, add_level: Callable[..., EscalationLevel], at: datetime
) -> None:
    onto = add_level("Nights")
    actions.clone_event(event=series, level=onto, at=at, day=date(2026, 3, 4))
    assert shown(onto) == [("03-04", "09:00-17:00", "Bob")]
    copy = actions.clone_event(event=series, level=onto, at=at)
    assert len(shown(onto)) == 21
    assert copy.uid != series.uid
    with pytest.raises(InvalidInput, match="does not happen on 7 March 2026"):
        actions.clone_event(event=series, level=onto, at=at, day=date(2026, 3, 7))


def test_an_event_without_methods_stays_and_counts_as_nobody(
    series: Event, level: EscalationLevel, bob: DeliveryMethod
) -> None:
    remove_contact(contact=bob.contact)
    assert queries.on_call(level, utc("2026-03-04 15:00")) == []
    assert shown(level)[0] == ("03-02", "09:00-17:00", "")
    assert queries.next_shift(level, utc("2026-03-04 23:00")) is None
    [gap] = queries.gaps(level, since=utc("2026-03-04 00:00"))
    assert gap.end - gap.start == timedelta(days=90)


def test_merged_contacts_are_on_call_in_every_event_once(
    series: Event, level: EscalationLevel, bob: DeliveryMethod, way: Way, at: datetime
) -> None:
    robert = way("Robert")
    DeliveryMethod.objects.filter(pk=robert.pk).update(address=bob.address)
    day = date(2026, 3, 4)
    actions.edit_event(event=series, scope=Scope.THIS, day=day, at=at, methods=[bob, robert])
    actions.edit_event(
        event=series, scope=Scope.THIS, day=date(2026, 3, 5), at=at, methods=[robert]
    )
    actions.edit_level(level=level, fallback=robert.contact)
    override = actions.add_override(
        account_id=level.account_id,
        level=level,
        kind="add",
        contact=None,
        methods=[robert],
        starts=wall("2026-03-07 09:00"),
        ends=wall("2026-03-07 17:00"),
        at=at,
    )
    merge_contacts(contacts=[bob.contact, robert.contact], name="Bob", at=at)
    for when in ("2026-03-04 15:00", "2026-03-05 15:00", "2026-03-07 15:00"):
        assert queries.on_call(level, utc(when)) == [bob]
    assert queries.level_fallback(queries.level(level.pk)) == [bob]
    assert list(override.methods.all()) == [bob]


def test_what_is_not_there_or_not_ours_is_refused(
    series: Event, level: EscalationLevel, way: Way, other: Account, at: datetime
) -> None:
    with account_scope(other.pk):
        theirs = actions.add_level(account_id=other.pk, name="Theirs", at=at)
    day = date(2026, 3, 4)
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"scope": Scope.ALL, "level": theirs}, "no such escalation level"),
        ({"scope": Scope.ALL, "methods": []}, "at least one delivery method"),
        ({"scope": Scope.THIS, "frequency": "daily"}, "no schedule of its own"),
        ({"scope": Scope.ALL, "colour": "red"}, "has no colour"),
        ({"scope": Scope.ALL, "count": 99_999}, "1 to"),
        ({"scope": Scope.THIS, "note": "x" * 201}, "200 characters"),
        ({"scope": Scope.THIS, "starts": utc("2026-03-04 10:00")}, "without an offset"),
        ({"scope": Scope.THIS, "day": None, "note": "x"}, "Which instance"),
        ({"scope": Scope.FOLLOWING, "day": date(2026, 3, 7), "note": "x"}, "does not happen"),
    ]
    for changes, words in wrong:
        with pytest.raises(InvalidInput, match=words):
            actions.edit_event(**{"event": series, "day": day, "at": at, **changes})
    with account_scope(other.pk), pytest.raises(NotFound):
        actions.edit_event(event=series, scope=Scope.ALL, day=None, at=at, note="Mine")
    with account_scope(other.pk), pytest.raises(NotFound):
        actions.delete_event(event=series, scope=Scope.ALL, day=None, at=at)
    with account_scope(other.pk), pytest.raises((InvalidInput, NotFound)):
        actions.clone_event(event=series, level=theirs, at=at)
    assert len(shown(level)) == 20
    actions.delete_event(event=series, scope=Scope.ALL, day=None, at=at)
    with pytest.raises(NotFound, match="any more"):
        actions.edit_event(event=series, scope=Scope.ALL, day=None, at=at, note="x")


def test_the_far_past_of_an_event_is_computed(
    level: EscalationLevel, bob: DeliveryMethod, at: datetime, django_assert_num_queries: Any
) -> None:
    event = actions.add_event(
        level=level,
        methods=[bob],
        starts=wall("2012-03-05 09:00"),
        ends=wall("2012-03-05 17:00"),
        frequency="daily",
        at=at,
    )
    assert event.expanded_from is not None
    for days in (0, -399, -401, -3650, 401, 3650, 20_000):
        noon = at + days * DAY
        with django_assert_num_queries(1):
            assert queries.on_call(level, noon) == [bob], days
    assert queries.on_call(level, utc("2012-03-04 15:00")) == []
    assert queries.next_shift(level, utc("2013-06-01 00:00")) == utc("2013-06-01 13:00")
