"""How the runs of each kind of To Do leave the house: by delivery's own texts, mails and calls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from deskbell.delivery.transport import Outcome

from ..models import DeliveryType, Run
from . import calls, mails, texts

_BY: Final[dict[str, Callable[[Run], Outcome]]] = {
    DeliveryType.SMS: texts.send,
    DeliveryType.EMAIL: mails.send,
    DeliveryType.CALL: calls.place,
}


def carry(run: Run) -> Outcome:
    """Sends a claimed run, whose To Do, phone and account are selected; a call is under way then.

    Reads only. Needs the account's scope.
    """
    return _BY[run.to_do.delivery_type](run)


__all__ = ["carry"]
