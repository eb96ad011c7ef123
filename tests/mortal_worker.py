"""A worker that is killed at chosen points of its work, one life after the other.

`python -m tests.mortal_worker POINT …`: the first worker kills itself, with SIGKILL, when it first
comes to the first point; then the next lives to the second, and so on; the last lives until it is
told to end. One that ends because its database went away is followed by another, as by `up`. All
are forks of one process, so that a life begins in no time; and what is waited for by design is
short: a claim is stale after two seconds, and a provider has a second and a half.
"""

from __future__ import annotations

import asyncio
import functools
import os
import signal
import sys
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import django

# Where a life can end: a function by its module and name, and whether it ends before or after.
POINTS: dict[str, tuple[str, str, bool]] = {
    "a step is about to be written": ("deskbell.oncall.actions.escalation", "carry_out", False),
    "a step is written": ("deskbell.oncall.actions.escalation", "carry_out", True),
    "a step is committed": ("deskbell.oncall.actions.escalation", "_take_batch", True),
    "a delivery's job is taken": ("deskbell.delivery.actions.sending", "_claim", False),
    "a delivery is claimed": ("deskbell.delivery.actions.sending", "_claim", True),
    "a delivery is sent": ("deskbell.delivery.actions.sending", "hand_over", True),
    "a result is written": ("deskbell.delivery.results", "_settle", True),
    "a result is committed": ("deskbell.delivery.results", "keep", True),
    "a storm is claimed": ("deskbell.delivery.actions.many", "_claim", True),
    "a storm is sent": ("deskbell.delivery.results", "keep_many", False),
    "a storm's results are written": ("deskbell.delivery.results", "_finish_plain", True),
    "a storm's results are committed": ("deskbell.delivery.results", "keep_many", True),
    "runs are about to be made": ("deskbell.todos.actions.due", "_make_runs", False),
    "runs are made": ("deskbell.todos.actions.due", "_make_runs", True),
    "runs are committed": ("deskbell.todos.actions.due", "_take_batch", True),
    "a run's job is taken": ("deskbell.todos.actions.running", "_claim", False),
    "a run is claimed": ("deskbell.todos.actions.running", "_claim", True),
    "a run is sent": ("deskbell.todos.actions.running", "keep_many", False),
    "a run's result is written": ("deskbell.todos.actions.ending", "_write_sent", True),
    "a run's result is committed": ("deskbell.todos.actions.running", "keep_many", True),
}


def main(points: Sequence[str]) -> int:
    """Lives, one after the other; the exit code of the last."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deskbell.config.settings")
    django.setup()
    _hurry()
    left, lives = list(points), 0
    told: list[int] = []
    alive: list[int] = []

    def pass_it_on(*_: object) -> None:
        told.append(1)
        os.kill(alive[-1], signal.SIGTERM)

    signal.signal(signal.SIGTERM, pass_it_on)
    while True:
        lives += 1
        alive.append(os.fork())
        if alive[-1] == 0:
            _live(left[0] if left else "")
        _, status = os.waitpid(alive[-1], 0)
        code = os.waitstatus_to_exitcode(status)
        if told:
            return code
        if code == -signal.SIGKILL:
            sys.stderr.write(f"life {lives} ended when {left.pop(0)}\n")
            sys.stderr.flush()


def _live(point: str) -> None:
    from django.conf import settings

    from deskbell.worker.runner import serve

    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if point:
        _arm(point)
    ready = settings.ENVIRONMENT.data_dir / "run" / "worker.ready"
    try:
        code = asyncio.run(serve(ready))
    except Exception as error:  # noqa: BLE001 - as where the database takes no connections
        sys.stderr.write(f"{error!r}\n")
        code = 1
    os._exit(code)


def _arm(point: str) -> None:
    module_name, name, is_after = POINTS[point]
    module = sys.modules[module_name]
    real: Callable[..., Any] = getattr(module, name)

    @functools.wraps(real)
    def mortal(*arguments: Any, **options: Any) -> Any:
        if not is_after and _has_work(arguments):
            os.kill(os.getpid(), signal.SIGKILL)
        answer = real(*arguments, **options)
        if is_after and (name not in {"_take_batch", "_claim"} or _is_work(answer)):
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    setattr(module, name, mortal)


def _has_work(arguments: tuple[Any, ...]) -> bool:
    """Whether there is anything to die over: the beat looks often, and mostly at nothing."""
    return not arguments or bool(arguments[0])


def _is_work(answer: Any) -> bool:
    """Whether anything was taken: a dead worker's job is taken again, and finds nothing to do."""
    return bool(answer[0]) if isinstance(answer, tuple) else bool(answer)


def _hurry() -> None:
    from deskbell.delivery import courier
    from deskbell.delivery.actions import sending
    from deskbell.todos.actions import due, running
    from deskbell.worker import crew

    changes = (
        (sending, "STALE_CLAIM", timedelta(seconds=2)),
        (running, "STALE_CLAIM", timedelta(seconds=2)),
        (due, "RETAKEN_AFTER", timedelta(seconds=2)),
        (sending, "hand_over", functools.partial(courier.hand_over, limit=timedelta(seconds=1.5))),
        (crew, "HEARTBEAT", timedelta(seconds=1)),
        (crew, "LOOK", timedelta(seconds=0.2)),
    )
    for module, name, value in changes:
        setattr(module, name, value)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
