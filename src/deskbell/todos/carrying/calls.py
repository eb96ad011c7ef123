"""A To Do as a call: placed here; what it says is in `documents`, which `api.voice` serves."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from django.core import signing

from deskbell.delivery.transport import Note, Outcome, lasting_failure, under_way
from deskbell.delivery.transports.call.calling import Place
from deskbell.delivery.transports.call.transport import (
    RING_SECONDS,
    CallTransport,
    dialled,
    place_call,
)
from deskbell.foundation.errors import NotFound, Refused
from deskbell.foundation.numbers import to_e164
from deskbell.voice.client import NewCall

from ..documents import longest
from ..models import Run, ToDo
from .senders import sender_of

_SIGNER: Final = signing.Signer(salt="deskbell.todos.call")
_SILENCE_MS: Final = 2500  # then whoever answered is a person who waits for us to speak
_TRANSPORT: Final = CallTransport()


def place(run: Run) -> Outcome:
    """Places the call; it is under way when this returns, and its reports end the run."""
    try:
        note = _checked(run)
    except Refused as error:
        return lasting_failure(str(error))
    token = token_of(run)
    seconds = longest(run.to_do.instructions or "")

    def order(place: Place) -> NewCall:
        base = f"{place.base}/to-dos/{token}"
        return NewCall(
            to=dialled(note.address),
            caller=note.sender or run.to_do.account.number,
            url=f"{base}/speak",
            status_callback=f"{base}/status",
            timeout=RING_SECONDS,
            time_limit=seconds,
            machine_detection="DetectMessageEnd",
            machine_silence=_SILENCE_MS,
            token=note.idempotency_key,
        )

    placed = place_call(note, order)
    if isinstance(placed, Outcome):
        return placed
    where, sid = placed
    within = timedelta(seconds=RING_SECONDS + seconds + 60)
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


def _checked(run: Run) -> Note:
    """Whom the call goes to and from which number. Raises Refused for what must not be called."""
    to_do = run.to_do
    note = Note(
        idempotency_key=run.key,
        address=_address_of(to_do),
        title="",
        text=to_do.instructions or "",
        sent_at=run.due_at,
        account_id=to_do.account_id,
        account_name=to_do.account.name,
    )
    named = sender_of(to_do)
    prepared = _TRANSPORT.prepare(note)
    return replace(prepared, sender=named or prepared.sender)


def _address_of(to_do: ToDo) -> str:
    """The number in E.164, or the SIP phone's user name."""
    return to_e164(to_do.contact, region=to_do.account.country) or to_do.contact
