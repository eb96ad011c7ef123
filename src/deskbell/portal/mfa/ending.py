"""Ending sessions, which signing in knows how to; asked late, because signing in asks us too."""

from __future__ import annotations

from django.http import HttpRequest

from deskbell.accounts.models import User


def end_others(request: HttpRequest) -> None:
    """Ends the person's sessions but this one."""
    from ..sign_in.sessions import end_other_sessions

    end_other_sessions(request)


def end_all(user: User) -> None:
    """Ends every session of a person."""
    from ..sign_in.sessions import end_all_sessions

    end_all_sessions(user)
