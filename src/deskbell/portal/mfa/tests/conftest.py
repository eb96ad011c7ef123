"""People with a second factor, and a clock that the tests hold."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.test import Client

if TYPE_CHECKING:
    from deskbell.accounts.models import User

SECRET = base64.b32encode(b"twenty bytes, really").decode()
MODULES = ("app", "codes", "confirming", "overview", "passkey_pages", "signing_in")


@dataclass
class HeldClock:
    """What time it is for our pages; `forward` moves it."""

    at: datetime = field(default_factory=lambda: datetime.now(UTC).replace(second=15))

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **how: float) -> datetime:
        self.at += timedelta(**how)
        return self.at


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> HeldClock:
    """Stands still, in the middle of a half minute."""
    held = HeldClock()
    for name in MODULES:
        monkeypatch.setattr(f"deskbell.portal.mfa.{name}.now", held)
    return held


@pytest.fixture
def code(clock: HeldClock) -> Callable[..., str]:
    """The code that an app with `SECRET` shows, off by so many seconds."""
    from deskbell.portal.mfa.rules import code_of, step_at

    def make(off: int = 0, secret: str = SECRET) -> str:
        return code_of(secret, step_at(clock.at + timedelta(seconds=off)))

    return make


@pytest.fixture
def with_app(clock: HeldClock) -> Callable[[User], list[str]]:
    """Connects an app to somebody, an hour ago; gives the recovery codes."""
    from deskbell.portal.mfa import actions
    from deskbell.portal.mfa.rules import code_of, step_at

    def make(user: User) -> list[str]:
        before = clock.at - timedelta(hours=1)
        actions.enable_app(
            user=user, secret=SECRET, code=code_of(SECRET, step_at(before)), at=before
        )
        return actions.show_codes_once(user=user, at=before)

    return make


@pytest.fixture
def browser() -> Callable[[User], Client]:
    """A browser in which somebody typed address and password."""
    from tests.cast import PASSWORD

    def make(user: User, password: str = PASSWORD) -> Client:
        client = Client()
        client.post("/sign-in/", {"login": user.email, "password": password})
        return client

    return make


@pytest.fixture
def confirmed(browser: Callable[[User], Client]) -> Callable[[User], Client]:
    """A browser in which somebody signed in and typed the password once more."""
    from tests.cast import PASSWORD

    def make(user: User) -> Client:
        client = browser(user)
        client.post("/profile/confirm/", {"password": PASSWORD})
        return client

    return make
