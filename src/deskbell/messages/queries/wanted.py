"""What a list of messages is of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db.models import Q

from ..models import SELF_TEST, MessageStatus

Tab = Literal["new", "acknowledged"]

# A self-test is for whoever is on call while it is under way; what came of it is the operator's.
_ACKNOWLEDGED = Q(status=MessageStatus.ACKNOWLEDGED)
_SELF_TEST = Q(origin=SELF_TEST)
_KEPT = Q(recording__isnull=False, recording__removed_at=None)
TABS: dict[Tab, Q] = {
    "new": ~_ACKNOWLEDGED & ~(_SELF_TEST & Q(status=MessageStatus.EXHAUSTED)),
    "acknowledged": _ACKNOWLEDGED & ~_SELF_TEST,
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is of: everything that is given must hold.

    `search` is words and "phrases", found in sender, numbers, company, content, answers and notes
    (transcripts are for those who may hear recordings: `calls.queries`); messages were created in
    [`since`, `until`); `number_ids` are ids of the numbers that were called; `status` is a
    MessageStatus. A recording that is no longer kept is none.
    """

    tab: Tab | None = None
    search: str = ""
    since: datetime | None = None
    until: datetime | None = None
    number_ids: frozenset[int] = frozenset()
    status: str = ""
    is_emergency: bool | None = None
    has_recording: bool | None = None
    updated_since: datetime | None = None

    @property
    def is_whole_tab(self) -> bool:
        """Whether it is all of a tab, or all there is."""
        return self == Wanted(tab=self.tab)

    def conditions(self) -> Q:
        """All of it but the search, on messages."""
        given = {
            "created_at__gte": self.since,
            "created_at__lt": self.until,
            "did__in": sorted(self.number_ids) or None,
            "status": self.status or None,
            "is_emergency": self.is_emergency,
            "updated_at__gte": self.updated_since,
        }
        found = Q(**{name: value for name, value in given.items() if value is not None})
        if self.has_recording is not None:
            found &= _KEPT if self.has_recording else ~_KEPT
        return found & TABS[self.tab] if self.tab else found
