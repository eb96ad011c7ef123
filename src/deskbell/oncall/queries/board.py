"""Who is on call, as the rules of escalation ask it: the board of one account, from its rows.

It remembers what it was told, for the length of one batch of steps or one forecast; who is on call
now is asked anew for the next.
"""

from __future__ import annotations

from datetime import datetime

from deskbell.contacts.models import DeliveryMethod

from ..models import EscalationLevel
from ..rules.chains import Rung
from . import calendars


class AccountBoard:
    """The levels of an account and who is on call there; reads rows as they are asked for.

    A level that is about to be deleted can be left out by its id, `without`.
    """

    def __init__(self, account_id: int, *, without: int | None = None) -> None:
        self._account_id, self._without = account_id, without
        self._levels: dict[int, EscalationLevel | None] = {}
        self._on_call: dict[tuple[int, datetime], list[DeliveryMethod]] = {}
        self._fallback: dict[int, list[DeliveryMethod]] = {}
        self._account_fallback: list[DeliveryMethod] | None = None

    def level(self, level_id: int) -> EscalationLevel | None:
        """The account's level with this id; None where there is none."""
        if level_id not in self._levels:
            found = EscalationLevel.objects.filter(account_id=self._account_id, pk=level_id)
            self._levels[level_id] = found.first()
        return self._levels[level_id]

    def rung(self, level_id: int) -> Rung | None:
        """See `rules.chains.Board`."""
        level = self.level(level_id)
        return None if level is None else self._rung(level)

    def first(self) -> Rung | None:
        """See `rules.chains.Board`."""
        found = calendars.levels().filter(account_id=self._account_id)
        if self._without is not None:
            found = found.exclude(pk=self._without)
        level = found.first()
        return None if level is None else self._rung(level)

    def on_call(self, level_id: int, at: datetime) -> list[DeliveryMethod]:
        """See `rules.chains.Board`."""
        level = self.level(level_id)
        if level is None:
            return []
        if (level_id, at) not in self._on_call:
            self._on_call[level_id, at] = calendars.on_call(level, at)
        return self._on_call[level_id, at]

    def level_fallback(self, level_id: int) -> list[DeliveryMethod]:
        """See `rules.chains.Board`."""
        level = self.level(level_id)
        if level is None or level.fallback_id is None:
            return []
        if level_id not in self._fallback:
            self._fallback[level_id] = calendars.level_fallback(level)
        return self._fallback[level_id]

    def account_fallback(self) -> list[DeliveryMethod]:
        """See `rules.chains.Board`."""
        if self._account_fallback is None:
            self._account_fallback = calendars.account_fallback(self._account_id)
        return self._account_fallback

    def next_shift(self, level_id: int, at: datetime) -> datetime | None:
        """See `rules.chains.Board`."""
        level = self.level(level_id)
        return None if level is None else calendars.next_shift(level, at)

    def _rung(self, level: EscalationLevel) -> Rung:
        self._levels[level.pk] = level
        return Rung(
            level_id=level.pk,
            name=level.name,
            repeat=level.repeat,
            repeat_seconds=level.repeat_seconds,
            wait_seconds=level.wait_seconds,
            following=None if level.next_level_id == self._without else level.next_level_id,
            loops=level.loops,
            holds=level.hold_until_on_call,
        )
