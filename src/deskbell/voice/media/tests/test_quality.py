"""Scores that people know, and the figures that they are made of."""

from __future__ import annotations

import pytest

from deskbell.voice.media.figures import Counter, LegCounters, LegFigures
from deskbell.voice.media.quality import mos, rating
from deskbell.voice.media.reception import Reception
from deskbell.voice.media.reports import Reports
from deskbell.voice.media.rtcp import Block, middle_of, read, write


@pytest.mark.parametrize(
    ("loss", "jitter_ms", "round_trip_ms", "score"),
    [
        (0.0, 0, 0, 4.40),
        (0.0, 0, 200, 4.35),
        (0.0, 0, 600, 3.59),
        (0.01, 0, 0, 4.32),
        (0.05, 0, 0, 3.86),
        (0.2, 0, 0, 2.61),
        (1.0, 100, 2000, 1.0),
    ],
)
def test_scores(loss: float, jitter_ms: float, round_trip_ms: float, score: float) -> None:
    heard = mos(loss=loss, jitter_ms=jitter_ms, round_trip_ms=round_trip_ms)
    assert heard == pytest.approx(score, abs=0.05)


def test_every_fault_lowers_the_rating_and_none_below_zero() -> None:
    best = rating(loss=0, jitter_ms=0, round_trip_ms=0)
    assert rating(loss=0.02, jitter_ms=0, round_trip_ms=0) < best
    assert rating(loss=0, jitter_ms=30, round_trip_ms=0) < best
    assert rating(loss=1, jitter_ms=500, round_trip_ms=9000) == 0


def test_the_round_trip_is_what_passed_less_what_the_report_lay_at_the_peer() -> None:
    reports = Reports()
    ours = reports.write(Reception(), ssrc=5, timestamp=0, packets=1, now=100.0)
    middle = next(read(ours)).middle_time
    block = Block(5, 0, 0, 9, 16, last_report=middle, delay=2 * 65536)
    theirs = write(ssrc=7, at=1.0, timestamp=0, packets=1, octets=160, block=block)
    reports.take(theirs, ssrc=5, now=102.08)
    assert reports.round_trip_ms == pytest.approx(80)


@pytest.mark.parametrize("last_report", [0, 123456])
def test_an_answer_to_nothing_tells_no_round_trip(last_report: int) -> None:
    reports = Reports()
    reports.write(Reception(), ssrc=5, timestamp=0, packets=1, now=100.0)
    block = Block(5, 0, 0, 9, 16, last_report=last_report, delay=0)
    theirs = write(ssrc=7, at=1.0, timestamp=0, packets=1, octets=160, block=block)
    reports.take(theirs, ssrc=5, now=101.0)
    assert reports.round_trip_ms == 0


def test_the_middle_of_a_time_is_what_a_report_carries() -> None:
    report = write(ssrc=1, at=1_700_000_000.25, timestamp=0, packets=0, octets=0, block=None)
    assert next(read(report)).middle_time == middle_of(1_700_000_000.25)


def test_a_histogram_counts_up_to_each_bound_and_beyond() -> None:
    counter = Counter((1, 5))
    for value in (0.5, 1, 2, 7):
        counter.add(value)
    histogram = counter.histogram()
    assert (histogram.bounds, histogram.counts) == ((1, 5), (2, 1, 1))
    assert histogram.total == 10.5


def test_legs_that_heard_nothing_do_not_count() -> None:
    counters = LegCounters()
    silent = LegFigures(50, 0, 0, 0.0, 0)
    heard = LegFigures(50, 90, 10, 3.0, 0, mos=3.9)
    for leg in (silent, heard):
        counters.add(leg)
    assert sum(counters.mos.histogram().counts) == 1
    assert counters.mos.histogram().total == 3.9
    assert counters.loss_percent.histogram().total == pytest.approx(10)
