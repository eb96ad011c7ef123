"""The register of what may be done: for each address and method its words, said once.

The rooms that serve addresses declare them when they are ready; `tests/contracts/test_audit.py`
finds an unsafe address that has none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

UNSAFE: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
OTHER: Final = "Other"


class Owner(StrEnum):
    """In whose log an entry stands, where the view does not say."""

    ACCOUNT = "account"  # the one that the person works in
    PERSON = "person"  # a client's own account; staff's own matters are the operator's
    NOBODY = "nobody"  # the operator alone


@dataclass(frozen=True, slots=True)
class Said:
    """What was done, in words.

    With `redirects` only an answer that leads on means that it was; with `signs_in` only one after
    which somebody is signed in who was not before; with `shows` also a page without a note.
    """

    words: str
    owner: Owner = Owner.ACCOUNT
    redirects: bool = False
    signs_in: bool = False
    shows: bool = False


@dataclass(frozen=True, slots=True)
class Skip:
    """There is no entry, and why."""

    why: str


@dataclass(frozen=True, slots=True)
class Act:
    """What the register knows of one method of one address; `kind` is what it is about."""

    name: str
    said: Said
    kind: str = OTHER


Table = Mapping[str, str | Said | Skip]
_acts: dict[tuple[str, str], Act] = {}
_skipped: dict[tuple[str, str], str] = {}


def declare(table: Table, *, kind: str = OTHER, owner: Owner = Owner.ACCOUNT) -> None:
    """Adds words to the register: by the view's name, for POST, or by `METHOD name`.

    `kind` is what they are about, in words; `owner` is for those that are words alone.
    """
    for key, said in table.items():
        method, _, name = key.rpartition(" ")
        whole = Said(said, owner) if isinstance(said, str) else said
        declare_one(method or "POST", name, whole, kind=kind)


def declare_one(
    method: str, view_name: str, said: Said | Skip, *, act: str = "", kind: str = OTHER
) -> None:
    """Adds one act; `act` names it where several share a view's name."""
    key = (method, view_name)
    if isinstance(said, Skip):
        _skipped[key] = said.why
    else:
        _acts[key] = Act(act or view_name, said, kind)


def act_of(method: str, view_name: str) -> Act | None:
    """What a request does, where that has words."""
    return _acts.get((method, view_name)) or _acts.get((method, kin_of(view_name)))


def is_known(method: str, view_name: str) -> bool:
    """Whether there are words, or a reason to say nothing."""
    keys = {(method, view_name), (method, kin_of(view_name))}
    return not keys.isdisjoint(_acts) or not keys.isdisjoint(_skipped)


def kin_of(view_name: str) -> str:
    """The name for all of a kind: `admin:*change` for `admin:accounts_user_change`."""
    space, _, name = view_name.rpartition(":")
    return f"{space}:*{name.rpartition('_')[2]}"


def kinds() -> list[str]:
    """What acts are about, in words."""
    return sorted({act.kind for act in _acts.values()})


def of_kind(kind: str) -> frozenset[str]:
    """The names of the acts of a kind."""
    return frozenset(act.name for act in _acts.values() if act.kind == kind)


def declared() -> Iterable[tuple[str, str]]:
    """Every method and view name in the register."""
    return [*_acts, *_skipped]
