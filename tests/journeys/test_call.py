"""A phone call becomes an acknowledged message, with every real part: SIP, RTP, web, queue, SMTP.

`./deskbell up --demo` runs as a newcomer would run it. A SIPp caller and a telephone of our own
call a number of the demo; what they leave goes to whoever is on call, by real mail, level by level,
until somebody follows the link.
"""

from __future__ import annotations

import asyncio
import email
import email.policy
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import wave
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from aiosmtpd.controller import Controller

from deskbell import speech
from deskbell.cli import postgres
from deskbell.foundation.environment import Address
from tests.phone import Phone
from tests.running import Running, free_ports

ROOT = Path(__file__).resolve().parents[2]
OURS = ("DESKBELL_", "DATABASE_URL", "DJANGO_")
SPOKEN = "Hello, this is a test of the whole way. A pipe burst in the kitchen, please call me back."

pytestmark = [pytest.mark.journey, pytest.mark.timeout(400)]


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
class Desk:
    """A running demo and what belongs to it."""

    running: Running
    folder: Path
    inbox: Inbox
    demo: dict[str, Any]
    sip: Address
    http: str

    @property
    def account(self) -> dict[str, Any]:
        found: dict[str, Any] = self.demo["accounts"][0]
        return found

    def api(self, path: str) -> Any:
        """What the account's API token reads at a path of /api/v2."""
        headers = {"Authorization": f"Bearer {self.account['api_token']}"}
        answer = httpx.get(f"{self.http}/api/v2/{path}", headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    def newest(self) -> dict[str, Any]:
        found: dict[str, Any] = self.api("messages?per_page=1")[0]
        return found

    def rows(self, statement: str, *values: object) -> list[Any]:
        """Rows of the demo's own database."""
        with psycopg.connect(postgres.url_of(self.folder / "postgres")) as connection:
            return connection.execute(statement, values).fetchall()


def text_of(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def until(what: Callable[[], Any], seconds: float, why: str) -> Any:
    """Waits for something to come true; gives it. A limit, not a guess: it ends when it is."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := what():
            return found
        time.sleep(0.1)
    raise AssertionError(f"not within {seconds:g} s: {why}")


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    folder = Path(tempfile.mkdtemp(prefix="deskbell-call-"))
    folder.chmod(0o755)
    inbox = Inbox()
    http, voice, sip, smtp = free_ports(4)
    mail = Controller(inbox, hostname="127.0.0.1", port=smtp)
    mail.start()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    variables = kept | {"DESKBELL_EMAIL_URL": f"smtp://127.0.0.1:{smtp}"}
    variables["PYTHONPATH"] = str(ROOT / "src")
    options = ["--data-dir", str(folder / "data"), "--http", f"127.0.0.1:{http}"]
    options += ["--sip", f"127.0.0.1:{sip}", "--voice-http", f"127.0.0.1:{voice}"]
    options += ["--rtp", "36000-36999"]
    argv = [sys.executable, "-m", "deskbell.cli", "up", "--demo", *options]
    running = Running(argv, variables, folder=str(ROOT))
    try:
        running.wait_for("Deskbell is ready", 240)
        demo = json.loads((folder / "data" / "demo.json").read_text())
        yield Desk(
            running,
            folder / "data",
            inbox,
            demo,
            Address("127.0.0.1", sip),
            f"http://127.0.0.1:{http}",
        )
        assert running.stop() == 0
    finally:
        running.kill()
        mail.stop()
        shutil.rmtree(folder, ignore_errors=True)


def prompts(desk: Desk) -> dict[str, bytes]:
    """What the demo's callers may hear, by the name of the announcement or the words said."""
    statement = (
        "SELECT a.name, p.audio FROM attendant_announcement a"
        " JOIN attendant_prompt p ON p.sha256 = a.prompt_id WHERE a.account_id = %s"
    )
    found = {name: bytes(audio) for name, audio in desk.rows(statement, desk.account["id"])}
    sentences = (
        "SELECT s.text, p.audio FROM attendant_sentence s"
        " JOIN attendant_prompt p ON p.sha256 = s.prompt_id"
    )
    return found | {text: bytes(audio) for text, audio in desk.rows(sentences)}


def greeting_now(known: dict[str, bytes], heard: bytes) -> str:
    """The name of the greeting that was heard, whatever day and hour it is."""
    greetings = [name for name in known if name.endswith("greeting")]
    return next((name for name in greetings if known[name][:8000] in heard), "")


async def leave_message(desk: Desk, number: str) -> bytes:
    """Calls, listens to the menu, presses 2, speaks after the tone, and presses pound."""
    known = prompts(desk)
    words = speech.speak_mulaw(
        SPOKEN
    )  # before the call: a caller is not kept waiting, nor keeps us
    ask = next(audio for text, audio in known.items() if text.startswith("Please leave"))
    thanks = next(audio for text, audio in known.items() if text.startswith("Thank you. Your"))
    async with Phone(desk.sip) as phone:
        call = await phone.call(number)
        assert call.status == 200
        async with asyncio.timeout(20):
            while not greeting_now(known, call.heard()):
                await asyncio.sleep(0.1)
        call.press("2")
        await call.hears(ask, within=20)
        await asyncio.sleep(0.6)  # the tone
        call.speak(words)
        await call.spoken()
        call.press("#")
        await call.hears(thanks, within=20)
        await call.ended()
    return call.heard()


def test_a_call_becomes_an_acknowledged_message(desk: Desk) -> None:
    before = desk.newest()["id"]
    heard = asyncio.run(leave_message(desk, desk.account["numbers"][0]["number"]))

    # What was heard is the menu's prompt, byte for byte from its start.
    known = prompts(desk)
    name = greeting_now(known, heard)
    assert name in {"Weekday greeting", "After hours greeting"}

    # The message is there, over the API and in the portal, with its recording.
    message = until(
        lambda: desk.newest() if desk.newest()["id"] != before else None, 10, "a message"
    )
    assert message["status"] in {"new", "delivered"}
    with signed_in(desk, "alice") as alice:
        assert "Acknowledge" in alice.get(f"/messages/{message['id']}/").text
        assert_recording_is_what_was_said(alice, message["id"])
    with signed_in(desk, "charlie", account=1) as charlie:
        assert charlie.get(f"/messages/{message['id']}/").status_code == 404

    # The first level gets it, again and again, then the second: by real mail and signed webhook.
    first = until(lambda: desk.inbox.about(message["id"]), 20, "the first mail")[0]
    webhooks = f"{desk.http}/demo/webhooks"
    until(lambda: message["uuid"] in httpx.get(webhooks).text, 20, "the signed webhook")
    second_level = until(
        lambda: [
            mail for mail in desk.inbox.about(message["id"]) if mail["X-For"] != first["X-For"]
        ],
        90,
        "the second level",
    )[0]
    assert second_level["X-For"] == "manager@acme.example"
    to_first = [mail for mail in desk.inbox.about(message["id"]) if mail["X-For"] == first["X-For"]]
    assert len(to_first) == 2, "one attempt and one repeat"

    # The link: looking at it changes nothing, pressing its button stops everything at once.
    link = re.search(r"https?://\S+/ack/\S+", text_of(second_level))
    assert link
    address = desk.http + link.group().partition("/ack/")[1] + link.group().partition("/ack/")[2]
    with httpx.Client() as client:
        shown = client.get(address)
        assert shown.status_code == 200
        assert desk.api(f"messages/{message['id']}")["status"] == "delivered"
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', shown.text)
        form = {"csrfmiddlewaretoken": token.group(1)} if token else {}
        done = client.post(address, data=form)
        assert done.status_code in {200, 302, 303}, done.text
    message = desk.api(f"messages/{message['id']}")
    assert message["status"] == "acknowledged"
    assert message["next_escalation_at"] is None
    assert not desk.rows(
        "SELECT 1 FROM delivery_delivery WHERE message_id = %s"
        " AND state IN ('queued', 'sending', 'retrying')",
        message["id"],
    )

    # Every step stands in the activities.
    texts = " / ".join(each["text"] for each in desk.api(f"messages/{message['id']}/activities"))
    for step in ("Message taken", "On call", "Practice manager", "Acknowledged by Manager's desk"):
        assert step in texts, texts
    sent = desk.rows("SELECT kind FROM delivery_delivery WHERE message_id = %s", message["id"])
    assert sorted(kind for (kind,) in sent) == ["email", "email", "email", "webhook", "webhook"]


@contextmanager
def signed_in(desk: Desk, name: str, *, account: int = 0) -> Iterator[httpx.Client]:
    """A browser's session of one of the demo's users."""
    user = next(each for each in desk.demo["accounts"][account]["users"] if each["name"] == name)
    with httpx.Client(base_url=desk.http, follow_redirects=True) as client:
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


def assert_recording_is_what_was_said(portal: httpx.Client, message_id: int) -> None:
    """The recording plays, in parts too, and is as long and as loud as what the caller said."""
    address = f"/messages/{message_id}/recording/"
    whole = until(lambda: _audio(portal, address), 15, "the recording's audio")
    part = portal.get(address, headers={"Range": "bytes=0-99"})
    assert (part.status_code, part.content) == (206, whole[:100])
    with wave.open(BytesIO(whole)) as audio:
        assert (audio.getframerate(), audio.getnchannels(), audio.getsampwidth()) == (8000, 1, 2)
        seconds = audio.getnframes() / 8000
        loud = speech.to_mulaw(audio.readframes(audio.getnframes()))
    said = speech.speak_mulaw(SPOKEN)
    assert abs(seconds - len(said) / 8000) < 2.5
    assert len(set(loud)) > 100


def _audio(portal: httpx.Client, address: str) -> bytes:
    answer = portal.get(address)
    return answer.content if answer.status_code == 200 else b""


def test_sipp_leaves_a_message(desk: Desk, tmp_path: Path) -> None:
    before = desk.newest()["id"]
    audio = tmp_path / "speech.ulaw"
    audio.write_bytes(speech.speak_mulaw("Good morning, please call me about my appointment."))
    scenario = tmp_path / "leave_message.xml"
    written = (ROOT / "tests/journeys/sipp/leave_message.xml").read_text()
    scenario.write_text(written.replace("[$audio]", str(audio)))
    done = subprocess.run(
        [
            "sipp",
            str(desk.sip),
            "-sf",
            str(scenario),
            "-s",
            desk.account["numbers"][0]["number"],
            "-i",
            "127.0.0.1",
            "-m",
            "1",
            "-timeout",
            "60",
            "-nostdin",
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    message = until(
        lambda: desk.newest() if desk.newest()["id"] != before else None, 15, "a message"
    )
    assert message["caller_id"] == "+12125550101"
    until(lambda: desk.inbox.about(message["id"]), 20, "its mail")


def test_a_killed_worker_loses_nothing_and_sends_once(desk: Desk) -> None:
    pid = worker_of(desk)
    os.kill(pid, signal.SIGSTOP)  # it is there, and will never run again
    before = desk.newest()["id"]
    asyncio.run(leave_message(desk, desk.account["numbers"][0]["number"]))
    message = until(
        lambda: desk.newest() if desk.newest()["id"] != before else None, 10, "a message"
    )
    assert not desk.inbox.about(message["id"])
    os.kill(pid, signal.SIGKILL)
    desk.running.wait_for("worker was killed by SIGKILL; starting it again", 30)
    until(lambda: desk.inbox.about(message["id"]), 40, "the mail after the restart")
    sent = desk.rows(
        "SELECT kind, attempt, count(*) FROM delivery_delivery WHERE message_id = %s"
        " GROUP BY kind, attempt HAVING count(*) > 1",
        message["id"],
    )
    assert sent == []
    keys = [mail["Message-ID"] for mail in desk.inbox.about(message["id"])]
    assert len(keys) == len(set(keys))


def worker_of(desk: Desk) -> int:
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            told = (entry / "environ").read_bytes().decode(errors="replace")
        except OSError:
            continue
        if "deskbell.worker" in line and f"DESKBELL_DATA_DIR={desk.folder}\0" in told:
            return int(entry.name)
    raise AssertionError("no worker runs")


def test_an_unknown_number_is_not_found(desk: Desk) -> None:
    async def call() -> int:
        async with Phone(desk.sip) as phone:
            return (await phone.call("+12125550199")).status

    assert asyncio.run(call()) == 404


def test_a_silent_caller_hears_why_and_leaves_no_message(desk: Desk) -> None:
    before = desk.newest()["id"]
    known = prompts(desk)
    silent = next(audio for text, audio in known.items() if text.startswith("We did not hear"))

    async def call() -> None:
        async with Phone(desk.sip) as phone:
            handle = await phone.call(desk.account["numbers"][0]["number"])
            async with asyncio.timeout(20):
                while not greeting_now(known, handle.heard()):
                    await asyncio.sleep(0.1)
            handle.press("2")
            await handle.hears(silent, within=40)
            handle.hang_up()
            await handle.ended()

    asyncio.run(call())
    assert desk.newest()["id"] == before
