"""What a desk's page says that it shows: the floor's version, the desk's own, and the time's turn.

A tag is signed for the browser's session and a short window of time: so a page that has one was
somebody's who may see the desk, a moment ago.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare, salted_hmac

from .frame import DeskRequest

# What is told of the account and the time changes without the desk.
_BUSY_SECONDS: Final = 15
_WINDOW_SECONDS: Final = 20
_SALT: Final = "deskbell.portal.desk"
_TAG: Final = re.compile(
    r'"(?P<floor>\d{1,18})-(?P<desk>\d{1,18})\.(?P<version>\d{1,18})\.(?P<turn>\d{1,12})'
    r'-(?P<window>\d{1,12})\.(?P<proof>[0-9a-f]{32})"'
)


@dataclass(frozen=True, slots=True)
class Tag:
    """What a page shows; `desk` is the receptionist's id, `turn` 0 where the time says nothing."""

    floor: int
    desk: int
    version: int
    turn: int
    window: int
    proof: str = ""

    def __str__(self) -> str:
        own = f"{self.desk}.{self.version}.{self.turn}"
        return f'"{self.floor}-{own}-{self.window}.{self.proof}"'

    def is_own_same(self, other: Tag) -> bool:
        """Whether the desk's own parts are the same."""
        own = (self.desk, self.version, self.turn)
        return own == (other.desk, other.version, other.turn)

    def is_good(self, request: HttpRequest, at: datetime) -> bool:
        """Whether it was given to this session just now, and its turn is not over."""
        is_now = self.window == _window(at) and self.turn in {0, _turn(at)}
        return is_now and constant_time_compare(self.proof, _proof(self, request))


def tag_of(floor: int, request: DeskRequest, at: datetime) -> Tag:
    """The tag of what is shown at `at` at a version of the floor."""
    own = request.receptionist
    made = Tag(floor, own.pk, own.version, 0 if own.is_idle else _turn(at), _window(at))
    return replace(made, proof=_proof(made, request))


def tag_from(request: HttpRequest) -> Tag | None:
    """The tag that a page sends, as far as it is one; it need not be good."""
    found = _TAG.fullmatch(request.META.get("HTTP_IF_NONE_MATCH", ""))
    if found is None:
        return None
    numbers = {name: int(found[name]) for name in ("floor", "desk", "version", "turn", "window")}
    return Tag(**numbers, proof=found["proof"])


def _proof(tag: Tag, request: HttpRequest) -> str:
    session = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    signed = f"{session}\n{replace(tag, proof='')}"
    return salted_hmac(_SALT, signed, algorithm="sha256").hexdigest()[:32]


def _turn(at: datetime) -> int:
    return int(at.timestamp()) // _BUSY_SECONDS


def _window(at: datetime) -> int:
    return int(at.timestamp()) // _WINDOW_SECONDS
