"""Signing in as a browser does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client

from tests.cast import PASSWORD

SignIn = Callable[..., Client]


@pytest.fixture
def sign_in() -> SignIn:
    """Signs in by the form; gives the client. Keyword arguments are the request's."""

    def make(
        client: Client | None = None,
        email: str = "alice@example.com",
        password: str = PASSWORD,
        remember: str = "",
        **headers: str,
    ) -> Client:
        client = client or Client()
        form = {"login": email, "password": password} | ({"remember": "on"} if remember else {})
        client.post("/sign-in/", form, headers=headers)
        return client

    return make


class Clock:
    """A clock that tests move."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        """What `foundation.clock.now` gives."""
        return self.at

    def pass_by(self, **how_long: float) -> None:
        """Lets time pass."""
        self.at += timedelta(**how_long)
