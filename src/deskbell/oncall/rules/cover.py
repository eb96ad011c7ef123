"""What overrides make of who is on call: decisions without a database.

Source: design, on call, "Overrides and cover".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Duty:
    """A delivery method that is on call, and whose it is."""

    method_id: int
    contact_id: int


@dataclass(frozen=True, slots=True)
class Change:
    """What one override does: `kind` is `replace`, `add` or `remove`.

    `contact_id` is whom it takes out, `duties` are what it puts in.
    """

    kind: str
    contact_id: int | None = None
    duties: tuple[Duty, ...] = ()


def apply(on_duty: Sequence[Duty], overrides: Sequence[Change]) -> list[Duty]:
    """Who is on call when the overrides that hold now are applied, in the order they were set.

    `remove` takes a contact out; `replace` takes it out and puts its duties in, only where that
    contact is on call; `add` puts its duties in. A later override works on what the earlier ones
    left: who was put in can be taken out. Each duty is given once, in the order it came.
    """
    present = dict.fromkeys(on_duty)
    for change in overrides:
        kept = {duty: None for duty in present if duty.contact_id != change.contact_id}
        was_there = len(kept) < len(present)
        if change.kind != "add":
            present = kept
        if change.kind == "add" or (change.kind == "replace" and was_there):
            present |= dict.fromkeys(change.duties)
    return list(present)
