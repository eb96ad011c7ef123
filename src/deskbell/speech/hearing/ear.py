"""One caller's ear: takes the line's sound, tells what was said.

All ears of a process are followed by one thread, in which `on_heard` is called; recognising itself
happens in other processes. A pause in speech is enough to try: what was understood is told as
partial, and stands as final where the pause becomes the end. So the end of speech costs its silence
and seldom more.
"""

from __future__ import annotations

import importlib.util
import logging
import queue
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from ..audio import RATE
from ..errors import SpeechUnavailable
from ..language import language_tag
from .endpoints import FRAME, FRAME_SECONDS, Change, Endpointer
from .heard import Heard
from .listeners import Job, Listeners

log = logging.getLogger(__name__)

PAUSE_SECONDS: Final = 0.35
BEFORE_SECONDS: Final = 0.4  # of sound before speech was noticed
SHORTEST_SECONDS: Final = 0.14  # of loud sound: less is a click
LONGEST_SECONDS: Final = 20.0
LATE_SECONDS: Final = 0.25  # without a packet: taken for silence
LEAST_SILENCE: Final = 0.3
MOST_SILENCE: Final = 10.0
MISSING: Final = "install PocketSphinx to understand speech (pip install pocketsphinx)"
_SILENT_FRAME: Final = b"\xff" * FRAME

OnHeard = Callable[[Heard], None]
_Event = tuple["Ear", str, Any]


class Ear:
    """Listens to one caller until it is closed or has told its final result."""

    def __init__(
        self, hall: _Hall, hints: Sequence[str], on_heard: OnHeard, end_silence: float
    ) -> None:
        self._hall = hall
        self._hints = tuple(hints)
        self._on_heard = on_heard
        self._end_silence = min(max(end_silence, LEAST_SILENCE), MOST_SILENCE)
        self._ends = Endpointer()
        self._sound = bytearray()
        self._part = bytearray()
        self._job: Job | None = None
        self._answer: Mapping[str, Any] | None = None
        self._is_over = False
        self.is_done = False
        self.last_sound = hall.clock()

    def hear(self, mulaw: bytes) -> None:
        """Takes the next piece of the line's sound: µ-law at 8 kHz, any length. Never blocks."""
        self._hall.put(self, "sound", mulaw)

    def finish(self) -> None:
        """Nothing more will be said: the final result comes as soon as it is known."""
        self._hall.put(self, "finish", None)

    def close(self) -> None:
        """Nothing more is told from now on, but for what is being told already."""
        self.is_done = True
        self._hall.put(self, "close", None)

    # Below here: in the thread of the hall only.

    @property
    def is_speaking(self) -> bool:
        """Whether somebody speaks, or may go on after a pause."""
        return self._ends.is_speaking and not self.is_done

    def follow(self, mulaw: bytes) -> None:
        """Looks at the sound, frame by frame."""
        self._part += mulaw
        while len(self._part) >= FRAME and not self._is_over:
            frame = bytes(self._part[:FRAME])
            del self._part[:FRAME]
            self._follow_frame(frame)

    def follow_time(self, now: float) -> None:
        """A line that sends nothing is silent."""
        missing = now - self.last_sound
        if missing >= LATE_SECONDS:
            self.last_sound = now
            self.follow(_SILENT_FRAME * int(missing / FRAME_SECONDS))

    def end(self) -> None:
        """The sentence is over; what is known of it is told."""
        if self._is_over:
            return
        self._is_over = True
        if not self._ends.is_speaking:
            self._tell(Heard("", 0.0, is_final=True))
        elif self._answer is not None:
            self._tell(_heard(self._answer, is_final=True))
        elif self._job is None:
            self._try()

    def answered(self, job: Job, answer: Mapping[str, Any]) -> None:
        """A listener's answer; one for a sentence that went on meanwhile is of no use."""
        if job is not self._job:
            return
        self._answer = answer
        if self._is_over:
            self._tell(_heard(answer, is_final=True))
        elif answer.get("text"):
            self._tell(_heard(answer, is_final=False))

    def _follow_frame(self, frame: bytes) -> None:
        self._sound += frame
        change = self._ends.take(frame)
        if change is Change.BEGAN:
            self._tell(Heard("", 0.0, is_final=False))
        if not self._ends.is_speaking:
            del self._sound[: -int(BEFORE_SECONDS * RATE)]
        elif not self._ends.silent_seconds:
            self._give_up_try()
        elif self._ends.silent_seconds >= PAUSE_SECONDS and self._job is None:
            self._pause()
        if self._ends.is_speaking and (
            self._ends.silent_seconds >= self._end_silence
            or len(self._sound) >= LONGEST_SECONDS * RATE
        ):
            self.end()

    def _pause(self) -> None:
        if self._ends.spoken_seconds < SHORTEST_SECONDS:
            self._ends.restart()
            return
        self._try()

    def _try(self) -> None:
        request = {"hints": self._hints}
        self._job = self._hall.ask(self, request, bytes(self._sound))

    def _give_up_try(self) -> None:
        if self._job is not None:
            self._job.is_given_up = True
            self._job = self._answer = None

    def _tell(self, heard: Heard) -> None:
        if self.is_done:
            return
        self.is_done = heard.is_final
        try:
            self._on_heard(heard)
        except Exception:
            log.exception("nobody took what was heard")


class _Hall:
    """The one thread in which all ears of this process are followed."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.listeners = Listeners()
        self._events: queue.SimpleQueue[_Event] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._ears: set[Ear] = set()

    def put(self, ear: Ear, what: str, content: object) -> None:
        """From any thread."""
        self._events.put((ear, what, content))

    def start(self) -> None:
        """Starts the thread, once a process (a fork has none of its parent's threads)."""
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._ears.clear()
                self._thread = threading.Thread(target=self._run, name="ears", daemon=True)
                self._thread.start()

    def ask(self, ear: Ear, request: Mapping[str, object], content: bytes) -> Job:
        """Lets a listener work; its answer comes back into this thread."""

        def tell(job: Job, answer: Mapping[str, Any]) -> None:
            self.put(ear, "answer", (job, answer))

        return self.listeners.ask(request, content, tell)

    def _run(self) -> None:
        while True:
            waits = any(ear.is_speaking for ear in self._ears)
            try:
                event = self._events.get(timeout=LATE_SECONDS / 2 if waits else None)
            except queue.Empty:
                event = None
            try:
                if event is not None:
                    self._take(*event)
                if waits:
                    self._follow_time()
            except Exception:
                log.exception("an ear failed")

    def _take(self, ear: Ear, what: str, content: Any) -> None:
        if ear.is_done:
            self._ears.discard(ear)
            return
        self._ears.add(ear)
        if what == "sound":
            ear.last_sound = self.clock()
            ear.follow(content)
        elif what == "finish":
            ear.end()
        elif what == "answer":
            ear.answered(*content)

    def _follow_time(self) -> None:
        now = self.clock()
        for ear in [ear for ear in self._ears if ear.is_speaking]:
            ear.follow_time(now)


_HALL: Final = _Hall()


def can_hear(language: str) -> bool:
    """Whether speech in `language` (any name that `language_tag` takes) is understood here.

    English only: PocketSphinx brings the model of no other language. Cheap; loads nothing.
    Raises InvalidInput for a name of no language.
    """
    return language_tag(language).startswith("en-") and _is_installed()


def open_ear(
    *,
    language: str,
    hints: Sequence[str],
    on_heard: OnHeard,
    end_silence: float = 0.8,
) -> Ear:
    """An ear for one caller, who will say one of `hints`; anything, where there are none.

    `on_heard` is called in a thread of the room's own, never twice at once: first with an empty
    text within 100 ms of the beginning of speech, then with what was understood at each pause
    (partial), last with the final result, `end_silence` seconds after the end of speech. Its time
    is that of all ears: it only passes on. The first ear of a list of hints makes ready for it
    beside the call. Raises SpeechUnavailable where `can_hear` says no.
    """
    if not can_hear(language):
        known = "" if _is_installed() else f": {MISSING}"
        raise SpeechUnavailable(f"Speech in {language} is not understood here{known}")
    _HALL.start()
    _HALL.listeners.prepare(hints)
    return Ear(_HALL, hints, on_heard, end_silence)


def _is_installed() -> bool:
    return importlib.util.find_spec("pocketsphinx") is not None


def _heard(answer: Mapping[str, Any], *, is_final: bool) -> Heard:
    others = tuple((str(text), float(sure)) for text, sure in answer.get("alternatives", ()))
    return Heard(
        str(answer.get("text", "")), float(answer.get("confidence", 0.0)), is_final, others
    )
