"""A provider of OpenID Connect that runs as one does: a process of its own, asked over HTTP.

Its library warns when it is read, so no test imports it.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from django.test import Client

from tests.running import Running, free_ports

ACCOUNTS: tuple[dict[str, Any], ...] = (
    {"sub": "alice", "email": "alice@example.com", "email_verified": True, "name": "Alice"},
    {"sub": "shouting", "email": "ALICE@Example.com", "email_verified": True},
    {"sub": "dotless", "email": "k\u0131ss@example.com", "email_verified": True},
    {"sub": "long", "email": "kis\u017f@example.com", "email_verified": True},
    {"sub": "kelvin", "email": "\u212aiss@example.com", "email_verified": True},
    {"sub": "stranger", "email": "stranger@example.net", "email_verified": True},
    {"sub": "unchecked", "email": "alice@example.com", "email_verified": False},
    {"sub": "unsaid", "email": "alice@example.com"},
    {"sub": "written", "email": "alice@example.com", "email_verified": "false"},
    {"sub": "nameless", "email_verified": True},
)
LEAVING = re.compile(r'href="(http://127[^"]+authorize[^"]+)"')


@dataclass(frozen=True, slots=True)
class Provider:
    """A running provider."""

    url: str

    def settings(self, name: str = "Google", slug: str = "google") -> dict[str, Any]:
        """What Deskbell's settings say of it."""
        return {
            "openid_connect": {
                "OAUTH_PKCE_ENABLED": True,
                "APPS": [
                    {
                        "provider_id": slug,
                        "name": name,
                        "client_id": "deskbell",
                        "secret": "a secret",
                        "settings": {"server_url": self.url},
                    }
                ],
            }
        }

    def answers(self, address: str, sub: str) -> str:
        """Where it leads back to once somebody confirmed as `sub`; "" is somebody who did not."""
        form = {"sub": sub} if sub else {"action": "deny"}
        answer = httpx.post(address, data=form, trust_env=False)
        assert answer.status_code == 302, answer.text[:500]
        return answer.headers["Location"]


@contextmanager
def running_provider() -> Iterator[Provider]:
    """A provider with `ACCOUNTS`, until the context ends."""
    [port] = free_ports(1)
    argv = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port)]
    for claims in ACCOUNTS:
        argv += ["--user-claims", json.dumps(claims)]
    running = Running(argv, dict(os.environ) | {"NO_COLOR": "1"}, folder="/")
    try:
        running.wait_for("Uvicorn running", 60)
        yield Provider(f"http://127.0.0.1:{port}")
    finally:
        running.kill()


def leave(client: Client, slug: str = "google", **form: str) -> str:
    """Presses "Sign in with …"; gives the provider's address that the page leads to."""
    answer = client.post(f"/sign-in/with/{slug}/", form)
    found = LEAVING.search(answer.content.decode())
    assert found, answer.content.decode()[:2000]
    return found[1].replace("&amp;", "&")


def come_back(client: Client, address: str) -> Any:
    """Follows where the provider leads; gives the answer."""
    return client.get(address.removeprefix("http://testserver"))
