"""A Stripe of one's own: localstripe, run as a process of its own."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

import httpx
import pytest

from deskbell.foundation.environment import environment
from deskbell.foundation.stripe import StripeKeys

SECRET_KEY, PUBLISHABLE_KEY, WEBHOOK_SECRET = "sk_test_12345", "pk_test_12345", "whsec_12345"
_ASKING = ("billing.providers.stripe.asking", "foundation.dialling")
_PROGRAM = Path(sys.executable).with_name("localstripe")


class LocalStripe:
    """The process, from `with` to its end; nothing that it knew is left."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.host = f"127.0.0.1:{self.port}"
        self.url = f"http://{self.host}"

    def __enter__(self) -> Self:
        program = [str(_PROGRAM), "--port", str(self.port), "--from-scratch"]
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen(program, stdout=quiet, stderr=quiet)
        give_up = time.monotonic() + 60
        while not self._is_up():
            assert self._process.poll() is None, "localstripe ended by itself"
            assert time.monotonic() < give_up, "localstripe did not start"
            time.sleep(0.05)
        return self

    def __exit__(self, *exception: object) -> None:
        self._process.terminate()
        self._process.wait(10)

    def ask(self, method: str, path: str, **form: Any) -> dict[str, Any]:
        """What it answers, as somebody else who has the keys."""
        answer = httpx.request(method, f"{self.url}{path}", data=form, auth=(SECRET_KEY, ""))
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found

    def card(self, number: str) -> str:
        """The payment method of a card, as Stripe's fields make it in a browser."""
        form = {
            "type": "card",
            "card[number]": number,
            "card[exp_month]": "12",
            "card[exp_year]": "2040",
            "card[cvc]": "123",
        }
        return str(self.ask("POST", "/v1/payment_methods", **form)["id"])

    def tell(self, url: str) -> None:
        """Has events told to a webhook from now on."""
        answer = httpx.post(
            f"{self.url}/_config/webhooks/ours", json={"url": url, "secret": WEBHOOK_SECRET}
        )
        answer.raise_for_status()

    def _is_up(self) -> bool:
        try:
            httpx.get(f"{self.url}/js.stripe.com/v3/", timeout=1)
        except httpx.TransportError:
            return False
        return True


def use(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    """Has Stripe's API be at a private address, for one test."""
    known = StripeKeys(SECRET_KEY, PUBLISHABLE_KEY, WEBHOOK_SECRET, f"http://{host}")
    ours = replace(environment(), stripe=known, private_hosts=frozenset({host}))
    for place in _ASKING:
        monkeypatch.setattr(f"deskbell.{place}.environment", lambda: ours)
