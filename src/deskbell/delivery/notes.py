"""Notes: a few plain words of ours to one address, in a job, by the transport of its kind."""

from __future__ import annotations

import logging
import uuid
from datetime import datetime, timedelta
from typing import Final

from deskbell.accounts.models import Account
from deskbell.contacts.models import DeliveryMethod
from deskbell.foundation.clock import now
from deskbell.foundation.errors import Refused, Unreachable
from deskbell.platform.jobs import enqueue

from .courier import hand_note
from .registry import transport_of
from .transport import Fate, Note, Outcome, Prepares, Transport, lasting_failure

log = logging.getLogger(__name__)

GIVEN_UP_AFTER: Final = timedelta(hours=1)


def send_note(
    *,
    kind: str,
    address: str,
    title: str,
    text: str,
    account_id: int = 0,
    after: timedelta | None = None,
) -> None:
    """Queues a note in the open transaction, to go out `after` a wait. Raises InvalidInput for an
    unknown kind or an address that its transport cannot use.

    It goes out at least once, with the same idempotency key in every try, for up to an hour;
    where it does not, the log says why. `account_id` is 0 for a note that concerns no account.
    """
    from .jobs import send_note as job  # which runs this very module

    enqueue(
        job,
        after=after,
        kind=kind,
        address=transport_of(kind).check_address(address),
        title=title,
        text=text,
        account_id=account_id,
        key=None,
        note=str(uuid.uuid4()),
        made_at=(now() + (after or timedelta(0))).isoformat(),
    )


def carry(note: Note, transport: Transport) -> Outcome:
    """Hands a note to its transport, now. Never raises; takes 15 s at most."""
    if isinstance(transport, Prepares):
        try:
            note = transport.prepare(note)
        except Refused as error:
            return lasting_failure(str(error))
    return hand_note(transport, note)


def try_note(*, kind: str, note: Note, made_at: datetime) -> None:
    """One try, in a scope. Raises Unreachable where it should be tried again."""
    outcome = carry(note, transport_of(kind))
    if outcome.fate == Fate.PASSING and note.sent_at - made_at < GIVEN_UP_AFTER:
        raise Unreachable(outcome.words)
    if outcome.fate in {Fate.PASSING, Fate.LASTING}:
        log.error("A note by %s did not go out: %s", kind, outcome.words)


def note_of(
    *, key: str, kind: str, address: str, title: str, text: str, account_id: int, at: datetime
) -> Note:
    """A note with what the account's rows add: its name, and the method's secret."""
    account = Account.objects.filter(pk=account_id).first() if account_id else None
    methods = DeliveryMethod.objects.filter(account_id=account_id, kind=kind, address=address)
    method = methods.first() if account_id else None
    return Note(
        idempotency_key=key,
        address=address,
        title=title,
        text=text,
        sent_at=at,
        account_id=account_id,
        account_name=account.name if account else "",
        secret=method.secret if method else "",
        phone_type=method.phone_type if method else "",
    )
