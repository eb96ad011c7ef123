"""`self-test`: messages that are sent every so often to see that somebody is reached."""

from __future__ import annotations

import argparse
import re
import sys
from datetime import datetime

from deskbell.accounts.models import Account
from deskbell.foundation import clock
from deskbell.foundation.durations import in_words
from deskbell.foundation.errors import InvalidInput, NotFound
from deskbell.oncall import actions, queries
from deskbell.oncall.models import EscalationLevel, SelfTest
from deskbell.platform.tenancy import account_scope

from .accounts import account_named

_SECONDS = {"m": 60, "h": 3600, "d": 86400}
_LENGTH = re.compile(r"([1-9][0-9]{0,5})([mhd])")


def self_test(chosen: argparse.Namespace) -> int:
    """Adds, lists, removes or sends self-tests of an account's levels.

    Raises NotFound for an account or a level that is not there, and what the actions raise.
    """
    account = account_named(chosen.account)
    with account_scope(account.pk):
        if chosen.action == "list":
            _list(account)
            return 0
        level = _level_named(account, chosen.level)
        at = clock.now()
        if chosen.action == "add":
            test = actions.add_self_test(
                level=level,
                every_seconds=_seconds(chosen.every, "--every"),
                within_seconds=_seconds(chosen.within, "--within"),
                at=at,
            )
            sys.stdout.write(f"{_words(test)}; the first goes out within a minute\n")
        elif chosen.action == "now":
            message = actions.send_self_test(level=level, at=at)
            sys.stdout.write(f"Message {message.pk} is on its way to {level.name}\n")
        elif not actions.remove_self_test(level=level):
            raise NotFound(f"{level.name} is not tested")
    return 0


def _list(account: Account) -> None:
    tests = SelfTest.objects.filter(account=account).select_related("level").order_by("level_id")
    for test in tests:
        told = [_words(test)]
        for name, when in (("passed", test.passed_at), ("failed", test.failed_at)):
            if when is not None:
                told.append(f"{name} at {_instant(when)}")
        sys.stdout.write(f"{'; '.join(told)}\n")
    if not tests:
        sys.stdout.write("No level is tested\n")


def _words(test: SelfTest) -> str:
    every, within = in_words(test.every_seconds), in_words(test.within_seconds)
    return f"{test.level.name} is tested every {every}, to be acknowledged within {within}"


def _instant(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def _level_named(account: Account, name: str) -> EscalationLevel:
    levels = list(queries.levels().filter(account=account))
    for level in levels:
        if level.name.casefold() == name.casefold():
            return level
    names = ", ".join(level.name for level in levels) or "none yet"
    raise NotFound(f"{account.number} has no level {name}; there are {names}")


def _seconds(text: str, option: str) -> int:
    found = _LENGTH.fullmatch(text)
    if found is None:
        raise InvalidInput(f"{option} takes a length of time as 10m, 24h or 7d, not {text!r}")
    return int(found[1]) * _SECONDS[found[2]]
