"""Who bills, as it stands in variables."""

from __future__ import annotations

import pytest

from deskbell.foundation.billing import Billing, read_billing
from deskbell.foundation.errors import InvalidInput


def test_nothing_told_is_nobody_who_takes_payments() -> None:
    assert read_billing({}, demo=False) == Billing()


def test_a_demo_pays_in_the_sandbox_unless_it_is_told_otherwise() -> None:
    assert read_billing({"DESKBELL_PAYMENTS": ""}, demo=True).payments == "sandbox"
    assert read_billing({"DESKBELL_PAYMENTS": "nacha"}, demo=True).payments == "nacha"


@pytest.mark.parametrize(
    "text", ["First Bank|Account 1", "First Bank\\nAccount 1", "First Bank\n\n Account 1 "]
)
def test_lines_are_divided_as_a_variable_can_hold_them(text: str) -> None:
    found = read_billing({"DESKBELL_BILLING_WIRE": text}, demo=False)
    assert found.wire == ("First Bank", "Account 1")


def test_a_provider_that_is_none_is_named() -> None:
    with pytest.raises(InvalidInput, match="DESKBELL_PAYMENTS takes sandbox, nacha"):
        read_billing({"DESKBELL_PAYMENTS": "cash"}, demo=False)
