"""A database of its own with messages on their way, the workers that move them, and what came out.

The workers are those of `up`; what they hand to transports ends in the sink.
"""

from __future__ import annotations

import datetime
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen
from typing import TYPE_CHECKING, Any

from deskbell.cli import postgres, processes
from deskbell.cli.programs import spawn
from deskbell.foundation.environment import environment

from . import sinks
from .processes import family_cpu_seconds

if TYPE_CHECKING:  # Django is set up by `workplace`
    from deskbell.oncall.models import EscalationLevel

_ROOT = Path(__file__).resolve().parents[2]
_READY_SECONDS = 60.0
NEVER = datetime.timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Handed:
    """A delivery that reached the transport: when, in seconds since 1970, and which."""

    at: float
    delivery_id: int
    message_id: int


@dataclass(frozen=True, slots=True)
class Workplace:
    """The folder, and the database's process."""

    folder: Path
    database_pid: int

    def handed(self) -> list[Handed]:
        """Everything that the sink has taken so far, in its order."""
        lines = (self.folder / "sink").read_text().splitlines()
        return [
            Handed(float(at), int(delivery), int(message))
            for at, delivery, message in (line.split() for line in lines)
        ]

    def database_cpu(self) -> float:
        """Seconds of CPU that the database has used so far."""
        return family_cpu_seconds(self.database_pid)


@contextmanager
def workplace() -> Iterator[Workplace]:
    """Starts the database and sets Django up in this process, which must not have been done."""
    folder = Path(tempfile.mkdtemp(prefix="bench-engine-"))
    folder.chmod(0o755)  # PostgreSQL's own user goes through it
    database = postgres.start(folder / "data" / "postgres")
    try:
        (folder / "data" / "static").mkdir(parents=True, exist_ok=True)
        (folder / "sink").touch()
        os.environ.update(
            {
                "PYTHONPATH": f"{_ROOT / 'src'}:{_ROOT / 'bench'}",
                "DESKBELL_DATA_DIR": str(folder / "data"),
                "DATABASE_URL": database.url,
                "DJANGO_SETTINGS_MODULE": "peers.engine_settings",
                sinks.FILE: str(folder / "sink"),
            }
        )
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        yield Workplace(folder, database.process.pid)
    finally:
        database.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def workers(at: Workplace, count: int) -> Iterator[list[Popen[bytes]]]:
    """Starts so many workers, as `up` does, and waits until each takes jobs."""
    with ExitStack() as stack:
        yield [stack.enter_context(_worker(at, number)) for number in range(count)]


@contextmanager
def _worker(at: Workplace, number: int) -> Iterator[Popen[bytes]]:
    start = processes.worker(environment(), os.environ).start()
    ready, log = at.folder / "data" / "run" / "worker.ready", at.folder / f"worker-{number}.log"
    with log.open("wb") as said:
        process = spawn(start.argv, stdout=said, stderr=said, **start.options)
        try:
            deadline = time.monotonic() + _READY_SECONDS
            while not ready.exists() or ready.read_text().strip() != str(process.pid):
                if process.poll() is not None or time.monotonic() > deadline:
                    raise SystemExit(f"the worker did not start: {log.read_text()[-2000:]}")
                time.sleep(0.05)
            yield process
        finally:
            process.terminate()
            process.wait(20)


def open_accounts(count: int, at: datetime.datetime) -> list[EscalationLevel]:
    """A level in each of so many accounts, with somebody on call round the clock whom the sink
    reaches; its next attempt comes after days."""
    from deskbell.accounts.actions import open_account
    from deskbell.contacts.actions import add_contact
    from deskbell.contacts.models import DeliveryMethod
    from deskbell.oncall import actions
    from deskbell.platform.tenancy import account_scope

    made = []
    for number in range(count):
        account = open_account(
            number=f"W{number:04}", name=f"Account {number}", time_zone="America/New_York", at=at
        )
        with account_scope(account.pk):
            contact = add_contact(account_id=account.pk, name="Bob", at=at)
            method = DeliveryMethod(
                account=account, contact=contact, kind="sink", address="bob", limit=0, created_at=at
            )
            method.save()
            level = actions.add_level(
                account_id=account.pk,
                name="Weekday",
                at=at,
                repeat=9,
                repeat_seconds=int(NEVER.total_seconds()),
            )
            day = at.replace(tzinfo=None, hour=0, minute=0, second=0, microsecond=0)
            actions.add_event(
                level=level,
                methods=[method],
                starts=day - datetime.timedelta(days=2),
                ends=day - datetime.timedelta(days=2) + datetime.timedelta(hours=23, minutes=59),
                frequency="daily",
                at=at,
            )
            made.append(level)
    return made


def fill(
    levels: Sequence[EscalationLevel], dues: Sequence[datetime.datetime], at: datetime.datetime
) -> None:
    """A message for each of `dues`, which had its first attempt and is due again then."""
    from django.db import connection

    from deskbell.messages.models import Message, MessageStatus
    from deskbell.platform.tenancy import system_scope

    def made() -> Iterator[Message]:
        for number, due in enumerate(dues):
            level = levels[number % len(levels)]
            fields: dict[str, Any] = {"created_at": at, "updated_at": at, "delivered_at": at}
            yield Message(
                account_id=level.account_id,
                content="The tooth hurts since this morning, please call back",
                phone="+12125550142",
                status=MessageStatus.DELIVERED,
                escalation_level_id=level.pk,
                escalation_counter=1,
                next_escalation_at=due,
                **fields,
            )

    with system_scope("messages of all accounts are made"):
        Message.objects.bulk_create(made(), batch_size=2000)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE deskbell_messages_message")
