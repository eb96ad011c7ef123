"""What can go wrong with contacts."""

from __future__ import annotations

from deskbell.foundation.errors import InvalidInput


class NameMissing(InvalidInput):
    """A contact without a name could not be told from another."""

    def __init__(self) -> None:
        super().__init__("A contact needs a name of 1 to 200 characters", field="name")
