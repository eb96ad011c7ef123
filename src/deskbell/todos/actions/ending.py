"""What a run comes to, kept with its To Do; the To Do's row is locked first, as by pausing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection, transaction

from deskbell.delivery.transport import Outcome
from deskbell.delivery.wording import one_line

from ..models import Run, RunState, ToDo
from ..queueing import queue

# What is so old is not sent any more.
GIVEN_UP_ON: Final = timedelta(hours=1)
# A run whose job was lost is queued again after this.
RETAKEN_AFTER: Final = timedelta(minutes=2)
# A failure that is known to be passing is tried again for so long.
RETRY_LIMIT: Final = timedelta(minutes=15)
PAUSED: Final = "The To Do was paused"
_WAITS: Final = (5, 15, 45, 120, 300)
# A late word may still say what became of a run of which nobody knew.
_BEGUN: Final = (RunState.SENDING, RunState.UNKNOWN)
_INTERRUPTED: Final = "Interrupted while it was sent: it may have gone out, or not"
_SILENT: Final = "No word came of how the call ended"


def end(run: Run, state: RunState, words: str, *, at: datetime, provider_id: str = "") -> bool:
    """Ends a run that is under way as it is claimed now; whether that was still to be said."""
    with transaction.atomic():
        to_do = _locked(run)
        values = {"state": state, "ended_at": at, "look_at": None, "answer": one_line(words, 500)}
        if provider_id:
            values["provider_id"] = one_line(provider_id, 200)
        open_run = Run.objects.filter(pk=run.pk, tries=run.tries, state__in=_BEGUN)
        if to_do is None or not open_run.update(**values):
            return False
        _tell(to_do)
    return True


_END = """
WITH sent AS (
    SELECT * FROM unnest(%(ids)s::bigint[], %(tries)s::smallint[], %(answers)s::text[],
                         %(provider_ids)s::text[]) AS sent (id, tries, answer, provider_id)
)
UPDATE todos_run AS run
SET state = %(state)s, ended_at = %(at)s, look_at = NULL, answer = sent.answer,
    provider_id = sent.provider_id
FROM sent WHERE run.id = sent.id AND run.tries = sent.tries AND run.state = ANY(%(begun)s)
"""
_TELL = """
UPDATE todos_todo AS to_do SET is_sending = EXISTS (
    SELECT FROM todos_run AS run WHERE run.to_do_id = to_do.id AND run.look_at IS NOT NULL
) WHERE to_do.id = ANY(%(to_dos)s)
"""


def end_sent(sent: Sequence[tuple[Run, Outcome]], *, at: datetime) -> None:
    """Ends runs that were taken by whoever carries them; as `end`, in a few statements."""
    values: dict[str, Any] = {
        "ids": [run.pk for run, _ in sent],
        "tries": [run.tries for run, _ in sent],
        "answers": [one_line(outcome.words, 500) for _, outcome in sent],
        "provider_ids": [one_line(outcome.provider_id, 200) for _, outcome in sent],
        "to_dos": sorted({run.to_do_id for run, _ in sent}),
        "state": RunState.SENT.value,
        "begun": [state.value for state in _BEGUN],
        "at": at,
    }
    with transaction.atomic():
        rows = ToDo.objects.select_for_update(no_key=True).filter(pk__in=values["to_dos"])
        list(rows.order_by("pk").values_list("pk"))
        _write_sent(values)


def _write_sent(values: Mapping[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_END, values)
        cursor.execute(_TELL, values)


def end_missed(run: Run, *, at: datetime) -> None:
    """Ends a run that waited too long to be of use."""
    with transaction.atomic():
        to_do = _locked(run)
        Run.objects.filter(pk=run.pk, state=RunState.WAITING).update(
            state=RunState.MISSED, ended_at=at, look_at=None, answer="Its turn came too late"
        )
        if to_do is not None:
            _tell(to_do)


def end_lost(run: Run, at: datetime) -> None:
    """Ends a run of which no word came in time. What somebody heard of it counts as sent."""
    now = Run.objects.filter(pk=run.pk).first()
    if now is None or now.state != RunState.SENDING or now.look_at is None or now.look_at > at:
        return
    if now.provider_id:
        state = RunState.SENT if now.answer else RunState.UNKNOWN
        end(now, state, now.answer or _SILENT, at=at)
    else:
        end(now, RunState.UNKNOWN, _INTERRUPTED, at=at)


def try_again(run: Run, words: str, *, at: datetime) -> None:
    """Has a run that failed in passing tried again, later and later, for 15 minutes; then it has
    failed. Where its To Do was paused meanwhile, it is stopped."""
    wait = timedelta(seconds=_WAITS[min(run.tries, len(_WAITS)) - 1])
    if at + wait > (run.began_at or at) + RETRY_LIMIT:
        end(run, RunState.FAILED, f"Gave up after {run.tries} tries: {words}", at=at)
        return
    with transaction.atomic():
        to_do = _locked(run)
        if to_do is None:
            return
        if to_do.is_paused:
            end(run, RunState.STOPPED, PAUSED, at=at)
            return
        changed = Run.objects.filter(pk=run.pk, tries=run.tries, state=RunState.SENDING).update(
            state=RunState.WAITING, look_at=at + wait + RETAKEN_AFTER, answer=one_line(words, 500)
        )
        if changed:
            queue([(to_do.delivery_type, run.pk)], after=wait)


def _locked(run: Run) -> ToDo | None:
    return ToDo.objects.select_for_update(no_key=True).filter(pk=run.to_do_id).first()


def _tell(to_do: ToDo) -> None:
    """Says in the To Do whether any run of it is still open."""
    open_runs = Run.objects.filter(to_do=to_do, look_at__isnull=False)
    to_do.is_sending = open_runs.exists()
    to_do.save(update_fields=["is_sending"])
