"""Clips: what is spoken is kept for the next caller, but not without end."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from deskbell.foundation.errors import Unreachable
from deskbell.rcml.verbs import Say
from deskbell.voice import sounds
from deskbell.voice.prompts import PromptStore
from deskbell.voice.tests.stage import SECRET
from deskbell.voice.web import WebSide


def test_what_is_spoken_takes_no_more_memory_than_it_may(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sounds, "SPOKEN_BYTES", 1000)
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
