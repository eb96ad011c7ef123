"""The conferences of one gateway: those that take place, by account and name, and the last ones."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from typing import Final

from deskbell.rcml.verbs import Conference

from ..call import Services
from .meeting import Meeting

MOST_REMEMBERED: Final = 200


class Conferences:
    """A name is a conference of one account, as long as somebody is in it."""

    def __init__(self) -> None:
        self._running: dict[tuple[str, str], Meeting] = {}
        self._over: OrderedDict[str, Meeting] = OrderedDict()

    def __iter__(self) -> Iterator[Meeting]:
        return iter((*self._running.values(), *self._over.values()))

    def __len__(self) -> int:
        return len(self._running)

    def open(self, services: Services, account: str, noun: Conference) -> Meeting:
        """The conference of that name, begun where it does not take place yet."""
        key = account, noun.name
        if key not in self._running:
            self._running[key] = Meeting(services, account, noun, close=self._close)
        return self._running[key]

    def find(self, account: str, name: str) -> Meeting | None:
        """The account's conference of that name or sid; also by its sid for a while afterwards."""
        found = self._running.get((account, name))
        if found is not None:
            return found
        return next((m for m in self if m.sid == name and m.account == account), None)

    def _close(self, meeting: Meeting) -> None:
        self._running.pop((meeting.account, meeting.name), None)
        meeting.shut()
        self._over[meeting.sid] = meeting
        if len(self._over) > MOST_REMEMBERED:
            self._over.popitem(last=False)
