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


def test_marks_in_a_say_are_spoken_and_kept_apart_from_the_plain_text(tmp_path: Path) -> None:
    asked: list[str] = []

    def speak(text: str, *, language: str, voice: str, ssml: str = "") -> bytes:
        asked.append(ssml or text)
        return (ssml or text).encode()

    async def play() -> None:
        slow = '<speak><prosody rate="slow">Hello</prosody></speak>'
        fast = '<speak><prosody rate="fast">Hello</prosody></speak>'
        for _ in range(2):
            client = WebSide(SECRET)
            prompts = PromptStore(client, tmp_path, "http://web/prompts")
            said = sounds.Sounds(client, prompts, tmp_path, speak=speak)
            for ssml in (slow, fast, "", slow):
                assert await said.clip(Say("Hello", ssml=ssml), "") == (ssml or "Hello").encode()
        assert asked == [slow, fast, "Hello"]

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
