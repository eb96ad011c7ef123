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
    {phonenumbers.PhoneNumberType.PREMIUM_RATE, phonenumbers.PhoneNumberType.SHARED_COST}
)
_ALWAYS_DEAR: Final = frozenset({"870", "878", "881", "882", "883", "979"})  # ITU-T E.164.1


def allowed_by(prefixes: Iterable[str], e164: str) -> bool:
    """Whether a number may be called by somebody whose numbers begin with `prefixes`.

    A prefix that is no longer than the country code allows what costs as every call there does:
    no premium or shared-cost numbers, no satellites and international networks, and with `+1` the
    United States and Canada alone. A longer prefix, as `+1876` or `+1900`, allows all it begins.
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
    if code in _ALWAYS_DEAR or phonenumbers.number_type(number) in _DEAR:
        return True
    return code == "1" and phonenumbers.region_code_for_number(number) not in _AT_HOME
