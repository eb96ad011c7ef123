"""A gateway hears of new prompts at once, and one that is away holds nothing up."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from datetime import datetime

import pytest
from django.db import connection

from deskbell.accounts.models import Account
from deskbell.attendant import actions, jobs
from deskbell.foundation import environment, signing
from deskbell.platform.jobs import run_job
from deskbell.platform.tenancy import account_scope


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, str]]]:
    asked: list[tuple[str, str]] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append((self.path, self.headers[signing.HEADER]))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_parts: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        port = server.server_address[1]
        monkeypatch.setattr(
            type(environment.environment()), "voice_url", f"http://127.0.0.1:{port}"
        )
        yield asked
        server.shutdown()
        thread.join()


def test_the_gateway_is_asked_with_a_right_signature(gateway: list[tuple[str, str]]) -> None:
    run_job("attendant.tell_gateway", b"{}")
    settings = environment.environment()
    target = f"{settings.voice_url}/reload"
    assert gateway == [("/reload", signing.sign(settings.secrets.voice, target))]


def test_a_gateway_that_is_away_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(environment.environment()), "voice_url", "http://127.0.0.1:9")
    jobs.tell_gateway.work()


def test_a_change_is_told_once(acme: Account, at: datetime) -> None:
    with account_scope(acme.pk):
        system = actions.add_system(account=acme, at=at, name="Main")
        for name in ("One", "Two"):
            actions.edit_system(system=system, at=at, name=name)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pgqueuer WHERE entrypoint = 'attendant.tell_gateway'")
        assert cursor.fetchone() == (1,)
