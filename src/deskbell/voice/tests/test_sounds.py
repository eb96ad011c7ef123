"""Clips: what is spoken is kept for the next caller, but not without end."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from deskbell.foundation.errors import Unreachable
from deskbell.rcml.verbs import Say
from deskbell.voice import sounds
from deskbell.voice.clips import ClipFolder
from deskbell.voice.prompts import PromptStore
from deskbell.voice.tests.stage import SECRET
from deskbell.voice.web import WebSide


def test_what_is_spoken_takes_no_more_memory_than_it_may(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sounds, "SPOKEN_BYTES", 1000)
    monkeypatch.setattr(ClipFolder, "get", lambda _folder, _key: None)
    asked: list[str] = []

    def speak(text: str, *, language: str, voice: str) -> bytes:
        asked.append(text)
        if text == "bad":
            raise Unreachable("on purpose")
        return b"x" * 300

    async def play() -> None:
        client = WebSide(SECRET)
        prompts = PromptStore(client, tmp_path, "http://web/prompts")
        said = sounds.Sounds(client, prompts, tmp_path, speak=speak)
        for text in ("a", "b", "c", "c", "d", "c", "a"):
            assert len(await said.clip(Say(text), "")) == 300
        for _ in range(2):
            with pytest.raises(Unreachable):
                await said.clip(Say("bad"), "")
        assert asked == ["a", "b", "c", "d", "a", "bad", "bad"]

    asyncio.run(play())


def test_marks_in_a_say_become_pauses_and_other_words(tmp_path: Path) -> None:
    def speak(text: str, *, language: str, voice: str) -> bytes:
        return f"<{text}>".encode()

    async def play() -> None:
        client = WebSide(SECRET)
        said = sounds.Sounds(
            client, PromptStore(client, tmp_path, "http://web/prompts"), tmp_path, speak=speak
        )
        ssml = '<speak>Hello <sub alias="doctor">Dr</sub><break time="10ms"/>.<p>Bye</p></speak>'
        assert await said.clip(Say("Hello doctor. Bye", ssml=ssml), "") == (
            b"<Hello doctor>" + sounds.silence(0.01) + b"<. Bye>" + sounds.silence(0.5)
        )
        assert await said.clip(Say("Hello doctor. Bye"), "") == b"<Hello doctor. Bye>"

    asyncio.run(play())


def test_a_gateway_that_starts_again_speaks_nothing_anew(tmp_path: Path) -> None:
    asked: list[str] = []

    def speak(text: str, *, language: str, voice: str) -> bytes:
        asked.append(text)
        return f"{language} {text}".encode()

    async def play() -> None:
        for _ in range(2):
            client = WebSide(SECRET)
            prompts = PromptStore(client, tmp_path, "http://web/prompts")
            said = sounds.Sounds(client, prompts, tmp_path, speak=speak)
            assert await said.clip(Say("Hello"), "") == b"en Hello"
            assert await said.clip(Say("Hello", language="fr"), "") == b"fr Hello"

    asyncio.run(play())
    assert asked == ["Hello", "Hello"]
