"""Whether a typed code counts: one look at a time, every code once, and guesses limited."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt
from django.db import transaction

from deskbell.accounts.actions.staying import hold_user
from deskbell.accounts.models import User
from deskbell.audit.actions import write
from deskbell.audit.rules import Door
from deskbell.lines.vault import Sealed
from deskbell.platform.jobs import enqueue

from .errors import TooManyGuesses, WrongCode
from .jobs import tell
from .rules import DIGITS, FAR, FREE_GUESSES, Seen, locked_until, look_at, words_of
from .standing import Type

LOCKED: Final = (
    "Too many wrong codes. Type the next one in {wait}, or use a passkey. If it was not you who"
    " typed them, choose a new password: somebody knows yours."
)
EMPTY: Final = "Type the six digits that your authenticator app shows, or a recovery code."
UNREADABLE: Final = (
    "Deskbell can no longer read what your codes are made of: its key has changed. Use a passkey,"
    " or ask an operator to remove your MFA."
)
WRONG_RECOVERY: Final = (
    "This is none of your recovery codes that are left. Each has eight digits, and works once."
)


def plain(code: str) -> str:
    """A typed code without the spaces and dashes that people read it in groups by."""
    return "".join(each for each in code if each.isascii() and each.isalnum())


def check_code(*, user: User, code: str, at: datetime) -> Authenticator:
    """Gives the app or the recovery codes that a code is of, and uses it up.

    Counts guesses. Raises WrongCode, and TooManyGuesses while none is looked at, in words.
    """
    typed = plain(code)
    if not typed:
        raise WrongCode(EMPTY, field="code")
    try:
        with transaction.atomic():
            hold_user(user)  # guesses of many at a time are looked at one by one
            found, error = _look(user, typed, at)
    except Sealed as unread:
        raise WrongCode(UNREADABLE, field="code") from unread
    if error is not None:
        raise error
    assert found is not None  # noqa: S101 _look gives one of both
    return found


def _look(
    user: User, typed: str, at: datetime
) -> tuple[Authenticator | None, WrongCode | TooManyGuesses | None]:
    """What a code is of, or what is wrong with it; no error is raised, so that counts are kept."""
    with_codes = Authenticator.objects.filter(user_id=user.pk).exclude(type=Type.WEBAUTHN)
    rows = {each.type: each for each in with_codes.order_by("pk")}
    if not rows:
        return None, WrongCode(EMPTY, field="code")
    counted = next(iter(rows.values()))
    until = locked_until(*_guesses(counted))
    if until is not None and at < until:
        return None, TooManyGuesses(LOCKED.format(wait=_in_words(until - at)), field="code")
    words = EMPTY
    for kind, look in ((Type.TOTP, _of_app), (Type.RECOVERY_CODES, _of_recovery)):
        if kind in rows and (len(typed) == DIGITS) == (kind == Type.TOTP):
            words = look(rows[kind], typed, at)
    _count(counted, user, wrong=bool(words), at=at)
    if words:
        return None, WrongCode(words, field="code")
    return rows[Type.TOTP if len(typed) == DIGITS else Type.RECOVERY_CODES], None


def _of_app(app: Authenticator, typed: str, at: datetime) -> str:
    """What is wrong with an app's code; empty where it counts. Writes that it was seen."""
    data = app.data
    seen = look_at(
        typed,
        decrypt(data["secret"]),
        at,
        last=data.get("last_step", -1),
        burned=data.get("burned", ()),
    )
    if seen.step is None or seen.was_used:
        return words_of(seen)
    keep_step(data, seen)
    app.save(update_fields=["data"])
    return "" if seen.counts else words_of(seen)


def keep_step(data: dict[str, Any], seen: Seen) -> None:
    """Writes into an app's data that a code was seen: it never counts again."""
    if seen.step is None:
        return
    if seen.counts:
        data["last_step"] = seen.step
    elif seen.steps_off > 0:
        kept = [each for each in data.get("burned", []) if each > seen.step - 2 * FAR]
        data["burned"] = [*kept, seen.step]


def _of_recovery(codes: Authenticator, typed: str, at: datetime) -> str:
    # It reads and saves the row by itself, in this transaction.
    if not codes.wrap().validate_code(typed):
        return WRONG_RECOVERY
    codes.refresh_from_db()
    enqueue(tell, user_id=codes.user_id, what="code_used", at=at.isoformat(), detail="")
    return ""


def _guesses(counted: Authenticator) -> tuple[int, datetime | None]:
    last = counted.data.get("wrong_at")
    return counted.data.get("wrong", 0), datetime.fromisoformat(last) if last else None


def _count(counted: Authenticator, user: User, *, wrong: bool, at: datetime) -> None:
    counted.refresh_from_db(fields=["data"])
    guesses = counted.data.get("wrong", 0)
    if wrong:
        counted.data |= {"wrong": guesses + 1, "wrong_at": at.isoformat()}
    elif guesses:
        counted.data |= {"wrong": 0, "wrong_at": None}
    else:
        return
    counted.save(update_fields=["data"])
    if wrong and guesses + 1 == FREE_GUESSES:
        enqueue(tell, user_id=user.pk, what="guessed", at=at.isoformat(), detail="")
        words = "Codes were locked after ten wrong ones"
        write(door=Door.PORTAL, act="codes_locked", words=words, at=at, subject=user.email)


def _in_words(wait: timedelta) -> str:
    minutes = max(1, -int(-wait.total_seconds() // 60))
    return "1 minute" if minutes == 1 else f"{minutes} minutes"
