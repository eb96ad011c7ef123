"""What can go wrong with plans, statements and payments."""

from __future__ import annotations

from deskbell.foundation.errors import Conflict, InvalidInput, NotFound


class PlanTaken(InvalidInput):
    """Another plan has that name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is a plan {name} already; choose another name", field="name")


class PlanNotFound(NotFound):
    """There is no such plan."""

    def __init__(self) -> None:
        super().__init__("There is no such plan")


class PlanWithdrawn(Conflict):
    """The plan is not offered any more."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is withdrawn; offer it again first, or choose another plan")


class SubscriptionStarted(Conflict):
    """What an account had is what it pays for, and stays."""


class PaymentNotFound(NotFound):
    """There is no such payment."""

    def __init__(self) -> None:
        super().__init__("There is no such payment")
