"""Overrides, and what calendars look like with them: bars, stretches, gaps, double cover."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from deskbell.accounts.models import Account
from deskbell.contacts.actions import remove_method
from deskbell.contacts.models import DeliveryMethod
from deskbell.foundation.errors import InvalidInput, NotFound
from deskbell.oncall import actions, queries
from deskbell.oncall.models import EscalationLevel, Override
from deskbell.platform.tenancy import account_scope

Way = Callable[[str], DeliveryMethod]
Put = Callable[..., Override]


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.fixture
def level(add_level: Callable[..., EscalationLevel]) -> EscalationLevel:
    return add_level("Days")


@pytest.fixture
def bob(way: Way, level: EscalationLevel, always: Callable[..., None]) -> DeliveryMethod:
    """Bob, who is on call round the clock."""
    found = way("Bob")
    always(level, found)
    return found


@pytest.fixture
def put(level: EscalationLevel, at: datetime) -> Put:
    """Sets an override for nine to five in New York on 4 March 2026."""

    def make(
        kind: str, *methods: DeliveryMethod, out: DeliveryMethod | None = None, **more: Any
    ) -> Override:
        wanted: dict[str, Any] = {
            "level": level,
            "starts": wall("2026-03-04 09:00"),
            "ends": wall("2026-03-04 17:00"),
            **more,
        }
        return actions.add_override(
            account_id=level.account_id,
            kind=kind,
            contact=out.contact if out else None,
            methods=methods,
            at=at,
            **wanted,
        )

    return make


def names(level: EscalationLevel, at: datetime) -> list[str]:
    return [method.contact.name for method in queries.on_call(level, at)]


def test_each_kind_does_what_it_says_within_its_span(
    level: EscalationLevel, bob: DeliveryMethod, way: Way, put: Put, at: datetime
) -> None:
    rita = way("Rita")
    first, last = utc("2026-03-04 14:00"), utc("2026-03-04 22:00")
    for kind, methods, out, expected in (
        ("replace", [rita], bob, ["Rita"]),
        ("add", [rita], None, ["Bob", "Rita"]),
        ("remove", [], bob, []),
        ("replace", [bob], rita, ["Bob"]),  # Rita is not on call, so nobody is put in
    ):
        override = put(kind, *methods, out=out)
        inside = (first, at, last - timedelta(microseconds=1))
        assert [names(level, when) for when in inside] == [expected] * 3
        assert names(level, first - timedelta(microseconds=1)) == names(level, last) == ["Bob"]
        overview = queries.on_call_now(level.account_id, at)
        assert [[each.name for each in on] for _level, on in overview] == [expected]
        actions.remove_override(override=override)
    assert names(level, at) == ["Bob"]


def test_one_for_all_levels_holds_only_where_its_contact_is_on_call(
    level: EscalationLevel,
    bob: DeliveryMethod,
    way: Way,
    put: Put,
    add_level: Callable[..., EscalationLevel],
    always: Callable[..., None],
    at: datetime,
) -> None:
    rita, alice = way("Rita"), way("Alice")
    manager = add_level("Manager")
    always(manager, alice)
    put("replace", rita, out=bob, level=None)
    assert (names(level, at), names(manager, at)) == (["Rita"], ["Alice"])
    bars = queries.picture(
        level.account_id, since=utc("2026-03-04 15:00"), until=utc("2026-03-04 16:00")
    )
    assert [(bar.level_id, bar.kind, bar.contacts[0].name) for bar in bars] == [
        (level.pk, "shift", "Bob"),
        (level.pk, "override", "Rita"),
        (manager.pk, "shift", "Alice"),
    ]


def test_one_that_lost_all_it_put_in_leaves_no_gap(
    level: EscalationLevel, bob: DeliveryMethod, way: Way, put: Put, at: datetime
) -> None:
    rita = way("Rita")
    put("replace", rita, out=bob)
    remove_method(method=rita)
    assert names(level, at) == ["Bob"]
    [shift, override] = queries.picture(level.account_id, since=at, until=at + timedelta(hours=1))
    assert (override.is_idle, override.contacts, shift.replaced) == (True, (), ())


def test_a_picture_says_who_is_replaced_when(
    level: EscalationLevel, bob: DeliveryMethod, way: Way, put: Put, at: datetime
) -> None:
    rita = way("Rita")
    override = put("replace", rita, out=bob, note="Dentist", by="Alice")
    day: Any = {"since": utc("2026-03-04 05:00"), "until": utc("2026-03-05 05:00")}
    [shift, cover] = queries.picture(level.account_id, **day)
    assert (cover.start, cover.end) == (utc("2026-03-04 14:00"), utc("2026-03-04 22:00"))
    assert (cover.override_id, cover.override_kind, cover.note) == (
        override.pk,
        "replace",
        "Dentist",
    )
    assert cover.takes_out == (bob.contact_id, "Bob")
    assert [method.address for method in cover.methods] == ["rita@example.com"]
    [cut] = shift.replaced
    assert (cut.start, cut.end, cut.contact_id) == (cover.start, cover.end, bob.contact_id)
    assert not shift.is_replaced

    actions.edit_override(
        override=override, starts=wall("2026-03-03 09:00"), ends=wall("2026-03-05 09:00")
    )
    [shift] = [each for each in queries.picture(level.account_id, **day) if each.kind == "shift"]
    assert shift.is_replaced
    assert (shift.wall_start, shift.wall_end) == (
        wall("2026-03-04 00:00"),
        wall("2026-03-04 23:59"),
    )


def test_an_override_may_become_another_kind(
    level: EscalationLevel, bob: DeliveryMethod, way: Way, put: Put, at: datetime
) -> None:
    override = put("replace", way("Rita"), out=bob)
    assert names(level, at) == ["Rita"]
    override = actions.edit_override(override=override, kind="add")
    assert names(level, at) == ["Bob", "Rita"]
    actions.edit_override(override=override, kind="remove", contact=bob.contact)
    assert names(level, at) == []
    with pytest.raises(InvalidInput, match="on call instead"):
        actions.edit_override(override=override, kind="replace")
    actions.remove_override(override=override)
    with pytest.raises(NotFound, match="any more"):
        actions.edit_override(override=override, note="x")


def test_overrides_that_are_refused(
    level: EscalationLevel, bob: DeliveryMethod, put: Put, other: Account, at: datetime
) -> None:
    with account_scope(other.pk):
        theirs = actions.add_level(account_id=other.pk, name="Theirs", at=at)
    wrong: list[tuple[tuple[Any, ...], dict[str, Any], str]] = [
        (("swap", bob), {}, "field kind"),
        (("add",), {}, "field methods"),
        (("add", bob), {"out": bob}, "field contact"),
        (("remove",), {}, "field contact"),
        (("remove", bob), {"out": bob}, "field methods"),
        (("replace",), {"out": bob}, "field methods"),
        (("add", bob), {"level": theirs}, "field level"),
        (("add", bob), {"ends": wall("2026-03-03 09:00")}, "field ends"),
        (("add", bob), {"ends": wall("2028-03-03 09:00")}, "field ends"),
        (("add", bob), {"starts": utc("2026-03-04 09:00")}, "field starts"),
        (("add", bob), {"note": "x" * 201}, "field note"),
    ]
    for asked, more, field in wrong:
        with pytest.raises(InvalidInput) as refused:
            put(*asked, **more)
        assert f"field {refused.value.field}" == field, asked
    assert not Override.objects.exists()


def test_gaps_and_double_cover_in_the_next_90_days(
    level: EscalationLevel, bob: DeliveryMethod, way: Way, put: Put, at: datetime
) -> None:
    rita = way("Rita")
    put("remove", out=bob)
    put("add", rita, starts=wall("2026-03-10 09:00"), ends=wall("2026-03-10 17:00"))
    put("add", rita, starts=wall("2026-07-10 09:00"), ends=wall("2026-07-10 17:00"))
    put("add", bob, starts=wall("2026-03-20 09:00"), ends=wall("2026-03-20 17:00"))
    [gap] = queries.gaps(level, since=at)
    assert (gap.start, gap.end) == (at, utc("2026-03-04 22:00"))
    [double] = queries.doubles(level, since=at)
    assert (double.start, double.end) == (utc("2026-03-10 13:00"), utc("2026-03-10 21:00"))
    assert [contact.name for contact in double.contacts] == ["Bob", "Rita"]
    found = queries.duty(level.account_id, since=at, until=at + timedelta(days=10))
    assert [[each.name for each in stretch.contacts] for stretch in found] == [
        [],
        ["Bob"],
        ["Bob", "Rita"],
        ["Bob"],
    ]


def test_pictures_and_duty_cost_the_same_however_much_there_is(
    level: EscalationLevel,
    bob: DeliveryMethod,
    way: Way,
    put: Put,
    add_level: Callable[..., EscalationLevel],
    always: Callable[..., None],
    at: datetime,
    django_assert_num_queries: Any,
) -> None:
    rita = way("Rita")
    put("replace", rita, out=bob)
    month: Any = {"since": at - timedelta(days=15), "until": at + timedelta(days=15)}
    with django_assert_num_queries(5):
        queries.picture(level.account_id, **month)
    for name in ("Nights", "Manager", "Owner"):
        more = add_level(name)
        always(more, bob, way(f"{name}s"))
        put("add", rita, level=more)
        put("remove", out=rita)
    with django_assert_num_queries(5):
        bars = queries.picture(level.account_id, **month)
    with django_assert_num_queries(5):
        queries.duty(level.account_id, **month)
    with django_assert_num_queries(5):
        queries.gaps(level, since=at)
    assert len(bars) > 120


def test_the_next_shift_minds_overrides(
    level: EscalationLevel, way: Way, put: Put, at: datetime
) -> None:
    bob, rita = way("Bob"), way("Rita")
    assert queries.next_shift(level, at) is None
    actions.add_event(
        level=level,
        methods=[bob],
        starts=wall("2026-03-05 09:00"),
        ends=wall("2026-03-05 17:00"),
        frequency="daily",
        at=at,
    )
    assert queries.next_shift(level, at) == utc("2026-03-05 14:00")
    put("remove", out=bob, starts=wall("2026-03-05 08:00"), ends=wall("2026-03-06 12:00"))
    assert queries.next_shift(level, at) == utc("2026-03-06 17:00")
    put("add", rita, starts=wall("2026-03-05 20:00"), ends=wall("2026-03-05 21:00"))
    assert queries.next_shift(level, at) == utc("2026-03-06 01:00")
