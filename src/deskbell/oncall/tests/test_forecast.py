"""What would happen to a message is what happens; an acknowledgement ends it, whenever it comes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deskbell.accounts.models import Account
from deskbell.contacts.actions import add_contact, add_method
from deskbell.contacts.models import DeliveryMethod
from deskbell.delivery.models import Delivery, DeliveryState
from deskbell.messages.actions import Taken, acknowledge, take
from deskbell.messages.models import Activity, Message, MessageStatus
from deskbell.oncall import actions, queries
from deskbell.oncall.models import EscalationLevel
from deskbell.oncall.tests.story import drive

MINUTE = timedelta(minutes=1)
ENOUGH = timedelta(days=30)
FEW = settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
Shape = dict[str, Any]
people = st.integers(0, 2)


@st.composite
def shapes(draw: st.DrawFn) -> Shape:
    """Levels, their shifts and overrides in minutes from when the message comes, and fallbacks."""
    count = draw(st.integers(1, 4))
    levels = [
        {
            "repeat": draw(st.integers(0, 2)),
            "repeat_seconds": draw(st.sampled_from([60, 420])),
            "wait_seconds": draw(st.sampled_from([0, 60, 900])),
            "hold_until_on_call": draw(st.booleans()),
            "following": draw(st.none() | st.integers(0, count - 1)),
            "loops": draw(st.integers(1, 2)),
            "fallback": draw(st.none() | people),
            "shifts": draw(
                st.lists(st.tuples(st.integers(-30, 45), st.integers(1, 60), people), max_size=3)
            ),
        }
        for _ in range(count)
    ]
    overrides = st.tuples(
        st.sampled_from(["replace", "add", "remove"]),
        people,
        people,
        st.integers(-30, 45),
        st.integers(1, 60),
    )
    return {
        "levels": levels,
        "fallback": draw(st.none() | people),
        "overrides": draw(st.lists(overrides, max_size=2)),
    }


@contextmanager
def undone() -> Iterator[None]:
    """What is written inside is gone afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def build(account: Account, shape: Shape, at: datetime) -> EscalationLevel:
    """The levels of a shape, of which it gives the first."""
    methods = [_person(account, name, at) for name in ("Alice", "Bob", "Rita")]
    local = at.astimezone(queries.zone_of(account)).replace(tzinfo=None)
    made = []
    for number, each in enumerate(shape["levels"]):
        level = actions.add_level(
            account_id=account.pk,
            name=f"Level {number}",
            at=at,
            **{key: each[key] for key in ("repeat", "repeat_seconds", "wait_seconds")},
            hold_until_on_call=each["hold_until_on_call"],
            fallback=None if each["fallback"] is None else methods[each["fallback"]].contact,
        )
        made.append(level)
        for start, length, who in each["shifts"]:
            starts = local + start * MINUTE
            actions.add_event(
                level=level,
                methods=[methods[who]],
                starts=starts,
                ends=starts + length * MINUTE,
                at=at,
            )
    for level, each in zip(made, shape["levels"], strict=True):
        if each["following"] is not None:
            rows = EscalationLevel.objects.filter(pk=level.pk)
            rows.update(next_level=made[each["following"]], loops=each["loops"])
    for kind, out, put_in, start, length in shape.get("overrides", ()):
        actions.add_override(
            account_id=account.pk,
            level=None,
            kind=kind,
            contact=None if kind == "add" else methods[out].contact,
            methods=[] if kind == "remove" else [methods[put_in]],
            starts=local + start * MINUTE,
            ends=local + (start + length) * MINUTE,
            at=at,
        )
    if shape["fallback"] is not None:
        contact = methods[shape["fallback"]].contact
        actions.set_defaults(account_id=account.pk, fallback=contact)
    return made[0]


def _person(account: Account, name: str, at: datetime) -> DeliveryMethod:
    contact = add_contact(account_id=account.pk, name=name, at=at)
    return add_method(contact=contact, kind="email", address=f"{name}@example.com", at=at)


def leave(level: EscalationLevel, at: datetime) -> Message:
    taken = Taken("The tooth hurts", escalation_level_id=level.pk)
    return take(account_id=level.account_id, taken=taken, at=at)


def happened(message: Message) -> list[tuple[datetime, str]]:
    rows = Activity.objects.filter(message=message).order_by("id")
    return list(rows.values_list("at", "text"))[1:]  # without "Message taken"


@FEW
@given(shape=shapes())
def test_the_engine_does_what_the_forecast_said(
    in_acme: Account, at: datetime, shape: Shape
) -> None:
    with undone():
        level = build(in_acme, shape, at)
        expected = queries.forecast(in_acme.pk, level, at)
        message = leave(level, at)
        drive(at, at + ENOUGH)
        assert happened(message) == [(each.at, each.words) for each in expected.steps]
        assert expected.is_whole
        tries = [
            (each.at, each.attempt, method.contact.name)
            for each in expected.steps
            for method in each.methods
        ]
        rows = Delivery.objects.order_by("id")
        assert list(rows.values_list("created_at", "attempt", "contact_name")) == tries


@FEW
@given(shape=shapes(), minutes=st.integers(0, 120))
def test_an_acknowledgement_stops_everything_whenever_it_comes(
    in_acme: Account, at: datetime, shape: Shape, minutes: int
) -> None:
    with undone():
        message = leave(build(in_acme, shape, at), at)
        when = at + minutes * MINUTE
        drive(at, when)
        acknowledge(message=message, by="Bob", at=when, through="sms", address="+12125550101")
        told = happened(message)
        drive(when, when + ENOUGH)
        assert happened(message) == told
        assert told[-1] == (when, "Acknowledged by Bob, by text from +12125550101")
        message.refresh_from_db()
        assert (message.status, message.next_escalation_at) == (MessageStatus.ACKNOWLEDGED, None)
        states = set(Delivery.objects.values_list("state", flat=True))
        assert states <= {DeliveryState.STOPPED}


def test_a_forecast_is_cut_where_it_is_long(in_acme: Account, at: datetime) -> None:
    only: Shape = {"repeat": 50, "repeat_seconds": 60, "wait_seconds": 60, "shifts": []}
    only |= {"hold_until_on_call": False, "following": None, "fallback": None}
    level = build(in_acme, {"levels": [only], "fallback": 0}, at)
    found = queries.forecast(in_acme.pk, level, at, steps=10)
    assert (len(found.steps), found.is_whole) == (10, False)
    assert found.steps[0].words == (
        "Nobody is on call on Level 0; attempt 1 goes to the fallback: email to Alice"
    )
    whole = queries.forecast(in_acme.pk, None, at, steps=52)
    assert (len(whole.steps), whole.is_whole) == (52, True)


@pytest.mark.usefixtures("in_acme")
def test_without_levels_the_forecast_says_so(acme: Account, at: datetime) -> None:
    [step] = queries.forecast(acme.pk, None, at).steps
    assert (step.kind, step.level) == ("nowhere", None)
