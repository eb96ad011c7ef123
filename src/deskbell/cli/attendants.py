"""`export` and `import`: an account's auto attendant as one file."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from deskbell.accounts.models import Account
from deskbell.attendant import actions, plans
from deskbell.attendant.rules.differences import Difference, differences
from deskbell.foundation import clock
from deskbell.foundation.errors import InvalidInput
from deskbell.oncall.queries import levels
from deskbell.platform.tenancy import account_scope

from .accounts import account_named


def export(chosen: argparse.Namespace) -> int:
    """Writes the attendant of `chosen.account` to `chosen.file`, `-` for the screen.

    Raises NotFound and InvalidInput.
    """
    account = account_named(chosen.account)
    with account_scope(account.pk):
        text = plans.to_yaml(
            plans.read(account.pk),
            title=f"{account.name}, {account.number}",
            levels=dict(levels().values_list("pk", "name")),
        )
    if chosen.file == "-":
        sys.stdout.write(text)
        return 0
    try:
        Path(chosen.file).write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise InvalidInput(f"{chosen.file} cannot be written: {error.strerror}") from error
    return 0


def bring(chosen: argparse.Namespace) -> int:
    """Has callers of `chosen.account` meet what `chosen.file` says; prints what changed.

    With `chosen.dry_run` it only prints it. Raises InvalidInput that names the line; nothing is
    changed then.
    """
    text = _read(chosen.file)
    account = account_named(chosen.account)
    with account_scope(account.pk):
        live = plans.read(account.pk)
        try:
            plan = plans.plan_for(account.pk, text, live)
            if plan != live and not chosen.dry_run:
                actions.import_yaml(account=account, text=text, at=clock.now(), by="")
        except InvalidInput as error:
            raise InvalidInput(f"{chosen.file}: {error}; nothing was changed") from error
    _report(account, differences(live, plan), dry_run=chosen.dry_run)
    return 0


def _read(name: str) -> str:
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise InvalidInput(f"{name} cannot be read: {error.strerror}") from error
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InvalidInput(
            f"{name}: line {line}: this is not UTF-8; save the file as it"
        ) from error


def _report(account: Account, found: Sequence[Difference], *, dry_run: bool) -> None:
    say = sys.stdout.write
    if not found:
        say(f"Callers of {account.name} meet exactly this already; nothing was changed.\n")
        return
    for each in found:
        say(f'{each.what:<8} {each.kind} "{each.name}"\n')
        for change in each.changes if each.what == "changed" else ():
            before, after = change.before or "(none)", change.after or "(none)"
            say(f"           {change.label}: {before} → {after}\n")
    if dry_run:
        say("Nothing was changed: this was a dry run.\n")
    else:
        say(f"Callers of {account.name} meet this from now on.\n")
