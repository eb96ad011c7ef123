"""On what terms calls are answered: of a number, or of all of an account's others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db import transaction

from deskbell.accounts.models import PhoneNumber
from deskbell.foundation.errors import InvalidInput
from deskbell.platform.changes import touch

from ..models import Answering, Skill
from .staffing import FLOOR


@dataclass(frozen=True, slots=True)
class Terms:
    """See `models.Answering`; times are in seconds."""

    skill: Skill | None = None
    patience_seconds: int = 180
    wrap_seconds: int = 120
    target_seconds: int = 20
    is_recorded: bool = False


_RANGES: Final = {
    "patience_seconds": (10, 3600, "Callers wait 10 seconds to an hour before voicemail"),
    "wrap_seconds": (0, 3600, "After a call there is up to an hour, or none (0)"),
    "target_seconds": (5, 600, "In time is 5 seconds to 10 minutes"),
}


def set_terms(*, account_id: int, number: PhoneNumber | None, terms: Terms) -> Answering:
    """Sets the terms for a number, or without one for all others. Raises InvalidInput."""
    for name, (least, most, words) in _RANGES.items():
        if not least <= getattr(terms, name) <= most:
            raise InvalidInput(words, field=name)
    with transaction.atomic():
        kept, _ = Answering.objects.update_or_create(
            account_id=account_id,
            number=number,
            defaults={
                "skill": terms.skill,
                "patience_seconds": terms.patience_seconds,
                "wrap_seconds": terms.wrap_seconds,
                "target_seconds": terms.target_seconds,
                "is_recorded": terms.is_recorded,
            },
        )
        touch(FLOOR)
    return kept


def forget_terms(*, answering: Answering) -> None:
    """A number's calls are answered as the account's others again."""
    answering.delete()
    touch(FLOOR)
