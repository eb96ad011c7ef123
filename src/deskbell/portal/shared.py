"""What many pages show alike is made once for all of them.

When a message comes, every open page of the account asks for the same list at almost the same time.
The first to ask makes it, the others wait for it, and it is kept until newer ones push it out.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock
from typing import Final, Generic, TypeVar

MOST: Final = 128
T = TypeVar("T")


class Shared(Generic[T]):
    """What was made, by what it depends on, the `most` that were asked for last; safe among
    threads. Nobody may change it."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._lock = Lock()
        self._made: OrderedDict[Hashable, Future[T]] = OrderedDict()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """What is kept for `key`; `make` is called where nobody has it or makes it now.

        Whatever `make` raises reaches all who wait, and the next one tries again.
        """
        with self._lock:
            found = self._made.get(key)
            is_mine = found is None
            if found is None:
                found = self._made[key] = Future()
            self._made.move_to_end(key)
            while len(self._made) > self._most:
                self._made.popitem(last=False)
        if is_mine:
            self._make(key, found, make)
        return found.result()

    def _make(self, key: Hashable, place: Future[T], make: Callable[[], T]) -> None:
        try:
            place.set_result(make())
        except BaseException as error:
            with self._lock:
                self._made.pop(key, None)
            place.set_exception(error)
            raise
