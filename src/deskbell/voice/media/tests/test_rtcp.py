"""Reports: read back as written, refused when garbage, and true."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskbell.voice.media.reception import Reception
from deskbell.voice.media.reports import Reports
from deskbell.voice.media.rtcp import Block, Report, read, write

BLOCK = Block(ssrc=9, fraction=64, lost=-3, highest=70000, jitter=12, last_report=5, delay=6)


def report(block: Block | None) -> bytes:
    return write(ssrc=7, at=1000.5, timestamp=160, packets=1, octets=160, block=block)


@pytest.mark.parametrize("block", [None, BLOCK])
def test_a_report_is_read_as_it_was_written(block: Block | None) -> None:
    middle = ((1000 + 2_208_988_800) & 0xFFFF) << 16 | 0x8000
    assert list(read(report(block))) == [Report(7, middle, (block,) if block else ())]


def test_a_compound_packet_is_whole_words_with_a_name() -> None:
    datagram = report(BLOCK)
    assert len(datagram) % 4 == 0
    assert datagram[1] == 200
    assert datagram[52:54] == b"\x81\xca"
    assert b"00000007" in datagram


@given(st.binary(max_size=200))
def test_any_bytes_are_read_without_a_fault(garbage: bytes) -> None:
    list(read(garbage))
    list(read(report(BLOCK)[:-4] + garbage))


@pytest.mark.parametrize("size", range(0, 52, 4))
def test_a_report_that_is_cut_says_nothing(size: int) -> None:
    assert list(read(report(BLOCK)[:size])) == []


def test_loss_is_reported_in_all_and_since_the_last_report() -> None:
    heard, reports = Reception(), Reports()
    for sequence in (1, 2, 5, 6):
        heard.count(9, sequence)
    assert said(reports, heard) == (2, 256 * 2 // 6, 6)
    for sequence in range(7, 17):
        heard.count(9, sequence)
    assert said(reports, heard) == (2, 0, 16)


def said(reports: Reports, heard: Reception) -> tuple[int, int, int]:
    datagram = reports.write(heard, ssrc=7, timestamp=0, packets=5, now=1.0)
    (block,) = next(read(datagram)).blocks
    return block.lost, block.fraction, block.highest


def test_the_peers_view_and_its_report_are_answered() -> None:
    heard, reports = Reception(), Reports()
    heard.count(9, 1)
    reports.take(report(Block(7, 0, 4, 10, 80)), ssrc=7, now=2.0)
    reports.take(report(BLOCK), ssrc=7, now=2.0)
    assert (reports.lost, reports.jitter_ms) == (4, 10.0)
    datagram = reports.write(heard, ssrc=7, timestamp=0, packets=5, now=3.5)
    (block,) = next(read(datagram)).blocks
    assert block.last_report != 0
    assert block.delay == int(1.5 * 65536)


def test_reports_are_due_about_every_five_seconds() -> None:
    reports = Reports()
    due = [second for second in range(200) if reports.is_due(100.0 + second)]
    assert 20 <= len(due) <= 60
    assert all(2 <= after - before <= 8 for before, after in itertools.pairwise(due))
