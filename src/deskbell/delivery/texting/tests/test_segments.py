"""What a text costs, and that its end is never what is cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskbell.delivery.texting.segments import cut_to_fit, folded, is_gsm, plain, segments


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("é" * 160, 1),
        ("ж" * 70, 1),
        ("ж" * 71, 2),
        ("🔔" * 35, 1),
        ("🔔" * 36, 2),
        ("a" * 152 + "€" + "a" * 7, 2),  # the sign does not fit where one septet is left
        ("a" * 152 + "€" * 153, 4),
    ],
)
def test_segments_are_counted_as_networks_do(text: str, count: int) -> None:
    assert segments(text) == count


def test_what_word_processors_write_costs_no_more() -> None:
    nice = "\u201cIt\u2019s urgent\u201d \u2013 he said\u2026"
    assert not is_gsm(nice)
    assert plain(nice) == '"It\'s urgent" - he said...'
    assert is_gsm(plain(nice))


def test_the_content_is_cut_and_not_what_surrounds_it() -> None:
    text = cut_to_fit("From Ann: ", "pain " * 200, "\nhttps://bell.example.com/ack/x")
    assert segments(text) == 3
    assert text.startswith("From Ann: pain pain")
    assert text.endswith("...\nhttps://bell.example.com/ack/x")


def test_some_of_the_content_is_always_there() -> None:
    text = cut_to_fit("", "ж" * 500, "x" * 300, least=60)
    assert text.count("ж") == 57


def test_accents_go_before_words_do() -> None:
    assert cut_to_fit("Zoë: ", "a" * 100, "") == "Zoë: " + "a" * 100
    assert cut_to_fit("Zoë: ", "a" * 400, "") == "Zoe: " + "a" * 400
    assert "ж" in cut_to_fit("Zoë: ж", "a" * 400, "")


@given(st.text(max_size=60), st.text(max_size=900), st.text(max_size=60))
def test_what_fits_stays_whole_and_the_rest_fits(before: str, content: str, after: str) -> None:
    text = cut_to_fit(before, content, after, least=0)
    whole = before + content + after
    assert text == whole or segments(text) <= 3
    assert text.startswith((before, folded(before)))
    assert text.endswith((after, folded(after)))
    if segments(whole) <= 3:
        assert text == whole
