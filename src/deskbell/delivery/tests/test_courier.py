"""The courier comes back with an outcome, whatever a transport does."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from deskbell.delivery.courier import hand_over
from deskbell.delivery.tests.example import parcel
from deskbell.delivery.transport import Fate, Field, Meaning, Note, Outcome, Parcel, Reply


@dataclass
class Odd:
    """A transport that does something odd."""

    do: Callable[[], Outcome]
    kind: str = "odd"
    label: str = "Odd"
    has_secret: bool = False
    has_codes: bool = False
    fields: tuple[Field, ...] = ()

    def check_address(self, text: str) -> str:
        return text

    def send(self, parcel: Parcel) -> Outcome:
        return self.do()

    def send_note(self, note: Note) -> Outcome:
        return self.do()

    def recall(self, parcel: Parcel, provider_id: str) -> None:
        self.do()

    def read_reply(self, text: str) -> Reply:
        return Reply(Meaning.NOTHING)

    def shown(self, address: str) -> str:
        return address


def test_a_transport_that_hangs_is_given_up_in_time() -> None:
    free = threading.Event()
    began = time.monotonic()
    hang = Odd(lambda: free.wait(10))  # type: ignore[arg-type, return-value]
    outcome = hand_over(hang, parcel(), limit=timedelta(seconds=0.1))
    free.set()
    assert time.monotonic() - began < 2
    assert (outcome.fate, outcome.may_have_arrived) == (Fate.PASSING, True)
    assert outcome.words == "No answer within 0.1 s"


def test_a_fault_in_a_transport_is_a_passing_failure(caplog: pytest.LogCaptureFixture) -> None:
    wings: dict[str, Outcome] = {}
    outcome = hand_over(Odd(lambda: wings["wing"]), parcel())
    assert outcome.fate == Fate.PASSING
    assert outcome.words == "A fault of ours, which was written down"
    assert "The odd transport raised" in caplog.text
