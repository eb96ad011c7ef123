"""What a caller hears: the right words' length and loudness, at 8 kHz, from the engines here."""

from __future__ import annotations

import math
import os
import queue
import select
import signal
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from deskbell import speech
from deskbell.foundation.errors import InvalidInput
from deskbell.speech import registry
from deskbell.speech.programs import Program
from deskbell.speech.provider import Voice
from deskbell.speech.providers.espeak.engine import ESPEAK
from deskbell.speech.providers.piper import engine as piper_engine
from deskbell.speech.providers.piper.engine import PIPER, WOMAN_VARIABLE, Piper

THANKS = "Thank you for calling"
PIPER_PROGRAM = [str(Path(piper_engine.__file__).with_name("program.py"))]


def seconds_of(pcm: bytes) -> float:
    return len(pcm) / 16000


def decibels_of(pcm: bytes) -> float:
    """RMS of PCM16; full scale is 0."""
    values = struct.unpack(f"<{len(pcm) // 2}h", pcm)
    return 20 * math.log10(math.sqrt(sum(v * v for v in values) / len(values)) / 32768 + 1e-9)


def has_ended(pid: int, *, seconds: float) -> bool:
    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    with os.fdopen(process):
        return bool(select.select([process], [], [], seconds)[0])


@pytest.mark.parametrize("voice", ["Man", "woman"])
def test_english_is_spoken_at_telephone_rate_and_loudness(voice: str) -> None:
    pcm = speech.speak(THANKS, voice=voice)

    assert 0.7 < seconds_of(pcm) < 2.5
    assert -26 < decibels_of(pcm) < -17
    assert decibels_of(pcm[:160]) < -35, "starts with its silence trimmed, but not inside a word"
    assert decibels_of(pcm[: 16 * 250]) > -35, "a word is heard within a quarter of a second"


def test_longer_text_takes_longer_and_nothing_of_it_is_lost() -> None:
    once = seconds_of(speech.speak("Press one for sales."))
    often = seconds_of(speech.speak("Press one for sales. " * 6))

    assert 5 < often / once < 8


def test_both_engines_are_equally_loud() -> None:
    levels = [decibels_of(speech.speak(THANKS, voice=voice)) for voice in ("Man", "Woman")]

    assert abs(levels[0] - levels[1]) < 4


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("bf", "Bonjour et bienvenue"),
        ("dan", "Tak fordi du ringer"),
        ("ru", "Спасибо за звонок"),
        ("google.es-MX-Wavenet-A", "Gracias por llamar"),
        ("awspolly.ja-JP", "ありがとう ございます"),
    ],
)
def test_other_languages_are_spoken(language: str, text: str) -> None:
    pcm = speech.speak(text, language=language)

    assert 0.7 < seconds_of(pcm) < 4
    assert decibels_of(pcm) > -30


def test_every_language_on_offer_has_a_voice() -> None:
    listed = subprocess.run(
        ["espeak-ng", "--voices"], capture_output=True, text=True, check=True
    ).stdout
    known = {line.split()[1] for line in listed.splitlines()[1:]}

    assert {ESPEAK.voice_for(tag) for tag in speech.languages()} <= known


def test_mulaw_is_one_byte_a_sample() -> None:
    ulaw = speech.speak_mulaw(THANKS, voice="Woman")

    assert 0.7 < len(ulaw) / 8000 < 2.5
    assert decibels_of(speech.from_mulaw(ulaw)) > -26


@pytest.mark.parametrize("text", ["", " \n\t", "...", "\x00\x1b", "x" * 5001])
def test_text_without_words_or_end_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        speech.speak(text)


def test_unknown_voice_is_refused_by_name() -> None:
    with pytest.raises(InvalidInput, match="Man or Woman; not 'Robot'"):
        speech.speak(THANKS, voice="Robot")


@pytest.mark.parametrize("text", ["-w /etc/passwd", "[[h@'loU]] there", "<speak>Hi</speak> \ud800"])
@pytest.mark.parametrize("voice", ["Man", "Woman"])
def test_what_looks_like_a_command_is_only_text(text: str, voice: str) -> None:
    assert seconds_of(speech.speak(text, voice=voice)) > 0.2


def test_a_killed_piper_speaks_again() -> None:
    speech.speak(THANKS)
    pid = PIPER.process.pid
    assert pid
    os.kill(pid, signal.SIGKILL)

    assert seconds_of(speech.speak(THANKS)) > 0.7
    assert PIPER.process.pid != pid


def test_piper_that_takes_too_long_is_ended_and_said_so() -> None:
    process = Program("Piper", PIPER_PROGRAM)

    with pytest.raises(speech.SpeechUnavailable, match="in time"):
        process.ask({"texts": [THANKS]}, seconds=0.0)
    assert process.pid is None


def test_stopping_waits_for_nobody_and_tells_those_who_wait() -> None:
    process = Program("Piper", PIPER_PROGRAM)
    told: queue.SimpleQueue[Exception] = queue.SimpleQueue()

    def ask() -> None:
        try:
            process.ask({"texts": [THANKS], "model": "none", "config": "none"}, seconds=60)
        except speech.SpeechUnavailable as error:
            told.put(error)

    asking = [threading.Thread(target=ask) for _ in range(3)]
    for thread in asking:
        thread.start()
    deadline = time.monotonic() + 10
    while process.pid is None and time.monotonic() < deadline:
        time.sleep(0.001)
    before = time.monotonic()
    process.stop()
    assert time.monotonic() - before < 0.5, "Piper takes longer than that to be imported"
    for thread in asking:
        thread.join(5)
        assert "stopped" in str(told.get(timeout=5))
    assert process.pid is None


def test_piper_says_what_failed_and_goes_on() -> None:
    model = "/nowhere/voice.onnx"
    with pytest.raises(speech.SpeechUnavailable, match=r"nowhere/voice\.onnx"):
        PIPER.process.ask({"texts": [THANKS], "model": model, "config": model}, seconds=60)

    assert seconds_of(speech.speak(THANKS)) > 0.7


def test_piper_ends_with_the_process_that_it_serves() -> None:
    code = (
        "import os, sys; from deskbell.speech.providers.piper.engine import PIPER\n"
        "process = PIPER.process\n"
        "try: process.ask({'texts': [], 'model': 'none', 'config': 'none'}, seconds=60)\n"
        "except Exception: pass\n"
        "print(process.pid, flush=True); os.kill(os.getpid(), 9)"
    )
    source = Path(speech.__file__).parents[2]
    dead = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(source)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
        check=False,
    )
    pid = int(dead.stdout.splitlines()[-1])

    assert has_ended(pid, seconds=20)


@pytest.mark.parametrize(
    ("language", "voice", "provider"),
    [
        ("en-US", "Man", "piper"),
        ("en-GB", "Man", "piper"),
        ("en-US", "Woman", "espeak"),
        ("fr-FR", "Man", "espeak"),
        ("de-DE", "Woman", "espeak"),
    ],
)
def test_the_best_provider_for_language_and_voice(
    language: str, voice: Voice, provider: str
) -> None:
    chosen, spoken_by = registry.choose([PIPER, ESPEAK], language=language, voice=voice)

    assert (chosen.name, spoken_by) == (provider, voice)


def test_what_is_missing_is_made_up_for_or_named() -> None:
    assert registry.choose([ESPEAK], language="en-US", voice="Man") == (ESPEAK, "Man")
    assert registry.choose([PIPER], language="en-US", voice="Woman") == (PIPER, "Man")
    with pytest.raises(speech.SpeechUnavailable, match="apt install espeak-ng"):
        registry.choose([PIPER], language="fr-FR", voice="Man")
    with pytest.raises(speech.SpeechUnavailable, match="pip install piper-tts"):
        registry.choose([], language="en-US", voice="Man")


def test_engines_are_those_that_are_here(monkeypatch: pytest.MonkeyPatch) -> None:
    assert speech.engines() == ["piper", "espeak"]
    monkeypatch.setenv("PATH", "")
    assert speech.engines() == ["piper"]


def test_a_womans_voice_file_is_used_where_it_exists(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    piper = Piper()
    monkeypatch.setenv(WOMAN_VARIABLE, str(tmp_path / "woman.onnx"))
    assert not piper.speaks(language="en-US", voice="Woman")

    (tmp_path / "woman.onnx").touch()
    assert piper.speaks(language="en-US", voice="Woman")


def test_the_door_is_cheap_to_open() -> None:
    code = (
        "import sys; from deskbell import speech; speech.language_tag('en'); "
        "print(speech.engines() and not {'numpy', 'onnxruntime', 'piper'} & set(sys.modules))"
    )
    source = Path(speech.__file__).parents[2]
    told = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(source)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == "True"
