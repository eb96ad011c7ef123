"""What can go wrong with calls and recordings."""

from __future__ import annotations

from deskbell.foundation.errors import Conflict, InvalidInput


class SidTaken(Conflict):
    """A sid that is to be new already names something else."""

    def __init__(self, sid: str) -> None:
        super().__init__(f"{sid} already names something else; a fresh sid is needed.")


class OtherAudio(Conflict):
    """A recording already has audio, and it is not this one."""

    def __init__(self, sid: str) -> None:
        super().__init__(f"{sid} already has other audio; each recording keeps its first.")


class TooLarge(InvalidInput):
    """More audio than a recording may have."""
