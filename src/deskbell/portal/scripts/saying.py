"""Words to say with their variables put in for now, marked, so that one sees what varies."""

from __future__ import annotations

import re
from typing import Final

from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from deskbell.accounts.models import Account, PhoneNumber
from deskbell.accounts.queries import company_name
from deskbell.foundation.clock import now
from deskbell.foundation.numbers import for_people
from deskbell.scripts.rules import VARIABLES, Spoken, said

ANYBODY: Final = "your receptionist"
NO_NUMBER: Final = "your number"
MEANT: Final = {
    "company": "The company as it is said on the number",
    "time_of_day": "good morning, good afternoon or good evening",
    "receptionist": "Who speaks",
    "number": "The number that was called",
    "account": "The account's name",
}
_PIECES: Final = re.compile(r"(\{[^{}\n]{0,60}\})")


def spoken_for(
    account: Account, number: PhoneNumber | None = None, *, receptionist: str = ANYBODY
) -> Spoken:
    """What the variables stand for on a number of an account at this moment."""
    return Spoken(
        company=company_name(account, number),
        receptionist=receptionist,
        number=for_people(number.number) if number else NO_NUMBER,
        account=account.name,
        local=timezone.localtime(now()),
    )


def said_html(text: str, spoken: Spoken) -> SafeString:
    """The words with variables put in and marked; what is no variable stays as it is written."""
    return format_html_join("", "{}", ((_piece(each, spoken),) for each in _PIECES.split(text)))


def _piece(piece: str, spoken: Spoken) -> str:
    filled = said(piece, spoken)
    meant = MEANT.get(piece.strip("{}").lower(), "")
    if filled == piece or not meant:
        return piece
    return format_html('<span class="script-filled" title="{}">{}</span>', meant, filled)


def variables_of(spoken: Spoken) -> list[dict[str, str]]:
    """Every variable: how it is written, what it is, and what it stands for now."""
    return [
        {"name": f"{{{each}}}", "meant": MEANT[each], "now": spoken.value(each)}
        for each in VARIABLES
    ]
