"""Stripe as a browser and Deskbell meet it: a localstripe, and before it what localstripe lacks.

Cards are localstripe's. It lets no browser make a payment method, its script has no separate
fields, and it knows no bank accounts; those are answered here, as Stripe's pages document them:
https://docs.stripe.com/payments/ach-direct-debit/accept-a-payment,
https://docs.stripe.com/api/payment_methods/object, https://docs.stripe.com/api/payment_intents/object
"""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qsl
from uuid import uuid4

import httpx

from tests.localstripe import PUBLISHABLE_KEY, SECRET_KEY, WEBHOOK_SECRET, LocalStripe

SCRIPT = Path(__file__).with_name("stripe_script.js")
HOSTED = "https://payments.stripe.com/microdeposit/pacs_test_1"
_SEARCH = "/v1/payment_intents/search"
Fields = Mapping[str, str]


@dataclass
class Bank:
    """The bank accounts, customers and debits that Stripe knows; `asked` is what it was sent."""

    methods: dict[str, dict[str, Any]] = field(default_factory=dict)
    intents: dict[str, dict[str, Any]] = field(default_factory=dict)
    by_key: dict[str, str] = field(default_factory=dict)
    verified: set[str] = field(default_factory=set)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def make_method(self, fields: Fields) -> dict[str, Any]:
        """What Stripe answers to a browser that typed an account's numbers."""
        account = fields["us_bank_account[account_number]"]
        made = {
            "id": f"pm_bank{uuid4().hex[:12]}",
            "object": "payment_method",
            "type": "us_bank_account",
            "customer": None,
            "billing_details": {"name": fields["billing_details[name]"]},
            "us_bank_account": {
                "account_holder_type": fields["us_bank_account[account_holder_type]"],
                "account_type": "checking",
                "bank_name": "STRIPE TEST BANK",
                "financial_connections_account": None,
                "fingerprint": hashlib.sha256(account.encode()).hexdigest()[:16],
                "last4": account[-4:],
                "networks": {"preferred": "ach", "supported": ["ach"]},
                "routing_number": fields["us_bank_account[routing_number]"],
                "status_details": {},
            },
        }
        self.methods[str(made["id"])] = made
        return made

    def make_intent(self, fields: Fields, key: str) -> dict[str, Any]:
        """A debit: one key makes one, and an account that nobody verified has to be first."""
        if key in self.by_key:
            return self.intents[self.by_key[key]]
        intent = f"pi_bank{uuid4().hex[:12]}"
        made: dict[str, Any] = {
            "id": intent,
            "object": "payment_intent",
            "amount": int(fields["amount"]),
            "currency": fields["currency"],
            "client_secret": f"{intent}_secret_1",
            "customer": fields.get("customer"),
            "last_payment_error": None,
            "latest_charge": None,
            "metadata": {"reference": fields["metadata[reference]"]},
            "payment_method": fields["payment_method"],
            "payment_method_types": ["us_bank_account"],
            "status": "processing",
            "next_action": None,
        }
        if fields["payment_method"] not in self.verified:
            deposits = {"arrival_date": 1795564800, "hosted_verification_url": HOSTED}
            made["status"] = "requires_action"
            made["next_action"] = {
                "type": "verify_with_microdeposits",
                "verify_with_microdeposits": deposits | {"microdeposit_type": "descriptor_code"},
            }
        self.intents[intent] = made
        self.by_key[key] = intent
        return made

    def look(self, place: str, query: str) -> dict[str, Any] | None:
        """What there is to be read at a path; None for what is none of a bank's."""
        if place == _SEARCH:
            return self._search(dict(parse_qsl(query))["query"])
        name = place.rpartition("/")[2]
        return self.methods.get(name) or self.intents.get(name)

    def _search(self, query: str) -> dict[str, Any]:
        """The debits whose metadata has a reference. Source:
        https://docs.stripe.com/api/payment_intents/search"""
        found = [
            each
            for each in self.intents.values()
            if query == f'metadata["reference"]:"{each["metadata"]["reference"]}"'
        ]
        about = {"object": "search_result", "url": _SEARCH, "has_more": False}
        return about | {"data": found}

    def verify(self, intent: str) -> None:
        """The payer typed the code: the debit is under way, and the account is known."""
        self.verified.add(self.intents[intent]["payment_method"])
        self.intents[intent] |= {"status": "processing", "next_action": None}

    def collect(self, intent: str) -> None:
        """The money came."""
        charge = {"id": f"py_{intent}", "object": "charge", "amount_refunded": 0, "disputed": False}
        self.intents[intent] |= {"status": "succeeded", "latest_charge": charge}

    def fail(self, intent: str, words: str) -> None:
        """The bank sent the debit back before it counted as paid."""
        trouble = {"type": "card_error", "code": "insufficient_funds", "message": words}
        self.intents[intent] |= {"status": "requires_payment_method", "last_payment_error": trouble}

    def take_back(self, intent: str) -> None:
        """The payer disputed a debit that had been paid, which banks grant at once."""
        self.intents[intent]["latest_charge"]["disputed"] = True


class StripePeer:
    """A server on this machine, from `with` to its end; `url` is both its API and its script's."""

    def __init__(self, behind: LocalStripe) -> None:
        self.bank = Bank()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self.bank, behind))
        self._server.daemon_threads = True
        self.host = f"127.0.0.1:{self._server.server_port}"
        self.url = f"http://{self.host}"

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._server.shutdown()
        self._thread.join(10)
        self._server.server_close()


def event(kind: str, intent: Mapping[str, Any], event_id: str) -> tuple[bytes, dict[str, str]]:
    """A signed event about a payment: its body and headers. Source:
    https://docs.stripe.com/webhooks#verify-manually"""
    moment = int(time.time())
    told = {"id": event_id, "object": "event", "type": kind, "created": moment}
    body = json.dumps(told | {"data": {"object": intent}}).encode()
    digest = hmac.digest(WEBHOOK_SECRET.encode(), b"%d." % moment + body, hashlib.sha256).hex()
    return body, {"Stripe-Signature": f"t={moment},v1={digest}", "Content-Type": "application/json"}


def _handler(bank: Bank, behind: LocalStripe) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if self.path == "/v3/":
                return self._say(SCRIPT.read_bytes(), kind="text/javascript")
            found = bank.look(*self.path.partition("?")[::2])
            return self._say(found) if found else self._pass_on(b"")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            fields = dict(parse_qsl(body.decode()))
            bank.asked.append((self.path, fields))
            if fields.get("type") == "us_bank_account":
                assert fields["key"] == PUBLISHABLE_KEY
                return self._say(bank.make_method(fields))
            if fields.get("payment_method", "").startswith("pm_bank"):
                return self._say(bank.make_intent(fields, self.headers["Idempotency-Key"]))
            return self._pass_on(body)

        def _pass_on(self, body: bytes) -> None:
            """To localstripe, for a browser's key as if it were the secret one."""
            is_ours = "Authorization" in self.headers
            headers = {
                name: value
                for name, value in self.headers.items()
                if name.lower() in {"authorization", "content-type", "idempotency-key"}
            }
            answer = httpx.request(
                self.command,
                f"{behind.url}{self.path}",
                content=body if is_ours else _without_key(body),
                headers=headers,
                auth=None if is_ours else (SECRET_KEY, ""),
            )
            self._say(answer.content, status=answer.status_code)

        def _say(
            self,
            told: bytes | Mapping[str, Any],
            *,
            status: int = 200,
            kind: str = "application/json",
        ) -> None:
            content = told if isinstance(told, bytes) else json.dumps(told).encode()
            self.send_response(HTTPStatus(status))
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Access-Control-Allow-Origin", "*")
            self.send_header("Cross-Origin-Resource-Policy", "cross-origin")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    return Handler


def _without_key(body: bytes) -> bytes:
    return b"&".join(part for part in body.split(b"&") if not part.startswith(b"key="))
