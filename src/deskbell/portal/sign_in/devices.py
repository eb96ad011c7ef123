"""The cookie by which browsers are known that people signed in with, and browsers in words."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from deskbell.accounts.actions import remember_device
from deskbell.accounts.models import KnownDevice, User
from deskbell.accounts.queries import known_device
from deskbell.accounts.rules import DEVICES_LAST

COOKIE: Final = "__Host-device" if settings.IS_HTTPS else "device"
# The first that fits: the later ones are named by all the others as well.
BROWSERS: Final = (
    ("Edge", "Edg[eA]?/|EdgiOS/"),
    ("Opera", "OPR/|Opera"),
    ("Samsung Internet", "SamsungBrowser/"),
    ("Firefox", "Firefox/|FxiOS/"),
    ("Chrome", "Chrome/|CriOS/|Chromium/"),
    ("Safari", "Safari/"),
)
SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("ChromeOS", "CrOS"),
    ("macOS", "Macintosh|Mac OS X"),
    ("Linux", "Linux|X11"),
)


def token_of(request: HttpRequest) -> str:
    """What the browser's cookie says; empty where it has none."""
    return request.COOKIES.get(COOKIE, "")


def device_of(request: HttpRequest, email: str, at: datetime) -> KnownDevice | None:
    """The device that asks, if whoever signs in with the address is known by it."""
    return known_device(email=email, token=token_of(request), at=at)


def remember(request: HttpRequest, response: HttpResponseBase, user: User, at: datetime) -> bool:
    """Knows the browser from now on, by a cookie; gives whether it was unknown."""
    token, was_unknown = remember_device(user=user, token=token_of(request), at=at)
    response.set_cookie(
        COOKIE,
        token,
        max_age=DEVICES_LAST,
        secure=settings.IS_HTTPS,
        httponly=True,
        samesite="Lax",
    )
    return was_unknown


def in_words(agent: str) -> str:
    """What a User-Agent header says, as people call it: `Firefox on Windows`."""
    browser = _first(BROWSERS, agent) or "A browser"
    system = _first(SYSTEMS, agent)
    return f"{browser} on {system}" if system else browser


def _first(known: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((name for name, marks in known if re.search(marks, agent)), "")
