"""What the room's doors raise beside the tree of `foundation.errors`."""

from __future__ import annotations

from deskbell.foundation.errors import InvalidInput

from .rules import Fault, UnfitAnswers

__all__ = ["NotPublishable", "UnfitAnswers"]


class NotPublishable(InvalidInput):
    """A script with faults was to be published; `faults` has all of them."""

    def __init__(self, faults: list[Fault]) -> None:
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        super().__init__(f"{faults[0].words}{more}", field=faults[0].where)
        self.faults = faults
