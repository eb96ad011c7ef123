"""The calls to make that a receptionist has taken."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from deskbell.delivery.models import Delivery
from deskbell.delivery.queries import tasks
from deskbell.desk.models import Receptionist
from deskbell.desk.rules.tasks import Result
from deskbell.platform.tenancy import system_scope

RESULTS: Final = (
    (Result.REACHED, "Told them"),
    (Result.ACKNOWLEDGED, "They acknowledge it"),
    (Result.LEFT_MESSAGE, "Left a message"),
    (Result.NO_ANSWER, "Nobody answered"),
    (Result.BUSY, "Busy"),
    (Result.WRONG_NUMBER, "Wrong number"),
)


def my_tasks(receptionist: Receptionist, at: datetime) -> list[Delivery]:
    """The calls that this receptionist has taken and not ended."""
    with system_scope("a receptionist calls for every account"):
        return list(tasks(at).filter(taken_by=receptionist.user_id))
