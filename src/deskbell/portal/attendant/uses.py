"""Where something that needs a menu or an announcement can be looked at."""

from __future__ import annotations

from django.urls import reverse

from deskbell.attendant.rules.edits import Use


def url_of(use: Use) -> str:
    """The page of the system, menu or schedule that a use is about."""
    return reverse(f"attendant:{use.kind}", args=[use.sid])


def words_of(use: Use) -> str:
    """The user in words, where nothing follows them: `Menu "Night", while it rings`."""
    return use.words.removesuffix(",")
