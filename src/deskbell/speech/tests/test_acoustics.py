"""The acoustic model is read and made narrow, and takes a line's noise, as it should."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from deskbell import speech
from deskbell.speech.hearing.features import loudness
from deskbell.speech.hearing.narrowband import (
    BANDS,
    CEPSTRA,
    make_narrow,
    narrow_cepstra,
    read_gaussians,
    wide_bands,
)
from deskbell.speech.hearing.noise import Compensation

pocketsphinx = pytest.importorskip("pocketsphinx")

from deskbell.speech.hearing import recogniser  # noqa: E402  only where PocketSphinx is

MODEL = recogniser.MODELS / "en-us"


def tone(hertz: float, loud: float = 3000, seconds: float = 1.0) -> bytes:
    """µ-law."""
    samples = loud * np.sin(np.arange(int(8000 * seconds)) / 8000 * 2 * np.pi * hertz)
    return speech.to_mulaw(samples.astype("<i2").tobytes())


def test_a_narrow_model_opens_and_keeps_what_a_line_lets_through(tmp_path: Path) -> None:
    make_narrow(MODEL, tmp_path)

    decoder = pocketsphinx.Decoder(
        hmm=str(tmp_path), dict=None, lm=None, allphone="", loglevel="FATAL"
    )
    wide, narrow = read_gaussians(MODEL / "means"), read_gaussians(tmp_path / "means")
    assert decoder.config["samprate"] == 8000
    assert narrow.shape == wide.shape
    assert (read_gaussians(tmp_path / "variances") > 0).all()
    # What 13 cepstra say of the bands that are kept is the same before and after.
    bands = wide[0, 0] @ wide_bands()[0].T
    assert narrow[0, 0] == pytest.approx(bands @ narrow_cepstra().T, abs=1e-3)


def test_a_model_of_another_shape_is_refused(tmp_path: Path) -> None:
    raw = (MODEL / "means").read_bytes()
    start = raw.index(b"endhdr\n") + 7
    (tmp_path / "means").write_bytes(raw[:start] + b"\0" * (len(raw) - start))

    with pytest.raises(ValueError, match="not of the shape"):
        make_narrow(tmp_path, tmp_path)


def test_a_tone_is_loud_in_its_own_band() -> None:
    loudest = [int(loudness(tone(hertz)).mean(axis=0).argmax()) for hertz in (300, 1000, 3000)]

    assert loudest == sorted(loudest)
    assert 0 <= loudest[0] < loudest[1] < loudest[2] < BANDS
    assert loudness(b"\xff" * 100).shape == (0, BANDS)


def test_noise_hides_the_differences_between_sounds() -> None:
    model = Compensation(recogniser._acoustics())
    speech_frames = loudness(speech.speak_mulaw("Alice Smith"))
    chance = np.random.default_rng(3)

    def heard_in(noise: float) -> float:
        quiet = np.full((40, BANDS), noise)
        line = np.vstack([quiet, np.logaddexp(speech_frames, noise), quiet])
        means, variances = model.models(line + chance.normal(0, 0.1, line.shape))
        assert np.isfinite(means).all()
        assert (variances > 0).all()
        assert means.shape[-1] == CEPSTRA
        return float(means[:, 0].std(axis=1).mean())

    still, loud = heard_in(2.0), heard_in(float(speech_frames.mean()) + 3)
    assert loud < 0.9 * still, "in noise all sounds are more alike"


@pytest.mark.parametrize("sound", [b"", b"\xff" * 50, b"\xff" * 8000, b"\x00" * 4000])
def test_no_sound_breaks_the_recogniser(sound: bytes) -> None:
    heard = recogniser.Recogniser(["Alice Smith", "Bob Jones"]).hear(sound)

    assert 0 <= float(str(heard["confidence"])) <= 1


def test_hints_that_nobody_can_say_are_never_heard() -> None:
    assert recogniser.Recogniser(["..."]).hear(tone(500))["text"] == ""
