"""Deliveries that a receptionist makes: they wait as tasks of the desk until somebody does them.

A task is a delivery under way that is `by_receptionist`; past its deadline it counts as unanswered.
Source: design, on call, "Escalation" (call delivery), and seed 000, "Messages" (`delivered_by`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from deskbell.delivery import actions
from deskbell.delivery.models import Delivery
from deskbell.delivery.transport import (
    Outcome,
    delivered,
    lasting_failure,
    passing_failure,
    unanswered,
)

from ..models import Receptionist
from ..rules.tasks import Result, proof_words

_AFTER_BUSY: Final = timedelta(seconds=60)


def take_task(*, delivery: Delivery, receptionist: Receptionist, at: datetime) -> Delivery:
    """Keeps a task for one receptionist, who calls then (`dialling.call_out`).

    Taken twice by the same one it is theirs. Raises Conflict where somebody else has it or it waits
    no more. Needs the account's scope, as all below.
    """
    return actions.take_task(delivery=delivery, user_id=receptionist.user_id, at=at)


def drop_task(*, delivery: Delivery, receptionist: Receptionist, at: datetime) -> None:  # noqa: ARG001 every action takes its instant
    """Gives a task back to the others; nothing where it is not theirs."""
    actions.free_task(delivery=delivery, user_id=receptionist.user_id)


def task_done(
    *,
    delivery: Delivery,
    receptionist: Receptionist,
    result: Result,
    at: datetime,
    words: str = "",
) -> None:
    """Notes what came of the call, with a few `words` of the receptionist's own.

    Reports to `delivery`: reached, acknowledged and a message left are delivered; nobody there is
    unanswered; busy is tried again; a wrong number has failed for good. The message's
    `delivered_by` is the receptionist's user id. Twice or too late: nothing changes. Raises
    Conflict where another receptionist has it.
    """
    said = proof_words(
        result,
        by=str(receptionist),
        address=delivery.address,
        name=delivery.contact_name,
        words=words,
    )
    actions.end_task(
        delivery=delivery,
        user_id=receptionist.user_id,
        outcome=_OUTCOMES[result](said, delivery),
        at=at,
    )


def _acknowledged(said: str, delivery: Delivery) -> Outcome:
    return delivered(said, acknowledged=True, by=delivery.contact_name)


_OUTCOMES: Final[dict[Result, Callable[[str, Delivery], Outcome]]] = {
    Result.ACKNOWLEDGED: _acknowledged,
    Result.REACHED: lambda said, _: delivered(said),
    Result.LEFT_MESSAGE: lambda said, _: delivered(said),
    Result.NO_ANSWER: lambda said, _: unanswered(said),
    Result.BUSY: lambda said, _: passing_failure(said, retry_after=_AFTER_BUSY),
    Result.WRONG_NUMBER: lambda said, _: lasting_failure(said),
}
