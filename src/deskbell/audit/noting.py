"""What a view says of what it did. It is kept at the request; the middleware writes it.

What has no request at hand, as the forms that many pages share, notes it `here`: of the request
that is being answered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .rules import Door, changes_of, door_of

if TYPE_CHECKING:  # models are read later than this
    from django.db.models import Model
    from django.http import HttpRequest

    from deskbell.accounts.models import User

_KEPT = "audit_noted"
_SAY_NOTHING = {"id", "sid", "created_at", "updated_at"}
_here: ContextVar[HttpRequest | None] = ContextVar("deskbell_audit_request", default=None)


@dataclass(slots=True)
class Noted:
    """What was said so far."""

    subject: str = ""
    words: str = ""
    account_id: int | None = None
    who: User | None = None
    changes: dict[str, tuple[object, object]] = field(default_factory=dict)
    is_nothing: bool = False

    @property
    def says_something(self) -> bool:
        """Whether a view said what it did."""
        return bool(self.subject or self.words or self.changes)


def noted(request: HttpRequest) -> Noted:
    """What the views said of this request."""
    found: Noted | None = getattr(request, _KEPT, None)
    if found is None:
        found = Noted()
        setattr(request, _KEPT, found)
    return found


def door(request: HttpRequest) -> Door:
    """By which way a request came."""
    return door_of(request.path_info)


def note(
    request: HttpRequest,
    *,
    subject: str = "",
    changes: Mapping[str, tuple[object, object]] | None = None,
    account_id: int | None = None,
    words: str = "",
    who: User | None = None,
    nothing: bool = False,
) -> None:
    """Says what a request did it to; costs nothing, and counts only if the request succeeds.

    `words` in place of those of the table, `account_id` in place of the account that one works in,
    `who` where nobody is signed in. What is said twice is added. `nothing` says that nothing was
    done, whatever is answered.
    """
    found = noted(request)
    found.subject = subject or found.subject
    found.words = words or found.words
    found.account_id = account_id or found.account_id
    found.who = who or found.who
    found.changes |= dict(changes or {})
    found.is_nothing = nothing


@contextmanager
def answering(request: HttpRequest) -> Iterator[None]:
    """The request that is being answered, for `note_here`."""
    token = _here.set(request)
    try:
        yield
    finally:
        _here.reset(token)


def note_here(
    *,
    subject: str = "",
    changes: Mapping[str, tuple[object, object]] | None = None,
    account_id: int | None = None,
) -> None:
    """As `note`, of the request that is being answered; nothing outside of one."""
    request = _here.get()
    if request is not None:
        note(request, subject=subject, changes=changes, account_id=account_id)


def differences(before: Model, after: Model, *fields: str) -> dict[str, tuple[object, object]]:
    """What differs between two states of a row, in `fields` or in all of its own columns."""
    return changes_of(_values(before, fields), _values(after, fields))


@contextmanager
def touching(row: Model, *fields: str) -> Iterator[None]:
    """Notes what a block changes in the very instance of a row. No statement."""
    before = _values(row, fields)
    yield
    note_here(changes=changes_of(before, _values(row, fields)))


@contextmanager
def watching(request: HttpRequest, row: Model, *fields: str, subject: str = "") -> Iterator[None]:
    """Notes what a block changed in a row: `fields`, or all of its own columns.

    Reads the row once more afterwards, in the scope that is entered then. The subject is the row
    as it calls itself.
    """
    before = _values(row, fields)
    yield
    again = type(row)._default_manager.filter(pk=row.pk).first()
    after = _values(again, fields) if again is not None else {}
    note(request, subject=subject or str(again or row), changes=changes_of(before, after))


def _values(row: Model, fields: tuple[str, ...]) -> dict[str, Any]:
    """Of these columns, or of all that say something; those not read yet are left out."""
    known = row.__dict__
    every = (each.attname for each in row._meta.concrete_fields if each.attname in known)
    names = fields or tuple(each for each in every if each not in _SAY_NOTHING)
    return {name: getattr(row, name) for name in names}
