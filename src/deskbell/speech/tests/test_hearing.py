"""What callers say is understood: by the real recogniser, from speech of the engines here."""

# ruff: noqa: RUF001  IPA is written in letters that look like others

from __future__ import annotations

import importlib.util
import os
import queue
import signal
from collections.abc import Sequence

import numpy as np
import pytest

from deskbell import speech
from deskbell.speech import Heard
from deskbell.speech.hearing import ear as ears
from deskbell.speech.hearing.endpoints import FRAME, Change, Endpointer
from deskbell.speech.hearing.phonemes import arpabet, folded, spoken_by_rule
from deskbell.speech.hearing.pronunciations import readings

NAMES = ["Alice Smith", "Bob Jones", "Krzysztof Wojciechowski", "Ngozi Okonkwo", "Sales", "101"]
SILENCE = b"\xff" * 8000


class Caller:
    """Somebody who says something to an ear of their own; collects what it tells."""

    def __init__(self, hints: Sequence[str], end_silence: float = 0.8) -> None:
        self.told: queue.SimpleQueue[Heard] = queue.SimpleQueue()
        self.ear = speech.open_ear(
            language="en-US", hints=hints, on_heard=self.told.put, end_silence=end_silence
        )
        self.ear.hear(SILENCE[:2400])

    def says(self, text: str, voice: str = "Man") -> None:
        self.ear.hear(speech.speak_mulaw(text, voice=voice))

    def final(self) -> Heard:
        while not (heard := self.told.get(timeout=60)).is_final:
            pass
        return heard


@pytest.mark.parametrize("said", NAMES[:5])
def test_a_name_out_of_the_directory_is_understood(said: str) -> None:
    caller = Caller(NAMES)

    caller.says(said)
    caller.ear.hear(SILENCE)

    heard = caller.final()
    assert heard.text == said
    assert heard.confidence > 0.4
    assert said not in [text for text, _ in heard.alternatives]


def test_a_number_is_understood_digit_by_digit() -> None:
    caller = Caller(NAMES)

    caller.says("one oh one")
    caller.ear.finish()

    assert caller.final().text == "101"


def test_speech_is_noticed_first_and_understood_in_part_at_a_pause() -> None:
    caller = Caller(["Alice", "Alice Smith"], end_silence=5.0)

    caller.says("Alice")
    assert caller.told.get(timeout=60) == Heard("", 0.0, is_final=False)
    caller.ear.hear(SILENCE[:4000])
    partial = caller.told.get(timeout=60)
    assert (partial.text, partial.is_final) == ("Alice", False)
    caller.says("Alice Smith")
    caller.ear.finish()

    assert "Alice" in caller.final().text


def test_nothing_said_is_nothing_heard() -> None:
    caller = Caller(NAMES)

    caller.ear.hear(SILENCE * 2)
    caller.ear.finish()

    assert caller.final() == Heard("", 0.0, is_final=True)
    assert caller.told.empty(), "silence is not speech"


def test_a_closed_ear_tells_nothing_more() -> None:
    closed, other = Caller(NAMES), Caller(NAMES)

    closed.ear.close()
    closed.says("Alice Smith")
    closed.ear.finish()
    other.says("Bob Jones")
    other.ear.finish()

    assert other.final().text == "Bob Jones"
    assert closed.told.empty()


def test_several_callers_at_once_hear_their_own_answers() -> None:
    callers = [Caller(NAMES) for _ in range(4)]
    for caller, name in zip(callers, NAMES, strict=False):
        caller.says(name)
        caller.ear.hear(SILENCE)

    assert [caller.final().text for caller in callers] == NAMES[:4]


def test_a_recogniser_that_dies_in_a_call_is_started_again() -> None:
    caller = Caller(NAMES)
    caller.says("Alice Smith")
    for program in ears._HALL.listeners.programs:
        if program.pid:
            os.kill(program.pid, signal.SIGKILL)
    caller.ear.finish()

    assert caller.final().text == "Alice Smith"


def test_a_line_that_goes_dead_after_speech_is_silent() -> None:
    caller = Caller(NAMES, end_silence=0.5)

    caller.says("Bob Jones")

    assert caller.final().text == "Bob Jones"


def test_where_it_is_not_installed_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)

    assert not speech.can_hear("en-US")
    with pytest.raises(speech.SpeechUnavailable, match="pip install pocketsphinx"):
        Caller(NAMES)


def test_english_is_heard_and_no_other_language() -> None:
    assert speech.can_hear("en")
    assert speech.can_hear("google.en-GB-Wavenet-A")
    assert not speech.can_hear("fr-CA")
    with pytest.raises(speech.SpeechUnavailable, match="fr-CA is not understood"):
        speech.open_ear(language="fr-CA", hints=(), on_heard=print)


def test_speech_is_told_from_noise_and_clicks() -> None:
    chance = np.random.default_rng(1)

    def line(*loud: tuple[int, int]) -> list[bytes]:
        samples = chance.normal(0, 150, 200 * FRAME)
        for first, last in loud:
            samples[first * FRAME : last * FRAME] += chance.normal(0, 4000, (last - first) * FRAME)
        mulaw = speech.to_mulaw(np.clip(samples, -32768, 32767).astype("<i2").tobytes())
        return [mulaw[at : at + FRAME] for at in range(0, len(mulaw), FRAME)]

    def began(frames: list[bytes]) -> list[int]:
        ends = Endpointer()
        return [at for at, frame in enumerate(frames) if ends.take(frame) is Change.BEGAN]

    assert began(line()) == []
    assert began(line((50, 52))) == [], "a click of 40 ms is no speech"
    assert began(line((50, 90))) == [52], "noticed within 60 ms"


@pytest.mark.parametrize(
    ("ipa", "expected"),
    [
        ("wɑːdʒsaɪtʃaʊski", "W AA JH S AY CH AW S K IY"),
        ("fɚɹ", "F ER"),
        ("ɲa", "N Y AE"),
        ("ʔ", ""),
        ("", ""),
    ],
)
def test_sounds_become_the_phonemes_of_the_model(ipa: str, expected: str) -> None:
    assert arpabet(ipa.replace("ː", "")) == expected


def test_words_are_read_by_rule_in_their_order() -> None:
    said = spoken_by_rule(["okonkwo", "siobhan", "abc"])
    assert [way.split()[0] for way in said] == ["AA", "SH", "EY"]
    assert spoken_by_rule([]) == []


def test_rules_are_done_without_where_nothing_has_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert spoken_by_rule(["okonkwo", "smith"]) == ["", ""]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("José Müller-Łuka", "jose muller luka"),
        ("O\u2019Brien", "o'brien"),
        ("Nguyễn", "nguyen"),
        ("...", ""),
    ],
)
def test_letters_are_plain(text: str, expected: str) -> None:
    assert folded(text) == expected


@pytest.mark.parametrize(
    ("hint", "expected"),
    [
        ("101", {"one zero one", "one oh one", "one hundred one"}),
        ("22", {"two two", "twenty two"}),
        ("1205", {"one two zero five", "one two oh five", "twelve oh five"}),
        ("7", {"seven"}),
        ("Dr Smith", {"dr smith"}),
        ("", set()),
    ],
)
def test_numbers_are_read_in_every_usual_way(hint: str, expected: set[str]) -> None:
    assert {" ".join(way) for way in readings(hint)} == expected


def test_without_hints_any_english_is_taken() -> None:
    caller = Caller([])

    caller.says("please call me tomorrow")
    caller.ear.finish()

    heard = caller.final()
    assert heard.is_final
    assert "tomorrow" in heard.text.split()


def test_a_stranger_with_a_known_surname_is_not_surely_somebody() -> None:
    names = ["Alice Smith", "Bob Jones", "Carol Thompson", "David Walker"]
    known, stranger = Caller(names), Caller(names)

    known.says("Carol Thompson")
    known.ear.finish()
    stranger.says("Carol Walker")
    stranger.ear.finish()

    assert stranger.final().confidence < known.final().confidence
