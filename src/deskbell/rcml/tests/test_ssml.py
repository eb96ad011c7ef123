"""What plain voices keep of SSML."""

from __future__ import annotations

import pytest

from deskbell.foundation.errors import InvalidInput
from deskbell.rcml.ssml import LONGEST_BREAK, parts


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("Hello  there", ("Hello there",)),
        ('One<break time="1.5s"/>two', ("One", 1.5, "two")),
        ('One<break time="250ms"/>two', ("One", 0.25, "two")),
        ("One<break/>two", ("One", 0.5, "two")),
        ('One<break strength="strong"/>two', ("One", 0.8, "two")),
        ('One<break strength="none"/>two', ("One", "two")),
        ('<break time="9999s"/>', (LONGEST_BREAK,)),
        ('<break time="soon"/>x', (0.5, "x")),
        ('<sub alias="doctor">Dr</sub> Who', ("doctor Who",)),
        ('Call <say-as interpret-as="telephone">555-0142</say-as>.', ("Call 5 5 5, 0 1 4 2.",)),
        ('<say-as interpret-as="characters">RCML</say-as>', ("R C M L",)),
        ('<say-as interpret-as="cardinal">12</say-as> of', ("12 of",)),
        ("<p>One</p><p>two</p>", ("One", 0.5, "two", 0.5)),
        ("<s>One.</s><s>Two.</s>", ("One. Two.",)),
        ('<prosody rate="slow">Slowly <emphasis>now</emphasis></prosody>!', ("Slowly now!",)),
        ("", ()),
    ],
)
def test_pauses_and_words_are_kept(inside: str, expected: tuple[str | float, ...]) -> None:
    assert parts(f"<speak>{inside}</speak>") == expected


def test_what_is_no_xml_is_refused() -> None:
    with pytest.raises(InvalidInput, match="not well-formed"):
        parts("<speak>")
