"""Deliveries that a receptionist makes: they wait as tasks of the desk until somebody does them.

A task is a delivery under way that is `by_receptionist`; past its deadline it counts as unanswered.
Source: design, on call, "Escalation" (call delivery), and seed 000, "Messages" (`delivered_by`).
"""

from __future__ import annotations

from datetime import datetime

from deskbell.delivery.models import Delivery

from ..models import Receptionist
from ..rules.tasks import Result


def tasks(at: datetime) -> list[Delivery]:
    """The deliveries that wait for a receptionist, emergencies first, then the oldest.

    With message, account and method. Needs a system scope, or shows one account's.
    """
    raise NotImplementedError


def take_task(*, delivery: Delivery, receptionist: Receptionist, at: datetime) -> Delivery:
    """Keeps a task for one receptionist, who calls then (`dialling.call_out`).

    Taken twice by the same one it is theirs. Raises Conflict where somebody else has it or it waits
    no more. Needs the account's scope, as all below.
    """
    raise NotImplementedError


def drop_task(*, delivery: Delivery, receptionist: Receptionist, at: datetime) -> None:
    """Gives a task back to the others; nothing where it is not theirs."""
    raise NotImplementedError


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
    raise NotImplementedError
