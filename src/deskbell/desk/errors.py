"""What can be wrong at the desk, in words for the person who did it."""

from __future__ import annotations

from deskbell.foundation.errors import Conflict, InvalidInput


class TakenByOther(Conflict):
    """Somebody else has the call, or takes it just now."""

    def __init__(self, who: object = None) -> None:
        super().__init__(f"{who} has this call" if who else "Somebody else has this call")


class CallerGone(Conflict):
    """The caller waits no more."""

    def __init__(self) -> None:
        super().__init__("The caller is gone, or was sent to voicemail")


class NoPhone(InvalidInput):
    """A receptionist without a telephone cannot be rung."""

    def __init__(self) -> None:
        super().__init__(
            "No telephone is set for your desk, so it could not ring; an operator sets it",
            field="phone",
        )
