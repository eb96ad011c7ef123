"""What calls say is on disk, whole and soon, and nothing of strangers is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deskbell.foundation.sids import new_sid
from deskbell.voice.signalling.flows import UdpFlow
from deskbell.voice.trace import Trace
from deskbell.voice.traces import Traces, keeper


class Peer(UdpFlow):
    def __init__(self) -> None:
        self.host, self.port = "192.0.2.7", 5060


INVITE = b"\r\n".join(
    [
        b"INVITE sip:100@192.0.2.1 SIP/2.0",
        b"Via: SIP/2.0/UDP 192.0.2.7;branch=z9hG4bK1",
        b"i: one@phone",
        b"CSeq: 1 INVITE",
        b"Proxy-Authorization: Digest response=hunter2",
        b"",
        b"v=0",
        b"c=IN IP4 192.0.2.7",
        b"m=audio 4000 RTP/AVP 0 101",
        b"a=sendonly",
        b"",
    ]
)
BYE = b"BYE sip:x SIP/2.0\r\nCall-ID: one@phone\r\nCSeq: 2 BYE\r\n\r\n"


@pytest.fixture
def traces(tmp_path: Path) -> Iterator[Traces]:
    made = Traces(tmp_path)
    made.open()
    yield made
    made.close()


def written(folder: Path) -> list[dict[str, Any]]:
    return [
        json.loads(line)
        for path in folder.glob("*.jsonl")
        for line in path.read_text().splitlines()
    ]


def test_a_note_is_a_line_with_its_facts(traces: Traces, tmp_path: Path) -> None:
    sid = new_sid("CA")
    Trace(sid).warn("heard", what='a "word"', seconds=1.23456, sid="RE1", call="other")
    traces.close()
    [line] = written(tmp_path)
    assert line.pop("at") > 0
    assert line == {
        "call": sid,
        "event": "heard",
        "warning": True,
        "what": 'a "word"',
        "seconds": 1.235,
        "sid": "RE1",
    }


def test_no_secret_is_kept(traces: Traces, tmp_path: Path) -> None:
    Trace(new_sid("CA")).web("POST", "http://x/a?token=hunter2", status=200, seconds=0.1)
    traces.on_wire("in", INVITE, Peer())
    Trace(new_sid("CA")).note("begins", sip_call_id="one@phone")
    traces.close()
    assert len(written(tmp_path)) == 3
    assert "hunter2" not in json.dumps(written(tmp_path))


def test_messages_before_during_and_after_a_call_are_its_own(
    traces: Traces, tmp_path: Path
) -> None:
    sid = new_sid("CA")
    traces.on_wire("in", INVITE, Peer())
    traces.on_wire("out", b"SIP/2.0 100 Trying\r\nCall-ID: one@phone\r\n\r\n", Peer())
    Trace(sid).note("begins", sip_call_id="one@phone")
    Trace(sid).note("over")
    traces.on_wire("in", BYE, Peer())
    traces.close()
    lines = [line for line in written(tmp_path) if line["event"] == "sip"]
    assert [(line["call"], line["way"], line["line"]) for line in lines] == [
        (sid, "in", "INVITE sip:100@192.0.2.1 SIP/2.0"),
        (sid, "out", "SIP/2.0 100 Trying"),
        (sid, "in", "BYE sip:x SIP/2.0"),
    ]
    assert lines[0]["cseq"] == "1 INVITE"
    assert lines[0]["peer"] == "UDP 192.0.2.7:5060"
    assert lines[0]["media"] == "192.0.2.7:4000 0 101 sendonly"


def test_strangers_leave_nothing(traces: Traces, tmp_path: Path) -> None:
    for number in range(3 * keeper.MOST_WAITING):
        traces.on_wire("in", INVITE.replace(b"one@", b"%d@" % number), Peer())
    traces.on_wire("in", b"\xff\x00 no message at all", Peer())
    traces.close()
    assert written(tmp_path) == []


def test_what_does_not_fit_in_memory_is_lost_and_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper, "MOST_QUEUED", 2)
    traces = Traces(tmp_path)  # not open: nothing takes from the queue
    for _ in range(5):
        traces.on_wire("in", BYE, Peer())
    assert traces.lost == 3


def test_old_days_are_deleted(tmp_path: Path) -> None:
    for name in ("2020-01-01.jsonl", "2999-01-01.jsonl", "notes.jsonl"):
        (tmp_path / name).touch()
    traces = Traces(tmp_path)
    traces.open()
    Trace(new_sid("CA")).note("begins")
    traces.close()
    names = {path.name for path in tmp_path.iterdir()}
    assert "2020-01-01.jsonl" not in names
    assert {"2999-01-01.jsonl", "notes.jsonl"} < names


def test_a_disk_that_refuses_stops_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    traces = Traces(blocked / "folder")
    traces.open()
    Trace(new_sid("CA")).note("begins")
    traces.close()
    assert "traces cannot be written" in caplog.text
