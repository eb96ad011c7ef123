"""Hooks: who hears what, and in which order."""

from __future__ import annotations

from collections.abc import Sequence

from deskbell.platform.hooks import Hook


def test_those_who_take_many_hear_once_what_is_fired_together() -> None:
    hook: Hook[int] = Hook("tests.counted")
    heard: list[object] = []

    def one(event: int) -> None:
        heard.append(event)

    def many(events: Sequence[int]) -> None:
        heard.append(list(events))

    hook.subscribe(one)
    hook.subscribe_many(many)
    hook.subscribe(one)
    hook.subscribe_many(many)
    hook.fire(1, 2)
    hook.fire()
    assert heard == [1, 2, [1, 2]]
    assert [name.rpartition(".")[2] for name in hook.subscribers()] == ["one", "many"]
