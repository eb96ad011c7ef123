"""`operator`: the first operator, whom no page can make, and one who cannot sign in any more."""

from __future__ import annotations

import argparse
import getpass
import sys

from deskbell.accounts.actions import add_user
from deskbell.accounts.models import Staff, User
from deskbell.foundation import clock
from deskbell.foundation.errors import InvalidInput, NotFound
from deskbell.portal import mfa


def operator(chosen: argparse.Namespace) -> int:
    """Adds or lists operators, or removes the second factor of one.

    The password is asked for, or read from standard input. Raises what `accounts.actions.add_user`
    and `portal.mfa.reset` raise, and NotFound for somebody who is no operator.
    """
    if chosen.action == "add":
        made = add_user(
            email=chosen.email,
            name=chosen.name,
            password=_password(chosen.email),
            at=clock.now(),
            staff=Staff.OPERATOR,
        )
        sys.stdout.write(f"{made.email} is an operator, and can sign in\n")
    elif chosen.action == "reset-mfa":
        found = User.objects.with_email(chosen.email)
        if found is None or found.staff != Staff.OPERATOR:
            raise NotFound(f"no operator signs in as {chosen.email}")
        mfa.reset(user=found, by=None, at=clock.now())
        sys.stdout.write(f"{found.email} has no MFA any more\n")
    else:
        for each in User.objects.filter(staff=Staff.OPERATOR).order_by("email"):
            sys.stdout.write(f"{each.email:<40} {each.status:<10} {each.name}\n")
    return 0


def _password(email: str) -> str:
    if sys.stdin.isatty():
        found = getpass.getpass(f"Password of {email}: ")
    else:
        found = sys.stdin.readline().rstrip("\n")
    if not found:
        raise InvalidInput("an operator needs a password, on standard input")
    return found
