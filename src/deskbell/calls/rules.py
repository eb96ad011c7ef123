"""How long a call was in each stage, and what of that counts as which usage. Pure.

Source: seed 000, "Call Recordings API", the example's `cdr`; "Month To Date Usage Report".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

IVR: Final = "ivr"
WAIT: Final = "wait"
TALK: Final = "talk"
HOLD: Final = "hold"
TRANSFER: Final = "transfer"
CONFERENCE: Final = "conference"
CONFERENCE_HOLD: Final = "conference_hold"
WRAP: Final = "wrap"
INBOUND: Final = "InboundCall"
OUTBOUND: Final = "OutboundCall"
INTERNAL: Final = "InternalCall"
KINDS: Final = (INBOUND, OUTBOUND, INTERNAL)

_SECOND: Final = timedelta(seconds=1)
_HALF: Final = timedelta(milliseconds=500)
_NONE: Final = timedelta(0)


@dataclass(frozen=True, slots=True)
class Seconds:
    """Whole seconds of a call, by what the caller met.

    Those of the attendant, waiting, talk, hold, transfer and conference add up to the connection
    to within rounding; `conference_talk` is part of the conference, `wrap` comes after the end.
    """

    ivr: int = 0
    wait: int = 0
    talk: int = 0
    hold: int = 0
    transfer: int = 0
    wrap: int = 0
    conference: int = 0
    conference_talk: int = 0
    connection: int = 0


def seconds_of(
    stages: Iterable[tuple[str, datetime]],
    answered_at: datetime,
    ended_at: datetime,
    wrapped_up_at: datetime | None,
) -> Seconds:
    """The seconds of a call from its stages: each a name and from when on, in any order.

    A call is in the attendant until its first stage. What lies before the answer or after the end
    is cut off; wrapping up is the time from the end until it was done, whatever the stages say.
    Of the attendant and of waiting only whole seconds count; a receptionist's time is rounded to
    the nearest: so the seed's example comes out as it is printed.
    """
    ended_at = max(ended_at, answered_at)
    spent = _spent(stages, answered_at, ended_at)
    confer = spent[CONFERENCE] + spent[CONFERENCE_HOLD]
    return Seconds(
        ivr=spent[IVR] // _SECOND,
        wait=spent[WAIT] // _SECOND,
        talk=_nearest(spent[TALK]),
        hold=_nearest(spent[HOLD]),
        transfer=_nearest(spent[TRANSFER]),
        wrap=_nearest(max(_NONE, wrapped_up_at - ended_at)) if wrapped_up_at else 0,
        conference=_nearest(confer),
        conference_talk=_nearest(spent[CONFERENCE]),
        connection=_nearest(ended_at - answered_at),
    )


def _spent(
    stages: Iterable[tuple[str, datetime]], answered_at: datetime, ended_at: datetime
) -> dict[str, timedelta]:
    """How long each stage lasted; one that is no part of the call lengthens the one before it."""
    spent: dict[str, timedelta] = defaultdict(timedelta)
    now, since = IVR, answered_at
    for stage, at in sorted(stages, key=lambda each: each[1]):
        if stage == WRAP:
            continue
        moment = min(max(at, answered_at), ended_at)
        spent[now] += moment - since
        now, since = stage, moment
    spent[now] += ended_at - since
    return spent


def _nearest(span: timedelta) -> int:
    return (span + _HALF) // _SECOND


@dataclass(frozen=True, slots=True)
class Usage:
    """What calls used: how many, how many with a receptionist, and the seconds of either kind.

    `half_minutes` and `whole_minutes` are what plans count: how many begun spans of 30 and of 60 s
    each call had, of both kinds together.
    """

    calls: int = 0
    assisted_calls: int = 0
    standard_seconds: int = 0
    assisted_seconds: int = 0
    half_minutes: int = 0
    whole_minutes: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.calls + other.calls,
            self.assisted_calls + other.assisted_calls,
            self.standard_seconds + other.standard_seconds,
            self.assisted_seconds + other.assisted_seconds,
            self.half_minutes + other.half_minutes,
            self.whole_minutes + other.whole_minutes,
        )

    def __sub__(self, other: Usage) -> Usage:
        return Usage(
            self.calls - other.calls,
            self.assisted_calls - other.assisted_calls,
            self.standard_seconds - other.standard_seconds,
            self.assisted_seconds - other.assisted_seconds,
            self.half_minutes - other.half_minutes,
            self.whole_minutes - other.whole_minutes,
        )

    @property
    def seconds(self) -> int:
        """Those of both kinds."""
        return self.standard_seconds + self.assisted_seconds


def usage_of(seconds: Seconds, *, is_assisted: bool) -> Usage:
    """What one call used. Without a receptionist all of it is standard; with one, what came before
    them is, and what they did is assisted, until they have written it down. A call that nobody
    answered, as one that told of a message and found the line busy, uses nothing."""
    if not is_assisted:
        return _used(min(1, seconds.connection), 0, seconds.connection, 0)
    by_them = seconds.talk + seconds.hold + seconds.transfer + seconds.conference + seconds.wrap
    return _used(1, 1, seconds.ivr + seconds.wait, by_them)


def _used(calls: int, assisted_calls: int, standard: int, assisted: int) -> Usage:
    used = standard + assisted
    return Usage(calls, assisted_calls, standard, assisted, -(-used // 30), -(-used // 60))
