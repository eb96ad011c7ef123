"""Text that can be kept, and what is said of text that cannot."""

from __future__ import annotations

import pytest

from deskbell.foundation.errors import InvalidInput
from deskbell.foundation.text import checked_text


@pytest.mark.parametrize("text", ["", "Grüße", "שלום", "🦷", "a\nb", "x" * 20])
def test_text_that_can_be_kept(text: str) -> None:
    assert checked_text(text, field="name", most=20) == text


@pytest.mark.parametrize(
    ("text", "said"),
    [("x" * 21, "at most 20 characters; not 21"), ("a\x00b", "NUL"), ("\ud800", "surrogate")],
)
def test_text_that_cannot(text: str, said: str) -> None:
    with pytest.raises(InvalidInput, match=said) as caught:
        checked_text(text, field="name", most=20)
    assert caught.value.field == "name"


def test_text_that_is_needed() -> None:
    with pytest.raises(InvalidInput, match="name is empty; it takes 1 to 20 characters"):
        checked_text(" ", field="name", most=20, needed=True)
