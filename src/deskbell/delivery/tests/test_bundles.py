"""Storms: what is more than a person can take comes together, and nothing of it is lost."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from pytest_django import DjangoAssertNumQueries

from deskbell.accounts.models import Account
from deskbell.contacts.models import DeliveryMethod
from deskbell.delivery import actions, results
from deskbell.delivery.actions import sending
from deskbell.delivery.hooks import DeliveryEvent
from deskbell.delivery.models import Delivery, DeliveryState
from deskbell.delivery.rules import room
from deskbell.delivery.tests.cases import (
    SECONDS,
    forget_jobs,
    make,
    queued,
    send,
    take_message,
    texts,
)
from deskbell.delivery.tests.example import Pigeon
from deskbell.delivery.transport import (
    Outcome,
    Parcel,
    Transport,
    delivered,
    lasting_failure,
    passing_failure,
    unanswered,
    under_way,
)
from deskbell.messages.actions import acknowledge

pytestmark = pytest.mark.usefixtures("scope", "failures")
BUNDLE = timedelta(minutes=2)


@pytest.fixture(autouse=True)
def limit(method: DeliveryMethod) -> int:
    method.limit = 3
    method.save()
    return method.limit


@pytest.fixture
def begin(method: DeliveryMethod, at: datetime) -> datetime:
    """An instant at which a slot of two minutes has just begun."""
    return room(method.pk, at)[1]


def storm(method: DeliveryMethod, at: datetime, count: int) -> list[Delivery]:
    """So many messages to one method, a second apart, each sent as soon as it may."""
    made = []
    for number in range(count):
        now = at + number * SECONDS
        message = take_message(method.account_id, now, f"Leak {number}", first_name=f"N{number}")
        made.append(make(message, method, now))
        send(made[-1], now)
    return made


def states(made: Iterable[Delivery]) -> list[str]:
    ids = [each.pk for each in made]
    return list(Delivery.objects.filter(pk__in=ids).order_by("id").values_list("state", flat=True))


def test_after_its_limit_a_method_gets_one_parcel_every_two_minutes(
    method: DeliveryMethod, pigeon: Pigeon, begin: datetime
) -> None:
    made = storm(method, begin, 8)
    assert states(made) == ["delivered"] * 3 + ["queued"] * 5
    [(_, wait)] = {
        given["bundle"]: (given, wait) for given, wait in queued("delivery.send_bundle")
    }.values()
    assert wait < 130
    waiting = made[3:]
    due = Delivery.objects.get(pk=waiting[0].pk).next_try_at
    assert due
    assert due - begin <= BUNDLE + 10 * SECONDS
    send(waiting[2], due)
    assert states(made) == ["delivered"] * 8
    [one] = pigeon.parcels[3:]
    assert one.content == "Leak 7"
    assert [brief.content for brief in one.bundled] == [f"Leak {n}" for n in range(3, 7)]
    assert [brief.caller_name for brief in one.bundled] == [f"N{n}" for n in range(3, 7)]
    assert len({brief.acknowledge_url for brief in one.bundled} | {one.acknowledge_url}) == 5
    for delivery in waiting:
        assert texts(delivery.message)[-1] == "Pigeon to Alice delivered, together with others"
    bundle = Delivery.objects.get(pk=waiting[0].pk).bundle
    assert one.idempotency_key == str(bundle)


def test_it_is_one_by_one_again_when_the_storm_is_over(
    method: DeliveryMethod, pigeon: Pigeon, begin: datetime
) -> None:
    storm(method, begin, 5)
    later = begin + timedelta(minutes=11)
    [fresh] = storm(method, later, 1)
    assert states([fresh]) == ["delivered"]


def test_an_emergency_is_never_held_back(
    method: DeliveryMethod, pigeon: Pigeon, begin: datetime
) -> None:
    storm(method, begin, 5)
    message = take_message(method.account_id, begin, "Fire", is_emergency=True)
    delivery = make(message, method, begin + 9 * SECONDS)
    assert send(delivery, begin + 9 * SECONDS).state == DeliveryState.DELIVERED
    assert (pigeon.parcels[-1].content, pigeon.parcels[-1].bundled) == ("Fire", ())


def test_no_limit_holds_nothing_back(
    method: DeliveryMethod, pigeon: Pigeon, begin: datetime
) -> None:
    method.limit = 0
    method.save()
    assert set(states(storm(method, begin, 30))) == {"delivered"}


def test_another_method_is_not_held_back(
    method: DeliveryMethod, pigeon: Pigeon, begin: datetime
) -> None:
    storm(method, begin, 5)
    another = actions.add_checked_method(
        contact=method.contact, kind="pigeon", address="west tower", at=begin
    )
    assert states(storm(another, begin, 1)) == ["delivered"]


def test_who_waits_alone_goes_alone(
    method: DeliveryMethod, pigeon: Pigeon, begin: datetime
) -> None:
    alone = storm(method, begin, 4)[-1]
    done = send(alone, begin + BUNDLE + 10 * SECONDS)
    assert (done.state, done.bundle) == (DeliveryState.DELIVERED, None)
    parcel = pigeon.parcels[-1]
    assert (parcel.idempotency_key, parcel.bundled) == (str(alone.idempotency_key), ())


def test_a_bundle_that_fails_is_tried_again_as_one_with_its_key(
    method: DeliveryMethod, pigeon: Pigeon, begin: datetime
) -> None:
    waiting = storm(method, begin, 7)[3:]
    pigeon.outcomes = [passing_failure("Fog"), delivered("Yes")]
    due = begin + BUNDLE + 10 * SECONDS
    send(waiting[0], due)
    assert set(states(waiting)) == {"retrying"}
    bundle = Delivery.objects.get(pk=waiting[0].pk).bundle
    again = [
        wait for given, wait in queued("delivery.send_bundle") if given["bundle"] == str(bundle)
    ]
    assert [round(wait) for wait in again] == [5]
    acknowledge(message=waiting[1].message, by="Bob", at=due, through="portal")
    assert bundle
    actions.send_bundle(bundle=bundle, at=due + 5 * SECONDS)
    assert states(waiting) == ["delivered", "stopped", "delivered", "delivered"]
    first, second = pigeon.parcels[3:]
    assert first.idempotency_key == second.idempotency_key
    assert [brief.content for brief in second.bundled] == ["Leak 3", "Leak 5"]


def test_a_worker_that_dies_over_a_bundle_has_all_of_it_sent_again_and_marked(
    method: DeliveryMethod, pigeon: Pigeon, begin: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = storm(method, begin, 6)[3:]
    due = begin + BUNDLE + 10 * SECONDS
    with monkeypatch.context() as dying:
        dying.setattr(results, "keep", die)
        with pytest.raises(Killed):
            send(waiting[0], due)
    assert set(states(waiting)) == {"sending"}
    send(waiting[1], due + 10 * SECONDS)
    assert set(states(waiting)) == {"sending"}
    later = due + 25 * SECONDS
    assert actions.recover(later) == 1
    send(waiting[2], later)
    assert set(states(waiting)) == {"delivered"}
    assert set(
        Delivery.objects.filter(pk__in=[w.pk for w in waiting]).values_list("sent_again")
    ) == {(True,)}
    assert pigeon.parcels[-1].idempotency_key == pigeon.parcels[-2].idempotency_key
    assert [len(parcel.bundled) for parcel in pigeon.parcels[3:]] == [2, 2]


def test_a_worker_that_dies_between_two_results_sends_the_rest_again(
    method: DeliveryMethod, pigeon: Pigeon, begin: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = storm(method, begin, 6)[3:]
    due = begin + BUNDLE + 10 * SECONDS
    real, left = results.keep, [1]

    def keep_one(*given: object, **more: object) -> None:
        if not left:
            raise Killed
        left.pop()
        real(*given, **more)  # type: ignore[arg-type]

    with monkeypatch.context() as dying:
        dying.setattr(results, "keep", keep_one)
        with pytest.raises(Killed):
            send(waiting[0], due)
    assert sorted(states(waiting)) == ["delivered", "sending", "sending"]
    send(waiting[2], due + 25 * SECONDS)
    assert set(states(waiting)) == {"delivered"}
    assert pigeon.parcels[-1].idempotency_key == pigeon.parcels[-2].idempotency_key


def test_a_bundle_under_way_is_reported_as_one(
    method: DeliveryMethod, pigeon: Pigeon, begin: datetime
) -> None:
    waiting = storm(method, begin, 6)[3:]
    pigeon.outcomes = [under_way("It flies", provider_id="CA1", within=180 * SECONDS)]
    due = begin + BUNDLE + 10 * SECONDS
    send(waiting[0], due)
    assert set(states(waiting)) == {"under_way"}
    acknowledge(message=waiting[2].message, by="Bob", at=due, through="portal")
    actions.recall(delivery_id=waiting[2].pk, at=due)
    assert pigeon.recalled == []  # it is still wanted for the others
    actions.report(
        delivery_id=waiting[2].pk, outcome=unanswered("Nobody"), at=due, provider_id="CA1"
    )
    assert states(waiting) == ["unanswered", "unanswered", "stopped"]


def test_a_bundle_that_fails_lastingly_fails_all_that_is_in_it(
    method: DeliveryMethod, pigeon: Pigeon, failures: list[DeliveryEvent], begin: datetime
) -> None:
    waiting = storm(method, begin, 6)[3:]
    pigeon.outcomes = [lasting_failure("No such tower")]
    send(waiting[0], begin + BUNDLE + 10 * SECONDS)
    assert {event.delivery_id for event in failures} == {each.pk for each in waiting}


def test_what_comes_too_late_for_its_bundle_is_no_part_of_it(
    method: DeliveryMethod, pigeon: Pigeon, begin: datetime
) -> None:
    *_, first, second = storm(method, begin, 5)
    due = begin + BUNDLE + 10 * SECONDS
    send(first, due)
    late = storm(method, begin + 5 * SECONDS, 1)[0]  # committed when its room had left already
    forget_jobs()  # that of the room has run
    assert actions.recover(due + 31 * SECONDS) == 1
    send(late, due + 31 * SECONDS)
    assert states([first, second, late]) == ["delivered"] * 3
    assert pigeon.parcels[-1].content == "Leak 0"
    assert len({parcel.idempotency_key for parcel in pigeon.parcels}) == len(pigeon.parcels)


def test_a_method_that_was_removed_meanwhile_fails_in_words(
    method: DeliveryMethod, pigeon: Pigeon, failures: list[DeliveryEvent], begin: datetime
) -> None:
    waiting = storm(method, begin, 6)[3:]
    method.delete()
    send(waiting[0], begin + BUNDLE + 10 * SECONDS)
    assert len(failures) == 3
    assert Delivery.objects.get(pk=waiting[0].pk).answer == "This delivery method was removed"


def test_holding_back_costs_a_bounded_number_of_queries(
    method: DeliveryMethod,
    pigeon: Pigeon,
    begin: datetime,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    waiting = storm(method, begin, 43)[3:]
    with django_assert_max_num_queries(10 + 40 * 15):
        send(waiting[0], begin + BUNDLE + 60 * SECONDS)
    assert set(states(waiting)) == {"delivered"}


@given(
    method_id=some.integers(1, 10**12),
    seconds=some.floats(0, 10**9),
    more=some.floats(0, 200),
)
def test_a_room_leaves_within_two_minutes_and_is_the_same_for_all_of_its_slot(
    method_id: int, seconds: float, more: float
) -> None:
    at = datetime.fromisoformat("2001-01-01T00:00:00+00:00") + timedelta(seconds=seconds)
    one, leaves = room(method_id, at)
    assert timedelta(0) < leaves - at <= BUNDLE + 4 * SECONDS
    another, later = room(method_id, at + timedelta(seconds=more))
    assert (one == another) == (abs((later - leaves).total_seconds()) < 1)
    assert later >= leaves - timedelta(milliseconds=1)


_FATES = some.sampled_from(
    [
        delivered("Yes"),
        passing_failure("Fog"),
        passing_failure("Silence", may_have_arrived=True),
        under_way("It flies", provider_id="CA1", within=90 * SECONDS),
        None,  # the worker dies
    ]
)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    gaps=some.lists(some.integers(0, 40), min_size=1, max_size=25),
    fates=some.lists(_FATES, max_size=6),
    limit=some.integers(1, 5),
)
def test_nothing_of_a_storm_is_lost_or_starved(
    acme: Account,
    method: DeliveryMethod,
    pigeon: Pigeon,
    at: datetime,
    gaps: list[int],
    fates: list[Outcome | None],
    limit: int,
) -> None:
    """Whatever fails, and whoever dies: each message is in a parcel that was taken, and soon.

    Six failures are few enough that nothing is given up after an hour.
    """
    Delivery.objects.all().delete()
    method.limit = limit
    method.save()
    pigeon.parcels.clear()
    pigeon.outcomes = []
    left = list(fates)
    real = pigeon.send

    def carry(_: Transport, parcel: Parcel) -> Outcome:
        real(parcel)
        fate = left.pop(0) if left else delivered("Yes")
        if fate is None:
            raise Killed
        return fate

    made: list[Delivery] = []
    arrived: dict[int, datetime] = {}  # by the test's clock: how busy the machine is, is no matter
    begins = at
    for number, gap in enumerate(gaps):
        message = take_message(acme.pk, begins, f"Storm {number}")
        made.append(make(message, method, begins))
        ends = begins + gap * SECONDS
        arrived |= work(carry, begins, ends)
        begins = ends
    arrived |= work(carry, begins, begins + timedelta(minutes=45))
    assert set(states(made)) == {"delivered"}
    told = {one.message_id for one in pigeon.parcels}
    told |= {brief.message_id for one in pigeon.parcels for brief in one.bundled}
    assert told == {each.message_id for each in made}
    if not fates:
        slowest = max(arrived[each.pk] - each.created_at for each in made)
        assert slowest <= BUNDLE + 10 * SECONDS


def work(carry: Callable[..., Outcome], begins: datetime, ends: datetime) -> dict[int, datetime]:
    """What a worker does in a time, who looks every five seconds where something is due; what
    arrived and when."""
    arrived: dict[int, datetime] = {}
    now = begins
    while now < ends and (waiting := not_delivered()):
        now = min(ends, max(now + 5 * SECONDS, min(map(sending._due_at, waiting))))
        arrived |= tick(carry, now)
    return arrived


def tick(carry: Callable[..., Outcome], now: datetime) -> dict[int, datetime]:
    """All that a worker would do at an instant, in the order of rows; what arrived and when."""
    open_before = not_delivered()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sending, "hand_over", carry)
        for delivery in open_before:
            with suppress(Killed):
                actions.send(delivery_id=delivery.pk, at=now)
    open_after = {each.pk for each in not_delivered()}
    return {each.pk: now for each in open_before if each.pk not in open_after}


def not_delivered() -> list[Delivery]:
    return list(Delivery.objects.exclude(state="delivered").order_by("id"))


class Killed(BaseException):
    """The end of the process."""


def die(*args: object, **options: object) -> None:
    raise Killed


def test_ids_of_bundles_are_told_apart_by_the_lock() -> None:
    ids = {uuid.uuid4().int >> 65 for _ in range(100)}
    assert len(ids) == 100
    assert max(ids) < 2**63
