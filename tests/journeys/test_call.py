"""A phone call becomes an acknowledged message, with every real part: SIP, RTP, web, queue, SMTP.

`./deskbell up --demo` runs as a newcomer would run it. A SIPp caller and a telephone of our own
call a number of the demo; what they leave goes to whoever is on call, by real mail, level by level,
until somebody follows the link.
"""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import time
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import httpx
import pytest

from deskbell import speech
from tests.house import (
    ROOT,
    House,
    greeting_now,
    processes_of,
    prompts,
    signed_in,
    text_of,
    until,
)
from tests.patience import patience
from tests.phone import Phone

SPOKEN = "Hello, this is a test of the whole way. A pipe burst in the kitchen, please call me back."

pytestmark = pytest.mark.journey


async def leave_message(house: House, number: str) -> bytes:
    """Calls, listens to the menu, presses 2, speaks after the tone, and presses pound."""
    known = prompts(house)
    words = speech.speak_mulaw(
        SPOKEN
    )  # before the call: a caller is not kept waiting, nor keeps us
    ask = next(audio for text, audio in known.items() if text.startswith("Please leave"))
    thanks = next(audio for text, audio in known.items() if text.startswith("Thank you. Your"))
    async with Phone(house.sip) as phone:
        call = await phone.call(number)
        assert call.status == 200
        async with patience(20):
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


def test_a_call_becomes_an_acknowledged_message(house: House) -> None:
    before = house.newest()["id"]
    heard = asyncio.run(leave_message(house, house.account["numbers"][0]["number"]))

    # What was heard is the menu's prompt, byte for byte from its start.
    known = prompts(house)
    name = greeting_now(known, heard)
    assert name in {"Weekday greeting", "After hours greeting"}

    # The message is there, over the API and in the portal, with its recording.
    message = until(
        lambda: house.newest() if house.newest()["id"] != before else None, 10, "a message"
    )
    assert message["status"] in {"new", "delivered"}
    with signed_in(house, "alice") as alice:
        assert "Acknowledge" in alice.get(f"/messages/{message['id']}/").text
        assert_recording_is_what_was_said(alice, house.recording_address(message["id"]))
    with signed_in(house, "charlie", account=1) as charlie:
        assert charlie.get(f"/messages/{message['id']}/").status_code == 404

    # The first level gets it, again and again, then the second: by real mail and signed webhook.
    first = until(lambda: house.inbox.about(message["id"]), 20, "the first mail")[0]
    webhooks = f"{house.http}/demo/webhooks"
    until(lambda: message["uuid"] in httpx.get(webhooks).text, 20, "the signed webhook")
    second_level = until(
        lambda: [
            mail for mail in house.inbox.about(message["id"]) if mail["X-For"] != first["X-For"]
        ],
        90,
        "the second level",
    )[0]
    assert second_level["X-For"] == "manager@acme.example"
    to_first = [
        mail for mail in house.inbox.about(message["id"]) if mail["X-For"] == first["X-For"]
    ]
    assert len(to_first) == 2, "one attempt and one repeat"

    # The link: looking at it changes nothing, pressing its button stops everything at once.
    link = re.search(r"https?://\S+/ack/\S+", text_of(second_level))
    assert link
    address = house.http + link.group().partition("/ack/")[1] + link.group().partition("/ack/")[2]
    with httpx.Client() as client:
        shown = client.get(address)
        assert shown.status_code == 200
        assert house.api(f"messages/{message['id']}")["status"] == "delivered"
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', shown.text)
        form = {"csrfmiddlewaretoken": token.group(1)} if token else {}
        done = client.post(address, data=form)
        assert done.status_code in {200, 302, 303}, done.text
    message = house.api(f"messages/{message['id']}")
    assert message["status"] == "acknowledged"
    assert message["next_escalation_at"] is None
    assert not house.rows(
        "SELECT 1 FROM delivery_delivery WHERE message_id = %s"
        " AND state IN ('queued', 'sending', 'retrying')",
        message["id"],
    )

    # Every step stands in the activities.
    texts = " / ".join(each["text"] for each in house.api(f"messages/{message['id']}/activities"))
    for step in ("Message taken", "On call", "Practice manager", "Acknowledged by Manager's desk"):
        assert step in texts, texts
    sent = house.rows("SELECT kind FROM delivery_delivery WHERE message_id = %s", message["id"])
    assert sorted(kind for (kind,) in sent) == [
        *["call"] * 2,
        *["email"] * 3,
        *["sms"] * 2,
        *["webhook"] * 2,
    ]


def assert_recording_is_what_was_said(portal: httpx.Client, address: str) -> None:
    """The recording plays, in parts too, and is as long and as loud as what the caller said."""
    whole = until(lambda: _audio(portal, address), 15, "the recording's audio")
    part = portal.get(address, headers={"Range": "bytes=0-99"}, follow_redirects=True)
    assert (part.status_code, part.content) == (206, whole[:100])
    with wave.open(BytesIO(whole)) as audio:
        assert (audio.getframerate(), audio.getnchannels(), audio.getsampwidth()) == (8000, 1, 2)
        seconds = audio.getnframes() / 8000
        loud = speech.to_mulaw(audio.readframes(audio.getnframes()))
    said = speech.speak_mulaw(SPOKEN)
    assert abs(seconds - len(said) / 8000) < 2.5
    assert len(set(loud)) > 100


def _audio(portal: httpx.Client, address: str) -> bytes:
    answer = portal.get(address, follow_redirects=True)
    return answer.content if answer.status_code == 200 else b""


def test_sipp_leaves_a_message(house: House, tmp_path: Path) -> None:
    before = house.newest()["id"]
    audio = tmp_path / "speech.ulaw"
    audio.write_bytes(speech.speak_mulaw("Good morning, please call me about my appointment."))
    scenario = tmp_path / "leave_message.xml"
    written = (ROOT / "tests/journeys/sipp/leave_message.xml").read_text()
    scenario.write_text(written.replace("[$audio]", str(audio)))
    done = subprocess.run(
        [
            "sipp",
            str(house.sip),
            "-sf",
            str(scenario),
            "-s",
            house.account["numbers"][0]["number"],
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
        lambda: house.newest() if house.newest()["id"] != before else None, 15, "a message"
    )
    assert message["caller_id"] == "+12125550101"
    until(lambda: house.inbox.about(message["id"]), 20, "its mail")


def is_stopped(house: House, pid: int) -> bool:
    """Stops a process for good, unless it holds locks: it would keep those, which the dead do not.

    Half a second is long enough for what it had asked the database to have come back to it.
    """
    os.kill(pid, signal.SIGSTOP)
    time.sleep(0.5)
    held = house.rows(
        "SELECT 1 FROM pg_stat_activity WHERE state = 'idle in transaction'"
        " AND state_change < now() - interval '0.2 seconds'"
    )
    if held:
        os.kill(pid, signal.SIGCONT)
    return not held


def test_a_killed_worker_loses_nothing_and_sends_once(house: House) -> None:
    [pid] = processes_of(house, "deskbell.worker")
    until(lambda: is_stopped(house, pid), 30, "the worker stopped")
    try:
        before = house.newest()["id"]
        asyncio.run(leave_message(house, house.account["numbers"][0]["number"]))
        message = until(
            lambda: house.newest() if house.newest()["id"] != before else None, 10, "a message"
        )
        assert not house.inbox.about(message["id"])
    finally:
        os.kill(pid, signal.SIGKILL)
    house.running.wait_for("worker was killed by SIGKILL; starting it again", 30)
    until(lambda: house.inbox.about(message["id"]), 40, "the mail after the restart")
    sent = house.rows(
        "SELECT kind, attempt, count(*) FROM delivery_delivery WHERE message_id = %s"
        " GROUP BY kind, attempt HAVING count(*) > 1",
        message["id"],
    )
    assert sent == []
    keys = [mail["Message-ID"] for mail in house.inbox.about(message["id"])]
    assert len(keys) == len(set(keys))


def test_an_unknown_number_is_not_found(house: House) -> None:
    async def call() -> int:
        async with Phone(house.sip) as phone:
            return (await phone.call("+12125550199")).status

    assert asyncio.run(call()) == 404


def test_a_silent_caller_hears_why_and_leaves_no_message(house: House) -> None:
    before = house.newest()["id"]
    known = prompts(house)
    silent = next(audio for text, audio in known.items() if text.startswith("We did not hear"))

    async def call() -> None:
        async with Phone(house.sip) as phone:
            handle = await phone.call(house.account["numbers"][0]["number"])
            async with patience(20):
                while not greeting_now(known, handle.heard()):
                    await asyncio.sleep(0.1)
            handle.press("2")
            await handle.hears(silent, within=40)
            handle.hang_up()
            await handle.ended()

    asyncio.run(call())
    assert house.newest()["id"] == before


def test_a_caller_hears_an_edit_of_the_api_and_no_restart_of_the_web_side(house: House) -> None:
    with attendant_api(house) as api:
        storm = api.post(
            "announcement",
            json={
                "enterpriseSid": house.account["sid"],
                "name": "Storm greeting",
                "type": "say",
                "body": "Because of the storm we open late today.",
                "language": "en-US",
                "voice": "Man",
            },
        ).json()["data"]
        sid = storm["sid"]
        until(
            lambda: "status" not in api.get(f"announcement/search/{sid}").json()["data"],
            30,
            "the spoken announcement",
        )
        for menu in api.get("menu/search").json()["data"]["result"]:
            # The caller waits for the restart, however busy this machine is.
            patient = {"announcementSid": sid, "timeoutSeconds": 120}
            changed = api.put(f"menu/{menu['sid']}", json=patient)
            assert changed.status_code == 200, changed.text
    known = prompts(house)

    async def call() -> None:
        async with Phone(house.sip) as phone:
            handle = await phone.call(house.account["numbers"][0]["number"])
            await handle.hears(known["Storm greeting"], within=20)
            for pid in processes_of(house, "granian"):
                os.kill(pid, signal.SIGKILL)
            await asyncio.to_thread(house.running.wait_for, "web is back", 60)
            handle.press("1")
            await handle.hears(known["Opening hours"], within=20)
            handle.hang_up()
            await handle.ended()

    asyncio.run(call())
    steps = house.rows(
        "SELECT key, result FROM attendant_callstep WHERE call_id ="
        " (SELECT max(id) FROM calls_call) ORDER BY id"
    )
    assert steps[0] == ("", "ENTERED")
    assert ("1", "ANNOUNCEMENT_RETURN") in steps


@contextmanager
def attendant_api(house: House) -> Iterator[httpx.Client]:
    """The Auto Attendant API as alice uses it."""
    alice = next(user for user in house.account["users"] if user["name"] == "alice")
    base = f"{house.http}/autoattendant/"
    with httpx.Client(base_url=base, auth=(alice["sid"], alice["token"]), timeout=15) as client:
        yield client
