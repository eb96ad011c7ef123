"""A real worker beside a real database: messages escalate in real time, and a killed worker
loses nothing."""

from __future__ import annotations

import itertools
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

from deskbell.accounts.models import Account
from deskbell.contacts.actions import add_contact, add_method
from deskbell.delivery.models import Delivery, DeliveryState
from deskbell.foundation.clock import now
from deskbell.messages.actions import Taken, acknowledge, take
from deskbell.messages.models import Message, MessageStatus
from deskbell.oncall.actions import add_event, add_level
from deskbell.oncall.models import EscalationLevel
from deskbell.platform.tenancy import account_scope

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).resolve().parents[2]


def until(answer: Callable[[], Any], seconds: float = 30.0) -> Any:
    """The first answer that is true; fails where none comes in time."""
    deadline = time.monotonic() + seconds
    while not (found := answer()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)
    return found


@dataclass
class Hook:
    """A webhook that remembers what it was sent: path, idempotency key and content."""

    port: int
    heard: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)

    def paths(self) -> list[str]:
        return [path for path, _, _ in self.heard]


@pytest.fixture
def hook() -> Iterator[Hook]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            found.heard.append((self.path, self.headers["Idempotency-Key"], content))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        found = Hook(server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield found
        server.shutdown()
        thread.join()


class Worker:
    """A worker process on the test's database."""

    def __init__(self, folder: Path, hook: Hook) -> None:
        self.ready_file = folder / "run" / "worker.ready"
        self.log = folder / "worker.log"
        database = connection.settings_dict
        variables = os.environ | {
            "DATABASE_URL": f"postgresql://{database['USER']}@/{database['NAME']}"
            f"?host={database['HOST']}",
            "DESKBELL_DATA_DIR": str(folder),
            "DESKBELL_PRIVATE_HOSTS": f"127.0.0.1:{hook.port}",
            "PYTHONPATH": str(ROOT / "src"),
        }
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "deskbell.worker"], env=variables, stderr=log
            )

    def wait_ready(self) -> None:
        until(lambda: self.ready_file.exists() or self.process.poll() is not None)
        assert self.process.poll() is None, self.log.read_text()

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """The exit code after a signal."""
        self.process.send_signal(number)
        return self.process.wait(10)


@pytest.fixture
def empty_queue() -> Iterator[None]:
    """The queue's tables have no models, so nobody else empties them between tests."""

    def empty() -> None:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE pgqueuer, pgqueuer_log, pgqueuer_schedules")

    empty()
    yield
    empty()


@pytest.fixture
def start_worker(tmp_path: Path, hook: Hook, empty_queue: None) -> Iterator[Callable[[], Worker]]:
    started: list[Worker] = []

    def start() -> Worker:
        started.append(Worker(tmp_path, hook))
        started[-1].wait_ready()
        return started[-1]

    yield start
    for worker in started:
        worker.process.kill()
        worker.process.wait()


@pytest.fixture
def in_acme(acme: Account) -> Iterator[Account]:
    with account_scope(acme.pk):
        yield acme


@pytest.fixture
def chain(in_acme: Account, hook: Hook) -> EscalationLevel:
    """Bob twice, a second apart; a second later Alice."""
    at = now()

    def level(name: str, who: str, **options: Any) -> EscalationLevel:
        made = add_level(account_id=in_acme.pk, name=name, at=at, **options)
        contact = add_contact(account_id=in_acme.pk, name=who, at=at)
        url = f"http://127.0.0.1:{hook.port}/{who.lower()}"
        method = add_method(contact=contact, kind="webhook", address=url, secret="s", at=at)
        add_event(
            level=made,
            methods=[method],
            starts=datetime.fromisoformat("2026-01-01 00:00"),
            ends=datetime.fromisoformat("2026-01-01 23:59"),
            frequency="daily",
            at=at,
        )
        return made

    manager = level("Manager", "Alice", wait_seconds=1)
    options = {"repeat": 1, "repeat_seconds": 1, "wait_seconds": 1}
    return level("Weekday", "Bob", next_level=manager, position=0, **options)


def leave_message(account: Account) -> Message:
    return take(account_id=account.pk, taken=Taken("The tooth hurts"), at=now())


def status_of(message: Message) -> str:
    message.refresh_from_db()
    return message.status


def test_a_message_escalates_in_real_time(
    in_acme: Account, chain: EscalationLevel, hook: Hook, start_worker: Callable[[], Worker]
) -> None:
    worker = start_worker()
    message = leave_message(in_acme)
    until(lambda: status_of(message) == MessageStatus.EXHAUSTED)
    assert hook.paths() == ["/bob", "/bob", "/alice"]
    assert len({key for _, key, _ in hook.heard}) == 3
    times = list(Delivery.objects.order_by("id").values_list("created_at", flat=True))
    waits = [(later - earlier).total_seconds() for earlier, later in itertools.pairwise(times)]
    assert all(1.0 <= wait < 5.0 for wait in waits), waits

    assert worker.end() == 0
    assert not worker.ready_file.exists()


def test_acknowledging_stops_it(
    in_acme: Account, chain: EscalationLevel, hook: Hook, start_worker: Callable[[], Worker]
) -> None:
    start_worker()
    message = leave_message(in_acme)
    until(hook.paths)
    acknowledge(message=message, by="Bob", at=now(), through="portal")
    until(lambda: not jobs_waiting())  # the timer comes, and finds nothing to do
    assert hook.paths() == ["/bob"]
    assert status_of(message) == MessageStatus.ACKNOWLEDGED


def jobs_waiting() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pgqueuer")
        return int(cursor.fetchone()[0])


def test_a_worker_killed_before_the_delivery_loses_nothing(
    in_acme: Account, chain: EscalationLevel, hook: Hook, start_worker: Callable[[], Worker]
) -> None:
    worker = start_worker()
    with held("oncall_occurrence"):
        message = leave_message(in_acme)
        until(lambda: picked("oncall.escalate"))  # the worker has it in hand, and cannot go on
        worker.end(signal.SIGKILL)
    assert not hook.heard

    start_worker()
    until(hook.paths)  # within 30 s, as the design promises
    acknowledge(message=message, by="Bob", at=now(), through="portal")
    until(lambda: not jobs_waiting())
    assert hook.paths() == ["/bob"]
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.tries) == (DeliveryState.DELIVERED, 1)


@contextmanager
def held(table: str) -> Iterator[None]:
    """Keeps everybody else from reading a table."""
    connecting: dict[str, Any] = connection.get_connection_params()
    with psycopg.connect(
        host=connecting["host"], dbname=connecting["dbname"], user=connecting["user"]
    ) as other:
        other.execute(f"LOCK TABLE {table}")
        yield


def picked(name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pgqueuer WHERE entrypoint = %s AND status = 'picked'", [name]
        )
        return bool(cursor.fetchone()[0])


def test_a_worker_that_loses_its_database_ends_for_its_supervisor(
    in_acme: Account, start_worker: Callable[[], Worker]
) -> None:
    worker = start_worker()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'deskbell worker' AND datname = current_database()"
        )
    assert worker.process.wait(10) == 1
    assert not worker.ready_file.exists()
    assert "connection to PostgreSQL is lost" in worker.log.read_text()
