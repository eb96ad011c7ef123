"""Which escalation levels a script names, and the script without one of them."""

from __future__ import annotations

from dataclasses import replace

from .content import Content, Send


def levels_of(content: Content) -> set[int]:
    """The ids of all levels that its relay triggers and closings send to."""
    named = {relay.level_id for relay in content.relays}
    named |= {each.level_id for each in content.closings if each.send is Send.LEVEL}
    return {each for each in named if each is not None}


def without_level(content: Content, level_id: int) -> Content:
    """The script once a level is gone: its relay triggers to it are removed, and closings that sent
    to it send to the account's first level (seed 000, "Delete Escalation Levels")."""
    return replace(
        content,
        relays=tuple(each for each in content.relays if each.level_id != level_id),
        closings=tuple(
            replace(each, send=Send.DEFAULT, level_id=None)
            if each.send is Send.LEVEL and each.level_id == level_id
            else each
            for each in content.closings
        ),
    )
