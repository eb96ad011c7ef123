"""Levels: chains that lead back, their order, and what a deletion breaks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from deskbell.contacts.models import DeliveryMethod
from deskbell.foundation.errors import InvalidInput, NotFound
from deskbell.messages.models import Message, MessageStatus
from deskbell.oncall import actions, queries
from deskbell.oncall.models import EscalationLevel, Event, Override

Add = Callable[..., EscalationLevel]


def test_a_chain_leads_back_where_somebody_says_how_often(add_level: Add) -> None:
    days, nights = add_level("Days"), add_level("Nights")
    entry = add_level("Entry", next_level=days)
    actions.edit_level(level=days, next_level=nights)
    with pytest.raises(InvalidInput, match="1 to 10 times") as refused:
        actions.edit_level(level=nights, next_level=days)
    assert refused.value.field == "next_level"
    nights = queries.level(nights.pk)
    actions.edit_level(level=nights, next_level=days, loops=2)
    # A level that leads into the circle, and others in it, are edited as ever.
    actions.edit_level(level=entry, repeat=1)
    actions.edit_level(level=days, name="By day")
    with pytest.raises(InvalidInput, match="lead back"):
        actions.edit_level(level=queries.level(nights.pk), loops=0)
    for loops in (-1, 11):
        with pytest.raises(InvalidInput, match="1 to 10"):
            actions.edit_level(level=queries.level(nights.pk), loops=loops)
    actions.edit_level(level=days, loops=1)
    actions.edit_level(level=queries.level(nights.pk), loops=0)
    itself = add_level("Itself")
    actions.edit_level(level=itself, next_level=itself, loops=3)


def test_levels_are_put_in_an_order(add_level: Add, in_acme: object) -> None:
    one, two, three = (add_level(name) for name in ("One", "Two", "Three"))
    account_id = one.account_id
    actions.order_levels(account_id=account_id, level_ids=[three.pk, one.pk, two.pk])
    assert [each.name for each in queries.levels()] == ["Three", "One", "Two"]
    for wrong in ([one.pk, two.pk], [one.pk, one.pk, two.pk, three.pk], [one.pk, two.pk, 0]):
        with pytest.raises(InvalidInput, match="every escalation level once"):
            actions.order_levels(account_id=account_id, level_ids=wrong)


def test_deleting_a_level_says_what_breaks_and_sends_its_messages_on(
    add_level: Add,
    way: Callable[[str], DeliveryMethod],
    always: Callable[..., None],
    taken: Callable[..., Message],
    at: datetime,
) -> None:
    manager = add_level("Manager")
    days = add_level("Days", next_level=manager)
    entry = add_level("Entry", next_level=days)
    bob, rita = way("Bob"), way("Rita")
    always(days, bob)
    always(manager, rita)
    actions.add_override(
        account_id=days.account_id,
        level=days,
        kind="add",
        contact=None,
        methods=[rita],
        starts=datetime.fromisoformat("2026-03-04 09:00"),
        ends=datetime.fromisoformat("2026-03-04 17:00"),
        at=at,
    )
    message = taken(days)
    actions.run_due(at)

    breaks = queries.what_breaks(days)
    assert (breaks.chained_from, breaks.open_messages, breaks.events) == ([entry], 1, 1)
    actions.delete_level(level=days, at=at)
    message.refresh_from_db()
    assert (message.escalation_level_id, message.status) == (manager.pk, MessageStatus.NEW)
    assert queries.level(entry.pk).next_level is None
    assert (Event.objects.count(), Override.objects.count()) == (1, 0)
    with pytest.raises(NotFound):
        actions.delete_level(level=days, at=at)
    with pytest.raises(NotFound):
        actions.edit_level(level=days, name="Days again")
    with pytest.raises(InvalidInput, match="no such escalation level"):
        actions.add_event(
            level=days,
            methods=[bob],
            starts=datetime.fromisoformat("2026-03-04 09:00"),
            ends=datetime.fromisoformat("2026-03-04 17:00"),
            at=at,
        )
