"""A token on its way from where it is made to the one page that shows it.

It waits in the session, sealed, so that a reload of that page makes no second token.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from deskbell.lines.vault import Sealed, seal, unseal

from ..tenancy import PortalRequest

_KEY: Final = "made_token"


@dataclass(frozen=True, slots=True)
class Made:
    """A token in clear, what it is called, and the user's sid where it is half of a pair."""

    name: str
    token: str
    sid: str = ""

    @property
    def pair(self) -> str:
        """As HTTP Basic wants it: sid and token."""
        return f"{self.sid}:{self.token}" if self.sid else ""


def put(request: PortalRequest, made: Made) -> None:
    """Keeps it for the next page."""
    request.session[_KEY] = [request.user.pk, made.name, seal(made.token), made.sid]


def take(request: PortalRequest) -> Made | None:
    """What was made, the first time it is asked for; None afterwards."""
    kept = request.session.pop(_KEY, None)
    if not kept or kept[0] != request.user.pk:
        return None
    try:
        return Made(kept[1], unseal(kept[2]), kept[3])
    except Sealed:
        return None
