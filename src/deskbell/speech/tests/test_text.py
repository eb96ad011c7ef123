from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deskbell.foundation.errors import InvalidInput
from deskbell.speech.providers.piper.pieces import LIMIT, pieces_of
from deskbell.speech.text import clean

AWKWARD = "a1.[]é漢\u0301 \n\r\t\x00\x1b\u2028\u200d\ud800\ufeff\U0001f642"


@pytest.mark.parametrize(
    ("typed", "spoken"),
    [
        ("  Hello \t there ", "Hello there"),
        ("Press 1\nPress 2.\r\n\nPress 3", "Press 1. Press 2. Press 3"),
        ("a\x07b\ufeffc\u202ed", "a b c d"),
        ("\u0915\u094d\u200d\u0937", "\u0915\u094d\u200d\u0937"),
        ("[[x]]", "x"),
    ],
)
def test_clean_keeps_words_and_sentences(typed: str, spoken: str) -> None:
    assert clean(typed) == spoken


@settings(deadline=None)
@given(st.text(alphabet=AWKWARD))
def test_clean_text_is_one_line_that_can_be_encoded(typed: str) -> None:
    try:
        spoken = clean(typed)
    except InvalidInput:
        return
    spoken.encode()
    assert spoken.splitlines() == [spoken]


@pytest.mark.parametrize("start", ["One sentence. ", "one clause, ", "word ", "x"])
def test_long_text_is_parted_where_a_speaker_would(start: str) -> None:
    pieces = pieces_of(start * (3000 // len(start)))

    assert len(pieces) > 1
    assert all(len(piece) <= LIMIT and piece[-1] == start.strip()[-1] for piece in pieces)


@settings(deadline=None)
@given(st.text(alphabet="ab1 .,!\u2014", max_size=2000))
def test_parting_loses_nothing(text: str) -> None:
    assert "".join(pieces_of(text)).replace(" ", "") == text.replace(" ", "")


def test_titles_do_not_end_a_sentence() -> None:
    assert pieces_of("Dr. Smith and Mrs. Jones.") == ["Dr Smith and Mrs Jones."]
