"""Who bills and who takes the payments, as the operator's settings say. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from .errors import InvalidInput

PROVIDERS: Final = ("", "sandbox", "nacha", "stripe")
MOST_DUE_DAYS: Final = 365
_DEMO: Final = {
    "DESKBELL_PAYMENTS": "sandbox",
    "DESKBELL_BILLING_NAME": "Bell Street Answering, Inc.",
    "DESKBELL_BILLING_ADDRESS": "1 Bell Street|Pittsfield, MA 01201",
    "DESKBELL_BILLING_PHONE": "(413) 555-0100",
    "DESKBELL_BILLING_WIRE": "First Bank of Example|Routing number 011000000|Account number 41100",
}


@dataclass(frozen=True, slots=True)
class Billing:
    """What stands on bills and on Pay Your Bill.

    `payments` names the provider, "" where none takes payments here; `address` and `wire` are
    lines, `phone` is shown as it was written. All may be empty. A statement is due `due_days` after
    it was issued.
    """

    payments: str = ""
    name: str = ""
    address: tuple[str, ...] = ()
    phone: str = ""
    wire: tuple[str, ...] = ()
    due_days: int = 14


def read_billing(variables: Mapping[str, str], *, demo: bool) -> Billing:
    """The settings `DESKBELL_PAYMENTS` and `DESKBELL_BILLING_…`; a demo has some of its own.

    Raises InvalidInput, naming the variable, for a provider that is none, or days that are no
    number.
    """
    usual = _DEMO if demo else {}

    def told(name: str) -> str:
        return variables.get(name, "").strip() or usual.get(name, "")

    payments = told("DESKBELL_PAYMENTS")
    if payments not in PROVIDERS:
        names = ", ".join(PROVIDERS[1:])
        raise InvalidInput(f"DESKBELL_PAYMENTS takes {names}, or nothing; not {payments!r}")
    return Billing(
        payments=payments,
        name=told("DESKBELL_BILLING_NAME"),
        address=_lines(told("DESKBELL_BILLING_ADDRESS")),
        phone=told("DESKBELL_BILLING_PHONE"),
        wire=_lines(told("DESKBELL_BILLING_WIRE")),
        due_days=_days(told("DESKBELL_BILLING_DUE_DAYS") or "14"),
    )


def _lines(text: str) -> tuple[str, ...]:
    """Lines as they are in a shell's variable, or with `\\n` or `|` where it can hold one alone."""
    parts = text.replace("\\n", "\n").replace("|", "\n").splitlines()
    return tuple(part.strip() for part in parts if part.strip())


def _days(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= MOST_DUE_DAYS):
        raise InvalidInput(
            f"DESKBELL_BILLING_DUE_DAYS takes 0 to {MOST_DUE_DAYS} days; not {text!r}"
        )
    return int(text)
