"""How the runs of each kind of To Do leave the house: by delivery's own texts, mails and calls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from deskbell.delivery.transport import Outcome, lasting_failure
from deskbell.foundation.errors import Refused

from ..models import DeliveryType, Run
from . import calls, mails, texts
from .known import Known

_BY: Final[dict[str, Callable[[Run, Known], Callable[[], Outcome]]]] = {
    DeliveryType.SMS: texts.prepare,
    DeliveryType.EMAIL: mails.prepare,
    DeliveryType.CALL: calls.prepare,
}


def prepare(run: Run, known: Known) -> Outcome | Callable[[], Outcome]:
    """What sends a claimed run, whose To Do, phone and account are selected; or, where it must not
    be sent, what became of it.

    Reads only. Needs the account's scope.
    """
    try:
        return _BY[run.to_do.delivery_type](run, known)
    except Refused as error:
        return lasting_failure(str(error))


__all__ = ["Known", "prepare"]
