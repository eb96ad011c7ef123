"""The programs that recognise, and the turns that ears take at them.

Every listener is a thread here with its program beside it; what is to be recognised waits in one
queue, what was said before what is only to be made ready. A program that dies over a sentence is
started again and gets it once more.
"""

from __future__ import annotations

import itertools
import logging
import os
import queue
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from ..errors import SpeechUnavailable
from ..programs import Program

log = logging.getLogger(__name__)

MOST_LISTENERS: Final = 2
SECONDS: Final = 20.0
PREPARING_SECONDS: Final = 60.0
SOURCE: Final = Path(__file__).resolve().parents[3]
_PROGRAM: Final = ["-m", "deskbell.speech.hearing.program"]

NOW, LATER = range(2)


@dataclass(order=True, slots=True)
class Job:
    """One request to any listener; `tell` gets the answer's fields, empty where there is none."""

    urgency: int
    number: int
    request: Mapping[str, object] = field(compare=False)
    content: bytes = field(compare=False)
    tell: Callable[[Job, Mapping[str, Any]], None] = field(compare=False)
    seconds: float = field(compare=False, default=SECONDS)
    is_given_up: bool = field(compare=False, default=False)


class Listeners:
    """All listeners of this process; they start with the first request."""

    def __init__(self, *, count: int | None = None) -> None:
        self._count = count or max(1, min(MOST_LISTENERS, os.cpu_count() or 1))
        self._jobs: queue.PriorityQueue[Job] = queue.PriorityQueue()
        self._numbers = itertools.count()
        self._lock = threading.Lock()
        self.programs: list[Program] = []
        os.register_at_fork(after_in_child=self._forget)

    def ask(
        self,
        request: Mapping[str, object],
        content: bytes,
        tell: Callable[[Job, Mapping[str, Any]], None],
    ) -> Job:
        """Puts a request into the queue; `tell` is called in a listener's thread."""
        self._start()
        job = Job(NOW, next(self._numbers), request, content, tell)
        self._jobs.put(job)
        return job

    def prepare(self, hints: Sequence[str]) -> None:
        """Lets every listener that is free make ready for a list of hints."""
        self._start()
        for _ in self.programs:
            request = {"hints": list(hints), "prepare": True}
            job = Job(LATER, next(self._numbers), request, b"", _nothing, PREPARING_SECONDS)
            self._jobs.put(job)

    def _start(self) -> None:
        if self.programs:
            return
        with self._lock:
            if self.programs:
                return
            # One thread each: those of the calls must not wait for a library's.
            variables = {"PYTHONPATH": str(SOURCE), "OPENBLAS_NUM_THREADS": "1"}
            made = [
                Program("The recogniser", _PROGRAM, variables=variables) for _ in range(self._count)
            ]
            for program in made:
                threading.Thread(
                    target=self._listen, args=(program,), name="listener", daemon=True
                ).start()
            self.programs = made

    def _listen(self, program: Program) -> None:
        while True:
            job = self._jobs.get()
            if job.is_given_up:
                continue
            try:
                answer, _ = program.ask(job.request, job.content, seconds=job.seconds)
            except SpeechUnavailable as error:
                log.warning("a caller was not understood: %s", error)
                answer = {}
            except Exception:
                log.exception("a caller was not understood")
                answer = {}
            job.tell(job, answer)

    def _forget(self) -> None:
        """In a forked child: the threads are the parent's."""
        self._jobs = queue.PriorityQueue()
        self._lock = threading.Lock()
        self.programs = []


def _nothing(_job: Job, _answer: Mapping[str, Any]) -> None:
    """Preparing has no answer."""
