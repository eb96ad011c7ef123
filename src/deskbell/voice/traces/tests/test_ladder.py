"""`./deskbell trace`: a call is found and drawn, and what is not there is said in words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from deskbell.foundation.errors import InvalidInput, NotFound
from deskbell.voice.traces import draw, find

ONE, TWO, OTHER = ("CA" + digit * 32 for digit in "123")
DAY = "2026-03-04"
START = 1772582400.0  # that day's first second, UTC


def line(at: float, sid: str, event: str, **facts: Any) -> dict[str, Any]:
    return {"at": START + at, "call": sid, "event": event} | facts


def sip(at: float, sid: str, way: str, first: str, cseq: str = "1 INVITE", **more: str) -> Any:
    return line(at, sid, "sip", way=way, line=first, cseq=cseq, peer="UDP 192.0.2.7:5060", **more)


CALL = [
    sip(0.0, ONE, "in", "INVITE sip:1@x SIP/2.0", media="192.0.2.7:4000 0 101 sendrecv"),
    line(0.001, ONE, "begins", caller="+12125550101", called="100", sip_call_id="a@b"),
    line(0.051, ONE, "web", method="POST", url="http://w/voice/in?x", status=200, seconds=0.05),
    sip(0.06, ONE, "out", "SIP/2.0 200 OK"),
    line(0.1, ONE, "hears", what="Welcome", seconds=1.5),
    line(1.0, ONE, "pressed", key="2", way="rtp"),
    sip(2.0, TWO, "out", "INVITE sip:bob@y SIP/2.0"),
    line(2.001, TWO, "begins", parent=ONE, called="client:bob", direction="outbound-dial"),
    sip(2.5, TWO, "in", "SIP/2.0 486 Busy Here"),
    line(2.6, TWO, "over", status="busy"),
    line(3.0, ONE, "web", method="POST", url="http://w/next", status=0, seconds=0.2, warning=True),
    sip(4.0, ONE, "in", "BYE sip:1@x SIP/2.0", "2 BYE"),
    sip(4.001, ONE, "out", "SIP/2.0 200 OK", "2 BYE"),
    line(4.1, ONE, "over", status="completed"),
    line(4.2, OTHER, "begins", called="somebody else's"),
]  # fmt: skip

LADDER = f"""\
{ONE} began 2026-03-04 00:00:00 UTC
caller +12125550101, called 100

          caller              gateway             web side            client:bob
   0.000  │────── INVITE ────►│                   │                   │
   0.000  │ 192.0.2.7:4000 0 101                  │                   │
   0.001  │                   │ begins            │                   │
   0.001  │                   │── POST /voice/in ►│                   │
   0.051  │                   │◄── 200 in 50 ms ──│                   │
   0.060  │◄───── 200 OK ─────│                   │                   │
   0.100  │                   │ hears what=Welcome seconds=1.5        │
   1.000  │─── key 2 (rtp) ──►│                   │                   │
   2.000  │                   │──────────────── INVITE ──────────────►│
   2.001  │                   │                   │                   │ begins
   2.500  │                   │◄─────────── 486 Busy Here ────────────│
   2.600  │                   │                   │                   │ over status=busy
   2.800  │                   │──── POST /next ──►│                   │
   3.000! │                   │◄─ none in 200 ms ─│                   │
   4.000  │─────── BYE ──────►│                   │                   │
   4.001  │◄── 200 OK (BYE) ──│                   │                   │
   4.100  │                   │ over status=completed                 │
"""


def kept(folder: Path, lines: list[dict[str, Any]], *, day: str = DAY) -> Path:
    place = folder / "voice" / "traces"
    place.mkdir(parents=True, exist_ok=True)
    with (place / f"{day}.jsonl").open("a") as file:
        file.writelines(json.dumps(line) + "\n" for line in lines)
    return folder


def test_a_call_with_its_dialled_leg_is_a_ladder(tmp_path: Path) -> None:
    kept(tmp_path, CALL)
    assert draw(find(ONE, [tmp_path]), width=90) + "\n" == LADDER


def test_a_dialled_leg_names_the_call_that_dialled_it(tmp_path: Path) -> None:
    kept(tmp_path, CALL)
    drawn = draw(find(TWO, [tmp_path]))
    assert f"dialled by {ONE}" in drawn
    assert "Welcome" not in drawn
    assert "called   " in drawn


def test_what_happens_at_once_stands_as_written_and_calls_have_their_lanes_names(
    tmp_path: Path,
) -> None:
    at_once = [
        line(3.0, TWO, "answered", port=24162, early_media=False),
        line(3.0, ONE, "bridged", to=TWO),
        line(3.0, TWO, "bridged", to=ONE),
        line(3.0, ONE, "unbridged", from_=TWO),
    ]
    kept(tmp_path, [*CALL[:2], CALL[7], *at_once])
    rows = [row[10:].strip("│ ") for row in draw(find(ONE, [tmp_path])).splitlines()]
    assert rows[-6:-2] == [
        "answered port=24162 early_media=no",
        "bridged to=client:bob",
        "bridged to=caller",
        "unbridged from=client:bob",
    ]


def test_a_call_over_midnight_is_whole(tmp_path: Path) -> None:
    kept(tmp_path, CALL[:6])
    kept(tmp_path, CALL[6:], day="2026-03-05")
    kept(tmp_path, [line(0, OTHER, "begins")], day="2026-03-09")
    assert draw(find(ONE, [tmp_path]), width=90) + "\n" == LADDER


def test_a_call_that_runs_says_so_and_a_half_line_is_no_trouble(tmp_path: Path) -> None:
    kept(tmp_path, CALL[:5])
    with (tmp_path / "voice" / "traces" / f"{DAY}.jsonl").open("a") as file:
        file.write('{"at":177,"call":"' + ONE)
    assert draw(find(ONE, [tmp_path])).endswith("it is running, or its gateway was killed.")


def test_the_folders_of_several_gateways_are_searched(tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    kept(tmp_path / "gateway-1", [line(0, OTHER, "begins")])
    kept(tmp_path / "gateway-2", CALL)
    assert find(ONE, [tmp_path / "nothing", tmp_path]).is_over
    assert find(ONE, [tmp_path / "gateway-1", tmp_path / "gateway-2"]).is_over


def test_an_unknown_sid_is_answered_in_words(tmp_path: Path) -> None:
    kept(tmp_path, CALL)
    with pytest.raises(NotFound, match=r"No trace of CA4.* in .*14 days.*data folder"):
        find("CA" + "4" * 32, [tmp_path])
    with pytest.raises(InvalidInput, match="CA and 32 hex digits; not 'RE1'"):
        find("RE1", [tmp_path])
