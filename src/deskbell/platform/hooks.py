"""How a lower room tells upper rooms that something happened, without knowing them.

A room declares a hook in its `hooks.py`; an upper room subscribes in its app's `ready()`. Handlers
run inside the transaction of what happened, and only queue jobs or write through actions: if the
transaction rolls back, so does all they did.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Event = TypeVar("Event")


@dataclass(frozen=True, slots=True)
class _Many(Generic[Event]):
    handle: Callable[[Sequence[Event]], None]


class Hook(Generic[Event]):
    """One kind of thing that happens; `Event` is what handlers are given."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._handlers: list[Callable[[Event], None] | _Many[Event]] = []

    def subscribe(self, handler: Callable[[Event], None]) -> None:
        """Has `handler` called for every event; subscribing twice counts once."""
        if handler not in self._handlers:
            self._handlers.append(handler)

    def subscribe_many(self, handler: Callable[[Sequence[Event]], None]) -> None:
        """Has `handler` called once with all that is fired together; twice counts once."""
        wrapped = _Many(handler)
        if wrapped not in self._handlers:
            self._handlers.append(wrapped)

    def unsubscribe(self, handler: Callable[[Event], None]) -> None:
        """Undoes `subscribe`; for tests, since rooms listen for as long as the process lives."""
        self._handlers.remove(handler)

    def fire(self, *events: Event) -> None:
        """Calls the handlers in the order of subscription; what one raises is raised here.

        Of several events that are fired together, as in a storm, each handler hears before the
        next handler does.
        """
        for handler in self._handlers if events else ():
            if isinstance(handler, _Many):
                handler.handle(events)
                continue
            for event in events:
                handler(event)

    def subscribers(self) -> list[str]:
        """The handlers' full names, for the list in ARCHITECTURE.md and its test."""
        found = [each.handle if isinstance(each, _Many) else each for each in self._handlers]
        return [f"{handler.__module__}.{handler.__qualname__}" for handler in found]
