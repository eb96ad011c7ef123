"""What can go wrong with trunks and phones."""

from __future__ import annotations

from deskbell.foundation.errors import Conflict, NotFound


class TrunkTaken(Conflict):
    """Another trunk has that name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is a trunk {name} already; remove it first, or choose a new name.")


class TrunkNotFound(NotFound):
    """No trunk has that name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no trunk {name!r}.")


class PhoneTaken(Conflict):
    """Another phone of the account has that name."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"The account has a phone {name} already; remove it first, or choose a new name."
        )


class StaffPhoneTaken(Conflict):
    """Another receptionist's phone has that name."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"There is a staff phone {name} already; remove it first, or choose a new name."
        )


class StaffPhoneNotFound(NotFound):
    """No receptionist's phone has that name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no staff phone {name!r}.")


class PhoneNotFound(NotFound):
    """The account has no phone of that name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"The account has no phone {name!r}.")
