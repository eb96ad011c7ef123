"""Workers on the test's database, a webhook that remembers, and a chain that leads there."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg

from tests.patience import PATIENCE

if TYPE_CHECKING:  # loaded before Django is set up
    from deskbell.accounts.models import Account
    from deskbell.messages.models import Message
    from deskbell.oncall.models import EscalationLevel

ROOT = Path(__file__).resolve().parents[1]
AS_A_PROGRAM = ("-m", "deskbell.worker")


def until(answer: Callable[[], Any], seconds: float = 30.0) -> Any:
    """The first answer that is true; fails where none comes in time."""
    deadline = time.monotonic() + seconds * PATIENCE
    while not (found := answer()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)
    return found


@dataclass
class Hook:
    """A webhook that remembers what it was sent: path, idempotency key and content.

    It answers 204; at paths of `acknowledging` that the message is acknowledged, at those of
    `hanging` nothing until `release` is set.
    """

    port: int = 0
    heard: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    acknowledging: set[str] = field(default_factory=set)
    hanging: set[str] = field(default_factory=set)
    release: threading.Event = field(default_factory=threading.Event)

    def paths(self) -> list[str]:
        return [path for path, _, _ in self.heard]

    def keys(self, path: str) -> list[str]:
        return [key for heard_at, key, _ in self.heard if heard_at == path]


def _handler(hook: Hook) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            hook.heard.append((self.path, self.headers["Idempotency-Key"], content))
            if self.path in hook.hanging:
                hook.release.wait(60)
            body = b'{"acknowledged": true}' if self.path in hook.acknowledging else b""
            self.send_response(200 if body else 204)
            if body:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    return Handler


@contextmanager
def listening_hook() -> Iterator[Hook]:
    """A hook that listens as long as it is needed."""
    hook = Hook()
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(hook)) as server:
        hook.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield hook
        hook.release.set()
        server.shutdown()
        thread.join()


class Worker:
    """A worker process on the test's database; `program` is what Python runs."""

    def __init__(self, folder: Path, hook: Hook, program: Sequence[str] = AS_A_PROGRAM) -> None:
        from django.db import connection

        self.ready_file = folder / "run" / "worker.ready"
        self.log = folder / "worker.log"
        database = connection.settings_dict
        variables = os.environ | {
            "DATABASE_URL": f"postgresql://{database['USER']}@/{database['NAME']}"
            f"?host={database['HOST']}",
            "DESKBELL_DATA_DIR": str(folder),
            "DESKBELL_PRIVATE_HOSTS": f"127.0.0.1:{hook.port}",
            "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}",
        }
        folder.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, *program], env=variables, stderr=log, start_new_session=True
            )

    def wait_ready(self) -> None:
        until(lambda: self.ready_file.exists() or self.process.poll() is not None)
        assert self.process.poll() is None, self.log.read_text()

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """The exit code after a signal."""
        self.process.send_signal(number)
        return self.process.wait(10)

    def kill(self) -> None:
        """Ends it and all that it started."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def empty_the_queue() -> None:
    """The queue's tables have no models, so nobody else empties them between tests."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE pgqueuer, pgqueuer_log, pgqueuer_schedules")


def level_of(
    account: Account, hook: Hook, name: str, *people: str, **options: Any
) -> EscalationLevel:
    """A level with people on call round the clock, each reached at the hook's path of their name;
    `options` are those of `add_level`."""
    from deskbell.contacts.actions import add_contact, add_method
    from deskbell.foundation.clock import now
    from deskbell.oncall.actions import add_event, add_level

    at = now()
    made = add_level(account_id=account.pk, name=name, at=at, **options)
    methods = []
    for person in people:
        contact = add_contact(account_id=account.pk, name=person, at=at)
        url = f"http://127.0.0.1:{hook.port}/{person.lower()}"
        methods.append(
            add_method(contact=contact, kind="webhook", address=url, secret="s", at=at, limit=0)
        )
    add_event(
        level=made,
        methods=methods,
        starts=datetime.fromisoformat("2026-01-01 00:00"),
        ends=datetime.fromisoformat("2026-01-01 23:59"),
        frequency="daily",
        at=at,
    )
    return made


def leave_message(account: Account) -> Message:
    """A message that was taken just now, for the account's first level."""
    from deskbell.foundation.clock import now
    from deskbell.messages.actions import Taken, take

    return take(account_id=account.pk, taken=Taken("The tooth hurts"), at=now())


def status_of(message: Message) -> str:
    """As it is now."""
    message.refresh_from_db()
    return message.status


def jobs_waiting() -> int:
    """How many jobs are in the queue, at work included."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pgqueuer")
        return int(cursor.fetchone()[0])


@contextmanager
def held(table: str) -> Iterator[None]:
    """Keeps everybody else from reading a table."""
    from django.db import connection

    connecting: dict[str, Any] = connection.get_connection_params()
    with psycopg.connect(
        host=connecting["host"], dbname=connecting["dbname"], user=connecting["user"]
    ) as other:
        other.execute(f"LOCK TABLE {table}")
        yield


def waited_for(table: str) -> bool:
    """Whether somebody waits until a table is free."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = %s::regclass", [table]
        )
        return bool(cursor.fetchone()[0])
