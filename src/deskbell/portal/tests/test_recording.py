"""Recordings: who may hear them, and ranges as players ask for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from deskbell.accounts.actions import join
from deskbell.accounts.models import Account, User
from deskbell.accounts.rules import Right
from deskbell.messages.models import Message
from deskbell.platform.ranges import wanted

pytestmark = pytest.mark.django_db


def body(answer: Any) -> bytes:
    """All of a streamed answer."""
    return b"".join(answer.streaming_content)


def test_the_administrator_hears_all_of_it(page: Client, recorded: Message) -> None:
    answer = page.get(f"/messages/{recorded.pk}/recording/")
    sound = body(answer)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "audio/wav"
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert sound.startswith(b"RIFF")
    assert len(sound) == int(answer.headers["Content-Length"])
    assert "private" in answer.headers["Cache-Control"]


def test_a_player_seeks(page: Client, recorded: Message) -> None:
    path = f"/messages/{recorded.pk}/recording/"
    whole = body(page.get(path))
    part = page.get(path, headers={"Range": "bytes=100-199"})
    assert part.status_code == 206
    assert part.headers["Content-Range"] == f"bytes 100-199/{len(whole)}"
    assert body(part) == whole[100:200]
    assert body(page.get(path, headers={"Range": "bytes=-44"})) == whole[-44:]
    beyond = page.get(path, headers={"Range": f"bytes={len(whole)}-"})
    assert beyond.status_code == 416
    assert beyond.headers["Content-Range"] == f"bytes */{len(whole)}"


def test_without_the_right_it_is_said_and_refused(
    signed_in: Callable[[User], Client], recorded: Message, bob: User, acme: Account
) -> None:
    client = signed_in(bob)
    shown = client.get(f"/messages/{recorded.pk}/").content.decode()
    assert "<audio" not in shown
    assert "needs the Call Recording access" in shown
    refused = client.get(f"/messages/{recorded.pk}/recording/")
    assert refused.status_code == 403
    assert "needs the Call Recording access" in refused.content.decode()
    join(user=bob, account=acme, role="AA_ADMIN", accesses=[Right.CALL_RECORDING])
    assert client.get(f"/messages/{recorded.pk}/recording/").status_code == 200
    assert "<audio" in client.get(f"/messages/{recorded.pk}/").content.decode()


def test_a_message_without_audio(page: Client, take: Callable[..., Message]) -> None:
    assert page.get(f"/messages/{take().pk}/recording/").status_code == 404


def test_audio_that_is_no_longer_kept(page: Client, recorded: Message) -> None:
    assert recorded.recording is not None
    recorded.recording.audio.storage.delete(str(recorded.recording.audio.name))
    assert page.get(f"/messages/{recorded.pk}/recording/").status_code == 404


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("", None),
        ("bytes=0-0", (0, 0)),
        ("bytes=5-", (5, 9)),
        ("bytes=5-99", (5, 9)),
        ("bytes=-3", (7, 9)),
        ("bytes=-99", (0, 9)),
        ("bytes=-", None),
        ("bytes=0-1,3-4", None),
        ("lines=0-1", None),
        ("bytes=" + "9" * 2, "none"),
        ("bytes=4-3", "none"),
        ("bytes=-0", "none"),
    ],
)
def test_ranges(header: str, part: Any) -> None:
    if part == "none":
        with pytest.raises(ValueError, match="bytes"):
            wanted(header + ("-" if header == "bytes=99" else ""), 10)
    else:
        assert wanted(header, 10) == part
