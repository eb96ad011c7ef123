"""Long recordings that come in pieces, broken off and resumed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from deskbell.accounts.models import Account
from deskbell.calls import actions, pieces
from deskbell.calls.models import Call, Recording
from deskbell.foundation import clock
from deskbell.foundation.environment import environment
from deskbell.foundation.signing import HEADER, sign
from deskbell.platform.tenancy import account_scope
from deskbell.speech import write_wav

CALL, RECORDING = "CA" + "c" * 32, "RE" + "e" * 32
PATH = f"/voice/recordings/{RECORDING}?CallSid={CALL}"
WAV = write_wav(b"\x10\x20" * 8000 * 3)
SIZE = len(WAV)


@pytest.fixture
def call(acme: Account, at: datetime) -> Iterator[Call]:
    with account_scope(acme.pk):
        call = Call(account=acme, sid=CALL, number_dialed="12125550142", started_at=at)
        call.save()
    yield call
    pieces.forget(RECORDING)
    with account_scope(acme.pk):
        for recording in Recording.objects.all():
            recording.audio.delete(save=False)


def head(gateway: Any) -> Any:
    signature = sign(environment().secrets.voice, gateway.web + PATH)
    return gateway.client.head(PATH, headers={HEADER: signature})


def piece(gateway: Any, begin: int, end: int, size: int = SIZE) -> tuple[int, str]:
    """Status and offset of what a piece of the WAV file is answered."""
    answer = gateway.put(f"{PATH}&offset={begin}&size={size}", WAV[begin:end])
    return answer.status_code, answer.headers.get("Upload-Offset", "")


def test_pieces_become_the_recording(gateway: Any, call: Call) -> None:
    assert head(gateway).headers["Upload-Offset"] == "0"
    assert piece(gateway, 0, 20_000) == (204, "20000")
    assert head(gateway).headers["Upload-Offset"] == "20000"
    assert piece(gateway, 20_000, 40_001) == (204, "40001")
    assert piece(gateway, 40_001, SIZE) == (201, "")
    with account_scope(call.account_id):
        kept = Recording.objects.get(sid=RECORDING)
        with kept.audio.open() as audio:
            assert audio.read() == WAV
    assert head(gateway).headers["Upload-Offset"] == str(SIZE)
    assert pieces.received(RECORDING) == 0


@pytest.mark.parametrize(("begin", "end"), [(0, 10), (30_000, 40_000), (20_000, 20_000)])
def test_a_piece_that_is_not_the_next_one_changes_nothing(
    gateway: Any, call: Call, begin: int, end: int
) -> None:
    piece(gateway, 0, 20_000)
    assert piece(gateway, begin, end)[1] == "20000"
    assert head(gateway).headers["Upload-Offset"] == "20000"
    assert piece(gateway, begin, end)[0] == (204 if begin == end else 409)


def test_a_recording_that_is_too_long_is_refused_at_its_first_piece(
    gateway: Any, call: Call
) -> None:
    assert piece(gateway, 0, 100, actions.MAX_AUDIO_BYTES + 1)[0] == 400
    assert head(gateway).headers["Upload-Offset"] == "0"


def test_pieces_that_make_no_wav_file_are_forgotten(gateway: Any, call: Call) -> None:
    piece(gateway, 0, 1000, 2000)
    assert piece(gateway, 1000, 2000, 2000)[0] == 400
    assert head(gateway).headers["Upload-Offset"] == "0"


def test_nobody_asks_or_sends_unsigned(gateway: Any, call: Call) -> None:
    assert gateway.client.head(PATH).status_code == 403
    assert gateway.client.put(f"{PATH}&offset=0&size=9", b"x").status_code == 403
    assert gateway.get(PATH).status_code == 405


def test_what_nobody_completes_is_forgotten_after_a_week(gateway: Any, call: Call) -> None:
    piece(gateway, 0, 20_000)
    assert actions.forget_pieces(at=clock.now() + timedelta(days=6)) == 0
    assert actions.forget_pieces(at=clock.now() + timedelta(days=8)) == 1
    assert head(gateway).headers["Upload-Offset"] == "0"
