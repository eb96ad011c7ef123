"""What a code of an authenticator app has to be, and how long guessing is made to wait; pure.

Sources: RFC 4226 section 5.3 (HOTP), RFC 6238 sections 4 and 5.2 (time steps, one use each).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

STEP_SECONDS: Final = 30
DIGITS: Final = 6
# RFC 6238, 5.2: at most one step for the way of a code to us.
NEAR: Final = 1
# A clock that is off by up to ten minutes gets words of its own.
FAR: Final = 20
FREE_GUESSES: Final = 10
WAITS: Final = (timedelta(minutes=15), timedelta(minutes=30), timedelta(hours=1))


def step_at(at: datetime) -> int:
    """The number of the half minute that `at` is in."""
    return int(at.timestamp()) // STEP_SECONDS


def code_of(secret: str, step: int) -> str:
    """The six digits that an app with this secret (base32) shows in that half minute."""
    key = base64.b32decode(secret, casefold=True)
    made = hmac.digest(key, step.to_bytes(8, "big"), hashlib.sha1)
    start = made[-1] & 0x0F
    value = int.from_bytes(made[start : start + 4], "big") & 0x7FFF_FFFF
    return f"{value % 10**DIGITS:0{DIGITS}}"


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of a code: its half minute (None: it is no code of these times), and whether
    it counts now."""

    step: int | None = None
    counts: bool = False
    was_used: bool = False
    steps_off: int = 0


def look_at(
    code: str, secret: str, at: datetime, *, last: int = -1, burned: Collection[int] = ()
) -> Seen:
    """Says what a typed code is.

    A code counts in its own half minute and the one on either side, once, and none counts after a
    newer one did (`last` is the step of the newest). A code of a clock that runs ahead is right
    later, so whoever guessed one must not be able to wait for that: steps in `burned` never count.
    """
    now = step_at(at)
    step = _step_of(code, secret, now, sorted(range(-FAR, FAR + 1), key=abs))
    if step is None:
        return Seen()
    off = step - now
    used = step <= last or step in burned
    return Seen(step, counts=abs(off) <= NEAR and not used, was_used=used, steps_off=off)


def _step_of(code: str, secret: str, now: int, offs: Iterable[int]) -> int | None:
    for off in offs:
        if hmac.compare_digest(code_of(secret, now + off), code):
            return now + off
    return None


def words_of(seen: Seen) -> str:
    """What is wrong with a code that does not count, and what would be right."""
    if seen.step is not None and abs(seen.steps_off) > NEAR:
        seconds = abs(seen.steps_off) * STEP_SECONDS
        way = "behind" if seen.steps_off < 0 else "ahead"
        about = f"{seconds} seconds" if seconds <= 90 else f"{round(seconds / 60)} minutes"
        return (
            f"The clock of your authenticator app is about {about} {way}. Set the date and time"
            " of that device to automatic, then type the next code it shows."
        )
    if seen.was_used:
        return "This code was used already. Wait for your app to show the next one, and type that."
    return (
        "This is not the code that your authenticator app shows now. Check that it is the one for"
        " Deskbell, and type it before it changes."
    )


def locked_until(wrong: int, last_at: datetime | None) -> datetime | None:
    """Until when no code is looked at, after `wrong` wrong ones in a row; None where one may try.

    Ten are free. From the tenth on each one makes the next wait, at last an hour, so that
    guessing one of a million codes takes a hundred years, and nobody is shut out for ever.
    """
    if wrong < FREE_GUESSES or last_at is None:
        return None
    return last_at + WAITS[min(wrong - FREE_GUESSES, len(WAITS) - 1)]
