"""One run: claimed, sent, and what came back.

The claim is committed before anything leaves, so a worker that dies over a run leaves it claimed,
and nobody sends it again: it ends as unknown. Source: design, portal API, "To Dos".
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Coalesce

from deskbell.delivery.transport import Fate, Outcome, passing_failure
from deskbell.platform.jobs import enqueue
from deskbell.platform.tenancy import account_scope

from .. import jobs
from ..carrying import carry
from ..documents import longest
from ..models import Run, RunState
from .ending import GIVEN_UP_ON, end, end_missed, try_again

log = logging.getLogger(__name__)
# No carrier is given longer than this for one run.
STALE_CLAIM: Final = timedelta(seconds=60)
# A job ends after this, and leaves the rest to another, so that it never outlasts a worker's grace.
_ENOUGH: Final = 2.0
_SENT_WORDS: Final = "It may have gone out, so it is not sent again"


def send(*, run_ids: Sequence[int], at: datetime) -> None:
    """Sends the runs that nobody has taken up, one after the other; `at` is when that begins.

    Must not run inside a transaction. Needs a system scope where they are of several accounts.
    """
    began = time.monotonic()
    for place, run_id in enumerate(run_ids):
        passed = time.monotonic() - began
        if passed > _ENOUGH:
            enqueue(jobs.send, priority=-1, run_ids=list(run_ids[place:]))
            return
        run = _claim(run_id, at + timedelta(seconds=passed))
        if run is not None:
            with account_scope(run.account_id):
                outcome = _carried(run)
                keep(run, outcome, at=at + timedelta(seconds=time.monotonic() - began))


def _claim(run_id: int, at: datetime) -> Run | None:
    """The run, now in our hands; None where it is somebody else's, or too late."""
    rows = Run.objects.select_related("to_do__account", "to_do__phone")
    run = rows.filter(pk=run_id, state=RunState.WAITING).first()
    if run is None:
        return None
    if at - run.due_at >= GIVEN_UP_ON and not run.tries:
        end_missed(run, at=at)
        return None
    with transaction.atomic(durable=True):
        claimed = Run.objects.filter(pk=run_id, state=RunState.WAITING, tries=run.tries).update(
            state=RunState.SENDING,
            tries=F("tries") + 1,
            began_at=Coalesce(F("began_at"), Value(at)),
            look_at=at + STALE_CLAIM,
            answer="",
        )
    run.state, run.tries, run.began_at = RunState.SENDING, run.tries + 1, run.began_at or at
    return run if claimed else None


def _carried(run: Run) -> Outcome:
    try:
        return carry(run)
    except Exception:
        log.exception("Run %s of a To Do failed in a way that nobody thought of", run.pk)
        return passing_failure("Deskbell failed over it", may_have_arrived=True)


def keep(run: Run, outcome: Outcome, *, at: datetime) -> None:
    """Keeps what became of a claimed run."""
    if outcome.fate == Fate.DELIVERED:
        end(run, RunState.SENT, outcome.words, at=at, provider_id=outcome.provider_id)
    elif outcome.fate == Fate.UNDER_WAY:
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
