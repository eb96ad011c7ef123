"""What reads of calendars give: bars to draw, stretches of duty, what a deletion breaks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from deskbell.scripts.models import Script

from ..models import EscalationLevel


class Who(NamedTuple):
    """A contact."""

    id: int
    name: str


class Way(NamedTuple):
    """A delivery method, and the id of its contact."""

    id: int
    kind: str
    address: str
    contact_id: int


@dataclass(frozen=True, slots=True)
class Replaced:
    """A contact of a shift that an override takes out, between two instants."""

    start: datetime
    end: datetime
    contact_id: int


@dataclass(frozen=True, slots=True)
class Bar:
    """One instance of an event, or what an override puts there, on one level.

    `start` and `end` are instants in UTC; `wall_start` and `wall_end` the wall-clock times as they
    were set, without an offset (an end of 11:59 PM is kept as such). `kind` is `shift` or
    `override`.

    A shift has the id and uid of its event (`series_id`: of the series that it belongs to, itself
    where it is one; None for one that happens once), the `words` of the rule, and `day`, the start
    day by which `edit_event` knows the instance. `is_changed` marks one that was changed by hand.
    `replaced` says who of it is taken out when; such a shift stays whole.

    An override has its id and its `override_kind`; `takes_out` is whom it takes out, the contacts
    and methods are whom it puts in. `is_idle`: it changes nothing then, as when the contact that
    it replaces is not on call. Nobody chosen, or nobody left, is a bar without contacts.
    """

    level_id: int
    kind: str
    start: datetime
    end: datetime
    wall_start: datetime
    wall_end: datetime
    day: date
    contacts: tuple[Who, ...]
    methods: tuple[Way, ...]
    event_id: int | None = None
    series_id: int | None = None
    uid: str = ""
    words: str = ""
    note: str = ""
    is_recurring: bool = False
    is_changed: bool = False
    replaced: tuple[Replaced, ...] = ()
    override_id: int | None = None
    override_kind: str = ""
    takes_out: Who | None = None
    is_idle: bool = False

    @property
    def is_replaced(self) -> bool:
        """Whether overrides take everybody out of the whole of it: it is shown struck through."""
        out = {
            each.contact_id
            for each in self.replaced
            if each.start <= self.start and each.end >= self.end
        }
        return bool(self.contacts) and out >= {contact.id for contact in self.contacts}


@dataclass(frozen=True, slots=True)
class Stretch:
    """Who is effectively on call on a level from one instant to another; nobody: no contacts."""

    level_id: int
    start: datetime
    end: datetime
    contacts: tuple[Who, ...]


@dataclass(frozen=True, slots=True)
class Breakage:
    """What breaks where a level is deleted: the levels that chain to it, the messages that are on
    it and go on, its self-tests and its events (a series is one)."""

    chained_from: list[EscalationLevel]
    open_messages: int
    self_tests: int
    events: int
    scripts: list[Script]
