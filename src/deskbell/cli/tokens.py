"""`token`: a person's sid and token for the Auto Attendant API."""

from __future__ import annotations

import argparse
import sys

from deskbell.accounts.actions import make_user_token
from deskbell.accounts.models import User
from deskbell.foundation import clock
from deskbell.foundation.errors import NotFound


def token(chosen: argparse.Namespace) -> int:
    """Makes a token for the person with `chosen.email` and prints `sid:token`, this once.

    Raises NotFound for an address of nobody who may sign in.
    """
    user = User.objects.filter(email__iexact=chosen.email).first()
    if user is None or not user.is_active:
        raise NotFound(f"nobody with the email address {chosen.email} may sign in")
    made = make_user_token(user=user, at=clock.now())
    sys.stdout.write(f"{user.sid}:{made}\n")
    sys.stderr.write("Note it now: only its hash is kept.\n")
    return 0
