"""Runs: claimed, sent side by side, and what came back.

The claim is committed before anything leaves, so a worker that dies over runs leaves them claimed,
and nobody sends them again: they end as unknown. Only what leaves at once is claimed at once.
Source: design, portal API, "To Dos".
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce

from deskbell.delivery.courier import Handover
from deskbell.delivery.transport import Fate, Outcome, lasting_failure, passing_failure
from deskbell.platform.tenancy import account_scope

from .. import caps
from ..carrying import Known, prepare
from ..documents import longest
from ..models import Run, RunState
from .ending import GIVEN_UP_ON, end, end_missed, end_sent, try_again

log = logging.getLogger(__name__)
# No carrier is given longer than this for one run.
STALE_CLAIM: Final = timedelta(seconds=60)
_SENT_WORDS: Final = "It may have gone out, so it is not sent again"


def send(*, run_ids: Sequence[int], at: datetime) -> None:
    """Sends the runs that nobody has taken up, side by side; `at` is when that begins.

    Must not run inside a transaction. Needs a system scope where they are of several accounts.
    """
    began = time.monotonic()
    for outcomes in _carry(*_claim(run_ids, at)):
        keep_many(outcomes, at=at + timedelta(seconds=time.monotonic() - began))


def _claim(run_ids: Sequence[int], at: datetime) -> tuple[list[Run], frozenset[int]]:
    """Those that are now in our hands, with what they are sent by, and the ids of those that are
    more than their accounts may send; what is too late is missed."""
    waiting = Run.objects.filter(pk__in=run_ids, state=RunState.WAITING)
    too_late = Q(due_at__lte=at - GIVEN_UP_ON, tries=0)
    for run in waiting.filter(too_late):
        end_missed(run, at=at)
    with transaction.atomic(durable=True):
        rows = waiting.exclude(too_late).select_related("to_do").order_by("pk")
        found = list(rows.select_for_update(of=("self",), skip_locked=True))
        ids = [each.pk for each in found]
        beyond = caps.count([each for each in found if not each.tries], at=at)
        Run.objects.filter(pk__in=ids).update(
            state=RunState.SENDING,
            tries=F("tries") + 1,
            began_at=Coalesce(F("began_at"), Value(at)),
            look_at=at + STALE_CLAIM,
            answer="",
        )
    claimed = Run.objects.select_related("to_do__account", "to_do__phone").filter(pk__in=ids)
    return list(claimed.order_by("pk")) if ids else [], beyond


def _carry(claimed: Sequence[Run], beyond: Collection[int]) -> Iterator[list[tuple[Run, Outcome]]]:
    """What became of them, as it becomes known."""
    known, handover = Known(claimed), Handover[Run]()
    ended: list[tuple[Run, Outcome]] = []
    for run in claimed:
        with account_scope(run.account_id):
            kind = run.to_do.delivery_type
            if run.pk in beyond:
                ended.append((run, lasting_failure(caps.words(kind))))
                continue
            found = _prepared(run, known)
            if isinstance(found, Outcome):
                ended.append((run, found))
            else:
                handover.begin_work(run, kind, found)
    if ended:
        yield ended
    yield from handover.ends()


def _prepared(run: Run, known: Known) -> Outcome | Callable[[], Outcome]:
    try:
        return prepare(run, known)
    except Exception:
        log.exception("Run %s of a To Do cannot be sent, by a fault of ours", run.pk)
        return passing_failure("A fault of ours, which was written down")


def keep_many(outcomes: Sequence[tuple[Run, Outcome]], *, at: datetime) -> None:
    """Keeps what became of claimed runs, in one transaction for all that were taken."""
    sent = [each for each in outcomes if each[1].fate == Fate.DELIVERED]
    if sent:
        end_sent(sent, at=at)
    for run, outcome in outcomes:
        if outcome.fate != Fate.DELIVERED:
            _keep(run, outcome, at=at)


def _keep(run: Run, outcome: Outcome, *, at: datetime) -> None:
    if outcome.fate == Fate.UNDER_WAY:
        _keep_under_way(run, outcome, at)
    elif outcome.fate == Fate.PASSING and outcome.may_have_arrived:
        end(run, RunState.UNKNOWN, f"{outcome.words}. {_SENT_WORDS}", at=at)
    elif outcome.fate == Fate.PASSING:
        try_again(run, outcome.words, at=at)
    else:
        end(run, RunState.FAILED, outcome.words, at=at, provider_id=outcome.provider_id)


def _keep_under_way(run: Run, outcome: Outcome, at: datetime) -> None:
    """The call rings. Its own report may have been faster: then this changes nothing."""
    Run.objects.filter(pk=run.pk, tries=run.tries, state=RunState.SENDING).update(
        provider_id=outcome.provider_id, look_at=at + (outcome.within or STALE_CLAIM)
    )


def heard(run: Run, words: str, *, at: datetime, provider_id: str) -> None:
    """Keeps who hears the call of a run, before it has ended; also of one that was given up on."""
    begun = (RunState.SENDING, RunState.UNKNOWN)
    Run.objects.filter(pk=run.pk, state__in=begun).update(
        state=RunState.SENDING,
        ended_at=None,
        look_at=at + timedelta(seconds=longest(run.to_do.instructions or "")),
        answer=words,
        provider_id=provider_id,
    )


def report(run: Run, outcome: Outcome, *, at: datetime, provider_id: str) -> None:
    """Ends a run by what is reported of its call's end; what was heard of it counts for more."""
    if run.state == RunState.SENDING and run.answer:
        end(run, RunState.SENT, run.answer, at=at, provider_id=provider_id)
    else:
        end(run, RunState.FAILED, outcome.words, at=at, provider_id=provider_id)
