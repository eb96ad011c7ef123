"""What one Gather has got so far, and how long it still waits. Pure: told what happens, and when.

Source: RCML reference, section 3; https://www.twilio.com/docs/voice/twiml/gather. Keys and speech
are taken together where both are asked for: whichever comes first counts, and the other is let go.
Times are seconds of one clock.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from deskbell.rcml.verbs import Gather

SPEECH_SECONDS: Final = 10.0  # from the beginning of speech to what is understood of it
RESULT_SECONDS: Final = 5.0


@dataclass(slots=True)
class Collecting:
    """One Gather from its first prompt to its result; `deadline` None waits without an end."""

    verb: Gather
    deadline: float | None = None
    digits: str = ""
    finished_by: str = ""
    said: str = ""
    confidence: float = 0.0
    others: tuple[str, ...] = ()
    is_complete: bool = False
    is_speaking: bool = False
    _are_prompts_over: bool = field(default=False)
    _is_asking: bool = field(default=False)

    @property
    def takes_keys(self) -> bool:
        """Whether keys count for it at all."""
        return self.verb.input != "speech"

    @property
    def wants_speech(self) -> bool:
        """Whether speech still counts: no key was first."""
        return "speech" in self.verb.input and not self.digits and not self.is_complete

    @property
    def is_open(self) -> bool:
        """Whether input counts now: prompts that nobody may interrupt are over."""
        return self.verb.barge_in or self._are_prompts_over

    @property
    def is_empty(self) -> bool:
        """Whether nothing came that an action could be told."""
        return not self.digits and not self.said

    def prompts_over(self, now: float) -> None:
        """All that was nested has played, or there was none; a first input is waited for."""
        self._are_prompts_over = True
        if not self.digits and not self.is_speaking:
            self.deadline = now + self._first_wait

    def pressed(self, key: str, now: float) -> bool:
        """Takes a key; whether it counted, which stops whatever plays."""
        if not self.takes_keys or not self.is_open:
            return False
        if key in self.verb.finish_on_key:
            self.finished_by = key
            self.is_complete = True
        elif not self.digits and key not in self.verb.start_input_key:
            return False
        else:
            self.digits += key
            self.is_complete = len(self.digits) == self.verb.num_digits
        self.is_speaking = False
        self.deadline = now + self._next_wait
        return True

    def speaks(self, now: float) -> bool:
        """The caller begins to speak; whether that stops whatever plays."""
        if not self.wants_speech or not self.is_open:
            return False
        self.is_speaking = True
        self.deadline = now + SPEECH_SECONDS
        return True

    def goes_on(self, now: float) -> None:
        """The caller was understood so far, and may go on."""
        if self.is_speaking and not self._is_asking:
            self.deadline = now + SPEECH_SECONDS

    def expired(self, now: float) -> bool:
        """The deadline is over; whether the ear is to tell what it has, and is waited for."""
        if self.is_speaking and not self._is_asking:
            self._is_asking = True
            self.deadline = now + RESULT_SECONDS
            return True
        self.is_complete = True
        return False

    def heard(self, text: str, confidence: float, others: tuple[str, ...] = ()) -> None:
        """The caller has spoken: `text` was understood, or nothing where it is empty."""
        if not self.wants_speech:
            return
        self.said, self.confidence, self.others = text, confidence, others
        self.is_complete = True

    def result(self) -> dict[str, str]:
        """What the action is told; both keys and speech where speech was asked for."""
        told = {"Digits": self.digits}
        if self.finished_by:
            told["FinishedOnKey"] = self.finished_by
        if "speech" not in self.verb.input:
            return told
        told["SpeechResult"] = self.said
        if self.said:
            told["Confidence"] = f"{self.confidence:.2f}"
        if self.others:
            told["SpeechAlternatives"] = ",".join(self.others)
        return told

    @property
    def _first_wait(self) -> float:
        return self.verb.timeout if self.verb.pre_timeout is None else self.verb.pre_timeout

    @property
    def _next_wait(self) -> float:
        return self.verb.timeout if self.verb.post_timeout is None else self.verb.post_timeout
