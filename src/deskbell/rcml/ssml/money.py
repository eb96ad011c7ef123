"""Sums of money in English words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from .numerals import cardinal


@dataclass(frozen=True, slots=True)
class _Currency:
    one: str
    many: str
    cent: str = "cent"
    cents: str = "cents"


# The codes are ISO 4217's.
_CURRENCIES: Final = {
    "AUD": _Currency("Australian dollar", "Australian dollars"),
    "BRL": _Currency("real", "reais", "centavo", "centavos"),
    "CAD": _Currency("Canadian dollar", "Canadian dollars"),
    "CHF": _Currency("Swiss franc", "Swiss francs", "centime", "centimes"),
    "CNY": _Currency("yuan", "yuan", "fen", "fen"),
    "DKK": _Currency("krone", "kroner", "øre", "øre"),
    "EUR": _Currency("euro", "euros"),
    "GBP": _Currency("pound", "pounds", "penny", "pence"),
    "INR": _Currency("rupee", "rupees", "paisa", "paise"),
    "JPY": _Currency("yen", "yen", "", ""),
    "MXN": _Currency("peso", "pesos", "centavo", "centavos"),
    "NOK": _Currency("krone", "kroner", "øre", "øre"),
    "NZD": _Currency("New Zealand dollar", "New Zealand dollars"),
    "PLN": _Currency("zloty", "zlotys", "grosz", "groszy"),
    "SEK": _Currency("krona", "kronor", "öre", "öre"),
    "USD": _Currency("dollar", "dollars"),
}
_SIGNS: Final = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR"}
_SIGN: Final = rf"[{''.join(_SIGNS)}]|[A-Za-z]{{3}}"
_AMOUNT: Final = r"(?P<whole>\d{1,3}(?:,\d{3}){1,4}|\d{1,15})(?:\.(?P<part>\d{1,2}))?"
_SUM: Final = re.compile(
    rf"(?P<minus>-?)\s?(?:(?P<before>{_SIGN})\s?{_AMOUNT}"
    rf"|{_AMOUNT.replace('whole', 'only').replace('part', 'rest')}\s?(?P<after>{_SIGN}))",
    re.ASCII,
)


def money(text: str, *, joined: bool = False) -> str | None:
    """`$12.50`, `EUR 3`, `3 EUR` in words; None where it is no sum in a currency that we know."""
    found = _SUM.fullmatch(text)
    if found is None:
        return None
    sign = found["before"] or found["after"]
    currency = _CURRENCIES.get(_SIGNS.get(sign, sign.upper()))
    whole = int((found["whole"] or found["only"]).replace(",", ""))
    cents = int((found["part"] or found["rest"] or "0").ljust(2, "0"))
    if currency is None or (cents and not currency.cent):
        return None
    said = []
    if whole or not cents:
        name = currency.one if whole == 1 else currency.many
        said.append(f"{cardinal(whole, joined=joined)} {name}")
    if cents:
        said.append(f"{cardinal(cents)} {currency.cent if cents == 1 else currency.cents}")
    return ("minus " if found["minus"] else "") + " and ".join(said)
