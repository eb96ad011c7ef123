"""A demo that runs as a newcomer would run it, with its mails caught, for journeys by telephone."""

from __future__ import annotations

import email
import email.policy
import fcntl
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx
import psycopg
from aiosmtpd.controller import Controller

from deskbell.cli import postgres
from deskbell.foundation.environment import Address
from tests.patience import PATIENCE
from tests.running import Running, free_ports, rtp_range

ROOT = Path(__file__).resolve().parents[1]
# Made once, since it reads all certificates there are; it keeps no connection.
_BROWSER = httpx.Client(limits=httpx.Limits(max_keepalive_connections=0))
OURS = ("DESKBELL_", "DATABASE_URL", "DJANGO_")


@dataclass
class Inbox:
    """Keeps what a real SMTP conversation brought."""

    mails: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        mail["X-For"] = envelope.rcpt_tos[0]
        self.mails.append(mail)
        return "250 OK"

    def about(self, message_id: int) -> list[EmailMessage]:
        """The mails of one message, oldest first."""
        return [mail for mail in self.mails if f"/messages/{message_id}/" in text_of(mail)]


@dataclass
class House:
    """A running demo and what belongs to it."""

    running: Running
    folder: Path
    inbox: Inbox
    demo: dict[str, Any]
    sip: Address
    http: str
    voice: str
    _connection: psycopg.Connection[Any] | None = None

    @property
    def account(self) -> dict[str, Any]:
        found: dict[str, Any] = self.demo["accounts"][0]
        return found

    def api(self, path: str) -> Any:
        """What the account's API token reads at a path of /api/v2."""
        headers = {"Authorization": f"Bearer {self.account['api_token']}"}
        answer = _BROWSER.get(f"{self.http}/api/v2/{path}", headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    def newest(self) -> dict[str, Any]:
        found: dict[str, Any] = self.api("messages?per_page=1")[0]
        return found

    def recording_address(self, message_id: int) -> str:
        """Where a message's recording is played from in the portal; it leads to a signed link."""
        [(recording_id,)] = self.rows(
            "SELECT recording_id FROM deskbell_messages_message WHERE id = %s", message_id
        )
        return f"/recordings/{recording_id}/audio/"

    def rows(self, statement: str, *values: object) -> list[Any]:
        """Rows of the demo's own database, on a connection that stays: tests wait by asking."""
        return self._connected().execute(statement, values).fetchall()

    def do(self, statement: str) -> None:
        """A statement that gives no rows."""
        self._connected().execute(statement.encode())

    def _connected(self) -> psycopg.Connection[Any]:
        if self._connection is None:
            address = postgres.url_of(self.folder / "postgres")
            self._connection = psycopg.connect(address, autocommit=True)
        return self._connection

    def close(self) -> None:
        """Lets go of the database."""
        if self._connection is not None:
            self._connection.close()


def text_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def until(what: Callable[[], Any], seconds: float, why: str) -> Any:
    """Waits for something to come true; gives it. A limit, not a guess: it ends when it is."""
    deadline = time.monotonic() + seconds * PATIENCE
    while time.monotonic() < deadline:
        if found := what():
            return found
        time.sleep(0.1)
    raise AssertionError(f"not within {seconds:g} s: {why}")


@contextmanager
def running_house(told: Mapping[str, str] | None = None) -> Iterator[House]:
    """`./deskbell up --demo` in a folder of its own, until the context ends; it must end well.

    `told` are more variables of its environment. The folder is a copy of one that was filled once
    for all tests, which takes a fifth of the time.
    """
    folder = Path(tempfile.mkdtemp(prefix="deskbell-call-"))
    folder.chmod(0o755)
    inbox = Inbox()
    [smtp] = free_ports(1)
    mail = Controller(inbox, hostname="127.0.0.1", port=smtp)
    mail.start()
    try:
        copy_filled(folder / "data")
        with started(folder / "data", smtp, told=told) as (running, addresses):
            demo = json.loads((folder / "data" / "demo.json").read_text())
            house = House(running, folder / "data", inbox, demo, *addresses)
            try:
                yield house
            finally:
                house.close()
            assert running.stop() == 0
    finally:
        mail.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def started(
    data: Path, smtp: int, *, gives_way: bool = False, told: Mapping[str, str] | None = None
) -> Iterator[tuple[Running, tuple[Address, str, str]]]:
    """The demo over a data folder, ready; and where it takes calls, pages and REST requests."""
    http, voice, sip = free_ports(3)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    variables = kept | {"DESKBELL_EMAIL_URL": f"smtp://127.0.0.1:{smtp}"}
    variables |= {"PYTHONPATH": str(ROOT / "src")} | dict(told or {})
    options = ["--data-dir", str(data), "--http", f"127.0.0.1:{http}"]
    options += ["--sip", f"127.0.0.1:{sip}", "--voice-http", f"127.0.0.1:{voice}"]
    options += ["--rtp", rtp_range(1000)]
    argv = [sys.executable, "-m", "deskbell.cli", "up", "--demo", *options]
    running = Running(argv, variables, folder=str(ROOT), gives_way=gives_way)
    try:
        running.wait_for("Deskbell is ready", 240)
        addresses = f"http://127.0.0.1:{http}", f"http://127.0.0.1:{voice}"
        yield running, (Address("127.0.0.1", sip), *addresses)
    finally:
        running.kill()


def copy_filled(data: Path) -> None:
    """Copies a demo's data folder, which whoever comes first fills for all workers."""
    shared = os.environ.get("DESKBELL_TEST_FOLDER")
    if shared is None:  # no tests, but a program that wants a house
        return
    filled = Path(shared) / "filled"
    with (Path(shared) / "filled.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (filled / "demo.json").exists():
            filled.mkdir(exist_ok=True)
            with started(filled, free_ports(1)[0], gives_way=True) as (running, _):
                assert running.stop() == 0
    subprocess.run(["cp", "-a", str(filled), str(data)], check=True)


def prompts(house: House) -> dict[str, bytes]:
    """What the demo's callers may hear, by the name of the announcement or the words said."""
    statement = (
        "SELECT a.name, p.audio FROM attendant_announcement a"
        " JOIN attendant_prompt p ON p.sha256 = a.prompt_id WHERE a.account_id = %s"
    )
    found = {name: bytes(audio) for name, audio in house.rows(statement, house.account["id"])}
    sentences = (
        "SELECT s.text, p.audio FROM attendant_sentence s"
        " JOIN attendant_prompt p ON p.sha256 = s.prompt_id"
    )
    return found | {text: bytes(audio) for text, audio in house.rows(sentences)}


def greeting_now(known: dict[str, bytes], heard: bytes) -> str:
    """The name of the greeting that was heard, whatever day and hour it is."""
    greetings = [name for name in known if name.endswith("greeting")]
    return next((name for name in greetings if known[name][:8000] in heard), "")


@contextmanager
def signed_in(house: House, name: str, *, account: int = 0) -> Iterator[httpx.Client]:
    """A browser's session of one of the demo's users."""
    user = next(each for each in house.demo["accounts"][account]["users"] if each["name"] == name)
    with httpx.Client(base_url=house.http, follow_redirects=True) as client:
        token = re.search(
            r'name="csrfmiddlewaretoken" value="([^"]+)"', client.get("/sign-in/").text
        )
        assert token
        form = {
            "csrfmiddlewaretoken": token.group(1),
            "login": user["email"],
            "password": user["password"],
        }
        assert "sign-in" not in str(client.post("/sign-in/", data=form).url)
        yield client


def processes_of(house: House, words: str) -> list[int]:
    """The ids of the house's processes whose command line has `words` in it."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            told = (entry / "environ").read_bytes().decode(errors="replace")
        except OSError:
            continue
        if words in line and f"DESKBELL_DATA_DIR={house.folder}\0" in told:
            found.append(int(entry.name))
    assert found, f"no process of {words} runs"
    return found
