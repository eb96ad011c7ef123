"""A To Do as a call: placed here; what it says is in `documents`, which `api.voice` serves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Final

from django.core import signing

from deskbell.delivery.transport import Note, Outcome, under_way
from deskbell.delivery.transports.call.calling import Place
from deskbell.delivery.transports.call.transport import (
    RING_SECONDS,
    CallTransport,
    dialled,
    place_call,
)
from deskbell.foundation.errors import NotFound
from deskbell.voice.client import NewCall

from ..documents import longest
from ..models import Run
from .known import Known, number_of

_SIGNER: Final = signing.Signer(salt="deskbell.todos.call")
_SILENCE_MS: Final = 2500  # then whoever answered is a person who waits for us to speak
_TRANSPORT: Final = CallTransport()


def prepare(run: Run, known: Known) -> Callable[[], Outcome]:
    """What places the call, which is under way then; its reports end the run.

    Raises Refused for what must not be called.
    """
    note, seconds = _checked(run, known), longest(run.to_do.instructions or "")
    path, caller = f"to-dos/{token_of(run)}", run.to_do.account.number

    def order(place: Place) -> NewCall:
        return NewCall(
            to=dialled(note.address),
            caller=note.sender or caller,
            url=f"{place.base}/{path}/speak",
            status_callback=f"{place.base}/{path}/status",
            timeout=RING_SECONDS,
            time_limit=seconds,
            machine_detection="DetectMessageEnd",
            machine_silence=_SILENCE_MS,
            token=note.idempotency_key,
        )

    return lambda: _placed(note, order, timedelta(seconds=RING_SECONDS + seconds + 60))


def _placed(note: Note, order: Callable[[Place], NewCall], within: timedelta) -> Outcome:
    placed = place_call(note, order)
    if isinstance(placed, Outcome):
        return placed
    where, sid = placed
    return under_way(f"{where.label} rings {note.address}", provider_id=sid, within=within)


def token_of(run: Run) -> str:
    """What the addresses of a run's documents name it by, signed."""
    return _SIGNER.sign_object([run.account_id, run.pk])


def named_by(token: str) -> tuple[int, int]:
    """The account's and the run's id that a token names. Raises NotFound for any other."""
    try:
        account_id, run_id = (int(part) for part in _SIGNER.unsign_object(token))
    except (signing.BadSignature, TypeError, ValueError) as error:
        raise NotFound("This call is none of ours") from error
    return account_id, run_id


def _checked(run: Run, known: Known) -> Note:
    """Whom the call goes to and from which number. Raises Refused for what must not be called."""
    to_do = run.to_do
    note = Note(
        idempotency_key=run.key,
        address=number_of(to_do) or to_do.contact,
        title="",
        text=to_do.instructions or "",
        sent_at=run.due_at,
        account_id=to_do.account_id,
        account_name=to_do.account.name,
    )
    named = known.sender_of(to_do)
    prepared = _TRANSPORT.prepare(note)
    return replace(prepared, sender=named or prepared.sender)
