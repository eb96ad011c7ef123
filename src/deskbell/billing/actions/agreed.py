"""What a payer agreed to, and from where: kept with the payment as its proof."""

from __future__ import annotations

from dataclasses import dataclass

from ..providers import Browser


@dataclass(frozen=True, slots=True)
class Agreed:
    """The edition of the terms, from where they were agreed to, and where the receipt goes."""

    terms: str
    browser: Browser
    receipt_to: str = ""
