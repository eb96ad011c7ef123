"""Reads of attendants, in an account's scope unless they say otherwise."""

from __future__ import annotations

from deskbell.accounts.models import PhoneNumber

from .configuration import configuration
from .models import (
    Announcement,
    Prompt,
    Sentence,
    System,
    SystemNumber,
)
from .rules import Configuration


def configuration_for(system: System) -> Configuration:
    """The system as callers meet it; read once per change."""
    return configuration(system.pk, system.version)


def system_for(number: PhoneNumber) -> System | None:
    """The system that a call to the number meets; the oldest for an extension in several."""
    found = (
        SystemNumber.objects.select_related("system")
        .filter(phone_number=number)
        .order_by("is_extension", "id")
        .first()
    )
    return found.system if found else None


def prompts_in_use() -> list[str]:
    """The SHA-256 names of all prompts that callers may be played, sorted. Needs a system scope."""
    of_sentences = Sentence.objects.values_list("prompt_id", flat=True)
    of_announcements = Announcement.objects.exclude(prompt=None).values_list("prompt_id", flat=True)
    return sorted({name for name in (*of_sentences, *of_announcements) if name})


def prompt_audio(sha256: str) -> bytes | None:
    """A prompt's G.711 µ-law bytes, None where there is none. Needs no scope."""
    found = Prompt.objects.filter(sha256=sha256).values_list("audio", flat=True).first()
    return None if found is None else bytes(found)
