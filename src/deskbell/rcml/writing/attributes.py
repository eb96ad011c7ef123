"""Fields as attributes; those with RCML's default are left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from ..dialects import Dialect


class WithAction(Protocol):
    """A verb whose result goes to an action."""

    @property
    def action(self) -> str:
        """The URL; empty for none."""

    @property
    def method(self) -> str:
        """GET or POST."""


def text_of(value: object, separator: str = ",") -> str:
    """A value as an attribute says it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return separator.join(value)
    return str(value)


def differing(
    verb: Any, names: Mapping[str, str], plain: Any, dialect: Dialect = Dialect.RCML
) -> dict[str, str]:
    """The attributes whose value differs from that of `plain`, a verb with the defaults.

    Events are listed with commas in RCML, with spaces elsewhere (RCML reference, section 6a).
    """
    found = {}
    for field, written in names.items():
        value = getattr(verb, field)
        if value != getattr(plain, field):
            is_list = written.endswith("Event") and dialect is not Dialect.RCML
            found[written] = text_of(value, " " if is_list else ",")
    return found


def with_action(verb: WithAction) -> dict[str, str]:
    """The action with its method, which some carriers have no default for; nothing for none."""
    return {"action": verb.action, "method": verb.method} if verb.action else {}
