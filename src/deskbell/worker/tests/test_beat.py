"""What is due by rows is done when it is due, and no kind of it delays another."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from deskbell.foundation.clock import now
from deskbell.worker import beat
from deskbell.worker.beat import Beats, Due

pytestmark = pytest.mark.django_db(transaction=True)
SOON = 10.0


class Kind:
    """A kind of due, which says when it was looked at; it is busy until it `may_go_on`."""

    def __init__(self, due: datetime | None = None) -> None:
        self.due = due
        self.looks: list[datetime] = []
        self.looked = threading.Semaphore(0)
        self.may_go_on = threading.Event()
        self.may_go_on.set()
        self.is_broken = False

    def run(self, at: datetime) -> None:
        self.looks.append(at)
        self.looked.release()
        self.may_go_on.wait(SOON)
        if self.is_broken:
            raise LookupError("it cannot be done now")

    def following(self, _at: datetime) -> datetime | None:
        return self.due


@pytest.fixture
def kinds(monkeypatch: pytest.MonkeyPatch) -> tuple[Kind, Kind]:
    """Two kinds of due, and none else; by itself a beat looks again after an hour."""
    found = Kind(), Kind()
    dues = [Due(str(number), each.run, each.following) for number, each in enumerate(found)]
    monkeypatch.setattr(beat, "all_dues", lambda: dues)
    monkeypatch.setattr(beat, "LOOK", timedelta(hours=1))
    return found


@pytest.fixture
def beats(kinds: tuple[Kind, Kind]) -> Iterator[Beats]:
    made = Beats()
    made.start()
    for each in kinds:
        assert each.looked.acquire(timeout=SOON)
    yield made
    for each in kinds:
        each.may_go_on.set()
    made.stop(SOON)


def test_one_that_is_busy_delays_no_other(kinds: tuple[Kind, Kind], beats: Beats) -> None:
    busy, other = kinds
    busy.may_go_on.clear()
    beats.wake()
    assert busy.looked.acquire(timeout=SOON)
    for _ in range(3):
        beats.wake()
        assert other.looked.acquire(timeout=SOON)
    assert len(busy.looks) == 2


def test_it_looks_again_when_the_next_is_due(kinds: tuple[Kind, Kind], beats: Beats) -> None:
    first, _ = kinds
    first.due = now() + timedelta(seconds=0.2)
    beats.wake()
    assert first.looked.acquire(timeout=SOON)
    assert first.looked.acquire(timeout=SOON)
    assert first.looks[-1] >= first.due


def test_one_that_fails_is_written_down_and_looks_again(
    kinds: tuple[Kind, Kind], beats: Beats, caplog: pytest.LogCaptureFixture
) -> None:
    broken, other = kinds
    broken.is_broken = True
    beats.wake()
    assert broken.looked.acquire(timeout=SOON)
    broken.is_broken = False
    beats.wake()
    assert broken.looked.acquire(timeout=SOON)
    assert other.looked.acquire(timeout=SOON)
    assert "it cannot be done now" in caplog.text


def test_it_ends_in_time_also_where_one_is_busy(kinds: tuple[Kind, Kind], beats: Beats) -> None:
    busy, _ = kinds
    busy.may_go_on.clear()
    beats.wake()
    assert busy.looked.acquire(timeout=SOON)
    began = now()
    beats.stop(0.1)
    assert now() - began < timedelta(seconds=SOON / 2)
