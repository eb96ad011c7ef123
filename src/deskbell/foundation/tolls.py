"""Which numbers an account's prefixes allow: what is dear has to be named, never only its country.

Fraud on telephones is calls to numbers that pay whoever owns them: premium services, and islands
that look like a call at home because they share the country code 1.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import phonenumbers

_AT_HOME: Final = frozenset({"US", "CA"})
_DEAR: Final = frozenset(
    {
        phonenumbers.PhoneNumberType.PREMIUM_RATE,
        phonenumbers.PhoneNumberType.SHARED_COST,
        phonenumbers.PhoneNumberType.PERSONAL_NUMBER,
        phonenumbers.PhoneNumberType.PAGER,
    }
)
_ALWAYS_DEAR: Final = frozenset({"870", "878", "881", "882", "883", "979"})  # ITU-T E.164.1


def allowed_by(prefixes: Iterable[str], e164: str) -> bool:
    """Whether a number may be called by somebody whose numbers begin with `prefixes`.

    A prefix that is no longer than the country code allows what costs as every call there does:
    no premium, shared-cost or personal numbers and no pagers, also not with digits behind them
    that exchanges pass over, no satellites and international networks, no emergency numbers behind
    a country code, and with `+1` the United States and Canada alone. A longer prefix, as `+1876`
    or `+1900`, allows all it begins.
    """
    longest = max((prefix for prefix in prefixes if e164.startswith(prefix)), key=len, default="")
    if not longest:
        return False
    try:
        number = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return False
    code = str(number.country_code)
    if len(longest) > 1 + len(code):
        return True
    return not _is_dear(number, code)


def _is_dear(number: phonenumbers.PhoneNumber, code: str) -> bool:
    if code in _ALWAYS_DEAR or _is_of_dear_kind(number, code):
        return True
    region = phonenumbers.region_code_for_country_code(int(code))
    if phonenumbers.is_emergency_number(str(number.national_number), region):
        return True
    return code == "1" and phonenumbers.region_code_for_number(number) not in _AT_HOME


def _is_of_dear_kind(number: phonenumbers.PhoneNumber, code: str) -> bool:
    """Whether the number is dear, or begins with one that is, where it is none itself."""
    kind = phonenumbers.number_type(number)
    if kind != phonenumbers.PhoneNumberType.UNKNOWN:
        return kind in _DEAR
    digits = str(number.national_number)
    return any(
        phonenumbers.number_type(phonenumbers.parse(f"+{code}{digits[:length]}")) in _DEAR
        for length in range(4, len(digits))
    )
