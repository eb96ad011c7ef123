"""Whose rows may be touched now.

Every read and write of an account's rows happens inside a scope: one account's, or the system's
with a reason in words. Outside any scope the query raises, so a forgotten check shows itself in
the first test instead of showing one tenant's rows to another. Scopes are entered by sign-in
(API, portal), by the job wrapper, by signed links and callbacks, and by operators' commands.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from deskbell.foundation.errors import OutOfScope


@dataclass(frozen=True, slots=True)
class Scope:
    """One account's rows, or every account's (`account_id` None) for a reason."""

    account_id: int | None
    reason: str


_current: ContextVar[Scope | None] = ContextVar("deskbell_scope", default=None)


@contextmanager
def _entered(scope: Scope) -> Iterator[Scope]:
    token = _current.set(scope)
    try:
        yield scope
    finally:
        _current.reset(token)


def account_scope(account_id: int) -> AbstractContextManager[Scope]:
    """A context in which only the account's rows can be read and written."""
    return _entered(Scope(account_id, "account"))


def system_scope(reason: str) -> AbstractContextManager[Scope]:
    """A context in which all rows can be touched; `reason` says why, for whoever reads the code."""
    return _entered(Scope(None, reason))


def current_scope() -> Scope:
    """The scope that is entered. Raises OutOfScope where none is."""
    scope = _current.get()
    if scope is None:
        raise OutOfScope("Rows of accounts need an account_scope or a system_scope around them")
    return scope
