"""Where a live call stands: its row, locked for one decision, and all that the decision wrote.

Every key of every caller comes through here, and Django took ten times as long to compose these
three statements as the rules take to decide; so they are SQL. Each holds to the tenancy scope, as
the managers do.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection

from deskbell.accounts.models import check_owner
from deskbell.calls.models import Call
from deskbell.foundation.errors import NotFound
from deskbell.platform.tenancy import current_scope

from ..models import System
from ..rules import CallState, Step
from ..ways import Way

_ENTER: Final = (
    "INSERT INTO attendant_livecall (account_id, call_id, system_id, through, state, answer)"
    " VALUES (%s, %s, %s, %s, %s, '') ON CONFLICT DO NOTHING"
)
_LOCK: Final = (
    "SELECT live.id, live.account_id, live.call_id, live.through, live.state, live.answer,"
    " live.system_id, (SELECT version FROM attendant_system WHERE id = live.system_id)"
    " FROM attendant_livecall AS live"
    " WHERE live.call_id = (SELECT id FROM calls_call WHERE sid = %s)"
    " AND (%s::bigint IS NULL OR live.account_id = %s) FOR UPDATE"
)
_MOVE: Final = (
    "WITH moved AS (UPDATE attendant_livecall SET state = %s, answer = %s WHERE id = %s)"
    " INSERT INTO attendant_callstep (account_id, call_id, at, menu_id, key, result)"
    " SELECT %s, %s, %s, nullif(menu, 0), key, result"
    " FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS step (menu, key, result)"
)
_LONGEST_KEY: Final = 16


@dataclass(frozen=True, slots=True)
class Place:
    """One call's row of `LiveCall`, locked until the open transaction ends.

    `answer` is its last document as XML, empty before the first; `version` is its system's.
    """

    id: int
    account_id: int
    call_id: int
    way: Way
    state: CallState
    answer: str
    system_id: int
    version: UUID


def enter(*, system: System, call: Call, way: Way, state: CallState) -> None:
    """Gives a call its place, at `state`; one that has a place keeps it. Raises OutOfScope."""
    check_owner(call.account_id)
    written = json.dumps(state.to_json())
    with connection.cursor() as cursor:
        cursor.execute(_ENTER, [call.account_id, call.pk, system.pk, str(way), written])


def locked(call_sid: str) -> Place:
    """The place of a call. Raises NotFound where it has none in the scope, OutOfScope."""
    account_id = current_scope().account_id
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [call_sid, account_id, account_id])
        row = cursor.fetchone()
    if row is None:
        raise NotFound(f"There is no call {call_sid} in an attendant")
    return _place(*row)


def move(
    place: Place, *, state: CallState, answer: str, steps: Sequence[Step], at: datetime
) -> None:
    """Writes where the call stands now, its document, and the steps of its path."""
    check_owner(place.account_id)
    with connection.cursor() as cursor:
        cursor.execute(
            _MOVE,
            [
                json.dumps(state.to_json()),
                answer,
                place.id,
                place.account_id,
                place.call_id,
                at,
                [step.menu_id for step in steps],
                [step.key[:_LONGEST_KEY] for step in steps],
                [str(step.result) for step in steps],
            ],
        )


def _place(  # the columns, in their order
    key: int,
    account_id: int,
    call_id: int,
    way: str,
    state: str,
    answer: str,
    system_id: int,
    version: UUID,
) -> Place:
    known = CallState.from_json(json.loads(state))
    return Place(key, account_id, call_id, Way(way), known, answer, system_id, version)
