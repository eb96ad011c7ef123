"""Deliveries that a receptionist makes: from the contact's choice to the proof."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from deskbell.accounts.models import Account, PhoneNumber
from deskbell.contacts.actions import add_contact
from deskbell.contacts.models import DeliveryMethod
from deskbell.delivery import queries
from deskbell.delivery.actions import add_checked_method, deliver, edit_checked_method, send
from deskbell.delivery.models import Delivery, DeliveryState
from deskbell.delivery.queries import tasks
from deskbell.delivery.rules import TASK_LIMIT
from deskbell.desk.actions.tasks import drop_task, take_task, task_done
from deskbell.desk.models import Receptionist
from deskbell.desk.rules.tasks import Result
from deskbell.foundation.errors import Conflict, InvalidInput
from deskbell.messages import actions as messages
from deskbell.messages.models import MessageStatus

pytestmark = pytest.mark.django_db
PHONE = "+12125550177"


@pytest.fixture
def rita(receptionist: Callable[..., Receptionist]) -> Receptionist:
    return receptionist("Rita")


@pytest.fixture
def sam(receptionist: Callable[..., Receptionist]) -> Receptionist:
    return receptionist("Sam")


@pytest.fixture
def method(in_acme: Account, acme_number: PhoneNumber, at: datetime) -> DeliveryMethod:
    contact = add_contact(account_id=in_acme.pk, name="Dr. Meyer", at=at)
    return add_checked_method(
        contact=contact, kind="call", address=PHONE, at=at, by_receptionist="True"
    )


@pytest.fixture
def task(in_acme: Account, method: DeliveryMethod, at: datetime) -> Delivery:
    """A message that waits for a receptionist to call about it."""
    return make(in_acme, method, at)


def make(account: Account, method: DeliveryMethod, at: datetime) -> Delivery:
    message = messages.take(account_id=account.pk, taken=messages.Taken("The pump leaks"), at=at)
    [made] = deliver(
        message=message, methods=[method], level_id=None, level_name="", attempt=1, at=at
    )
    send(delivery_id=made.pk, at=at)
    return queries.one(made.pk)


def now(task: Delivery) -> Delivery:
    return queries.one(task.pk)


def done(
    task: Delivery, by: Receptionist, result: Result, at: datetime, words: str = ""
) -> Delivery:
    task_done(delivery=task, receptionist=by, result=result, at=at, words=words)
    return now(task)


def test_it_waits_at_the_desk(task: Delivery, at: datetime) -> None:
    assert task.state == DeliveryState.UNDER_WAY
    assert task.deadline_at == pytest.approx(at + TASK_LIMIT, abs=timedelta(seconds=5))
    assert list(tasks(at)) == [task]
    assert not tasks(at + TASK_LIMIT * 2)


def test_an_acknowledgement_by_telephone(task: Delivery, rita: Receptionist, at: datetime) -> None:
    then = done(task, rita, Result.ACKNOWLEDGED, at, "comes  at once")
    assert then.state == DeliveryState.DELIVERED
    assert then.answer == (
        f"Rita called {PHONE}: told Dr. Meyer, who acknowledged it. comes at once"
    )
    message = then.message
    assert message.status == MessageStatus.ACKNOWLEDGED
    assert (message.acknowledged_by, message.delivered_by) == ("Dr. Meyer", rita.user_id)
    [tried] = queries.proof(message.pk).deliveries[0].tries
    assert tried.answer == then.answer


@pytest.mark.parametrize(
    ("result", "state"),
    [
        (Result.REACHED, DeliveryState.DELIVERED),
        (Result.LEFT_MESSAGE, DeliveryState.DELIVERED),
        (Result.NO_ANSWER, DeliveryState.UNANSWERED),
        (Result.BUSY, DeliveryState.RETRYING),
        (Result.WRONG_NUMBER, DeliveryState.FAILED),
    ],
)
def test_what_came_of_it(
    task: Delivery, rita: Receptionist, at: datetime, result: Result, state: str
) -> None:
    then = done(task, rita, result, at)
    assert then.state == state
    assert then.answer.startswith(f"Rita called {PHONE}: ")
    is_told = state == DeliveryState.DELIVERED
    assert then.message.delivered_by == (rita.user_id if is_told else None)
    assert then.message.status != MessageStatus.ACKNOWLEDGED


def test_busy_is_a_task_again(task: Delivery, rita: Receptionist, at: datetime) -> None:
    take_task(delivery=task, receptionist=rita, at=at)
    then = done(task, rita, Result.BUSY, at)
    assert then.next_try_at is not None
    send(delivery_id=task.pk, at=then.next_try_at)
    [again] = tasks(then.next_try_at)
    assert (again.tries, again.taken_by) == (2, None)


def test_one_receptionist_has_a_task(
    task: Delivery, rita: Receptionist, sam: Receptionist, at: datetime
) -> None:
    later = at + timedelta(minutes=9)
    taken = take_task(delivery=task, receptionist=rita, at=later)
    assert taken.deadline_at == later + TASK_LIMIT, "time to call"
    assert take_task(delivery=task, receptionist=rita, at=later).taken_by == rita.user_id
    with pytest.raises(Conflict, match="Another receptionist"):
        take_task(delivery=task, receptionist=sam, at=later)
    with pytest.raises(Conflict, match="Another receptionist"):
        done(task, sam, Result.REACHED, later)
    drop_task(delivery=task, receptionist=sam, at=later)
    assert now(task).taken_by == rita.user_id
    drop_task(delivery=task, receptionist=rita, at=later)
    assert done(task, sam, Result.REACHED, later).state == DeliveryState.DELIVERED


def test_noted_twice_it_is_as_noted_first(task: Delivery, rita: Receptionist, at: datetime) -> None:
    done(task, rita, Result.REACHED, at)
    assert done(task, rita, Result.NO_ANSWER, at).state == DeliveryState.DELIVERED


def test_nobody_calls_in_time(task: Delivery, rita: Receptionist, at: datetime) -> None:
    late = at + TASK_LIMIT + timedelta(seconds=30)
    send(delivery_id=task.pk, at=late)
    then = now(task)
    assert then.state == DeliveryState.UNANSWERED
    assert then.answer == "No receptionist called in time"
    with pytest.raises(Conflict, match="waits for nobody"):
        take_task(delivery=task, receptionist=rita, at=late)


def test_somebody_else_acknowledges_first(task: Delivery, rita: Receptionist, at: datetime) -> None:
    messages.acknowledge(message=task.message, by="Dr. Brook", at=at, through="portal")
    assert now(task).state == DeliveryState.STOPPED
    assert not tasks(at)
    then = done(task, rita, Result.ACKNOWLEDGED, at)
    assert then.message.acknowledged_by == "Dr. Brook"
    assert then.state == DeliveryState.DELIVERED, "the proof keeps that they were told"


def test_a_storm_of_tasks_is_not_bundled(
    in_acme: Account, method: DeliveryMethod, at: datetime
) -> None:
    method = edit_checked_method(method=method, at=at, limit=1)
    made = [make(in_acme, method, at) for _ in range(3)]
    assert list(tasks(at)) == made


def test_the_choice_is_the_telephones_alone(
    in_acme: Account, method: DeliveryMethod, at: datetime
) -> None:
    contact = method.contact
    with pytest.raises(InvalidInput, match="has no by receptionist"):
        add_checked_method(
            contact=contact, kind="email", address="m@example.com", at=at, by_receptionist=True
        )
    with pytest.raises(InvalidInput, match="one of False, True"):
        edit_checked_method(method=method, at=at, by_receptionist="maybe")
    assert not edit_checked_method(method=method, at=at, by_receptionist="False").by_receptionist
