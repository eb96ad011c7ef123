"""What can go wrong with plans, statements and payments."""

from __future__ import annotations

from datetime import date

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


class StatementNotFound(NotFound):
    """There is no such statement."""

    def __init__(self) -> None:
        super().__init__("There is no such statement")


class StatementIssued(Conflict):
    """Nothing of an issued statement changes."""

    def __init__(self, number: str) -> None:
        super().__init__(
            f"{number} is issued and stays as it is; give the account a charge or a credit instead"
        )


class AdjustmentStated(Conflict):
    """A statement has it."""

    def __init__(self, number: str) -> None:
        super().__init__(f"It stands on {number}; give another charge or credit against it")


class MonthNotOver(InvalidInput):
    """The month cannot be stated yet."""

    def __init__(self, month: date) -> None:
        super().__init__(
            f"{month:%B %Y} is not over; statements are made six hours after a month's end",
            field="month",
        )


class BankFileNotFound(NotFound):
    """There is no such file for the bank."""

    def __init__(self) -> None:
        super().__init__("There is no such file")
