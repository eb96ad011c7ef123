"""Hosted carriers: their calls meet the same attendant, and nobody else speaks for them.

The carriers cannot be here; their side is played from their documentation: signatures, ids,
parameters. Sources: https://www.twilio.com/docs/voice/twiml/gather,
https://developer.signalwire.com/guides/webhook-security,
https://developers.telnyx.com/docs/voice/programmable-voice/texml-verbs/gather
"""

from __future__ import annotations

import base64
import dataclasses
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection
from django.test import Client
from pytest_django import Settings
from twilio.request_validator import RequestValidator

from deskbell.attendant.models import CallStep, LiveCall, Prompt, System
from deskbell.attendant.ways import Way, links_of
from deskbell.calls.models import Call, CallStatus
from deskbell.desk.addresses import room_of
from deskbell.foundation import clock
from deskbell.foundation.carriers import CarrierKeys
from deskbell.messages.models import Message
from deskbell.platform.tenancy import account_scope

PUBLIC = "https://bell.example.com"
FORM = "application/x-www-form-urlencoded"
TELNYX_KEY = Ed25519PrivateKey.generate()
KEYS = {
    "twilio": CarrierKeys("AC" + "a" * 32, "auth-token", "auth-token"),
    "signalwire": CarrierKeys("project", "api-token", "signing-key"),
    "telnyx": CarrierKeys(
        "", "KEY", base64.b64encode(TELNYX_KEY.public_key().public_bytes_raw()).decode()
    ),
}
CALL_IDS = {
    "twilio": "CA" + "b" * 32,
    "signalwire": "0a59a02f-f1ad-4d2c-8f28-d8f0a3f0b3c1",
    "telnyx": "v2:qiaymU9Ij90xJRRkYGWHOIx_41EVJPrzlny2zC67hwL1wVIUnnMrqQ",
}
Send = Callable[..., Any]


@pytest.fixture(autouse=True)
def connected(settings: Settings) -> None:
    settings.ENVIRONMENT = dataclasses.replace(
        settings.ENVIRONMENT, carriers=KEYS, public_url=PUBLIC
    )
    settings.ALLOWED_HOSTS = ["bell.example.com"]


def signature(carrier: str, url: str, body: str, fields: Mapping[str, str]) -> dict[str, str]:
    """What the carrier puts into the headers of a request."""
    if carrier == "telnyx":
        stamp = str(int(clock.now().timestamp()))
        signed = TELNYX_KEY.sign(f"{stamp}|{body}".encode())
        return {
            "telnyx-timestamp": stamp,
            "telnyx-signature-ed25519": base64.b64encode(signed).decode(),
        }
    name = {"twilio": "X-Twilio-Signature", "signalwire": "X-SignalWire-Signature"}[carrier]
    validator = RequestValidator(KEYS[carrier].signing)
    return {name: validator.compute_signature(url, dict(fields))}


def send(carrier: str, path: str, fields: Mapping[str, str], **headers: str) -> Any:
    path = path.removeprefix(PUBLIC)
    body = urlencode(fields)
    return Client(enforce_csrf_checks=True, raise_request_exception=False).post(
        path,
        body,
        content_type=FORM,
        headers=signature(carrier, PUBLIC + path, body, fields) | headers,
        HTTP_HOST="bell.example.com",
    )


def fields(carrier: str, **more: str) -> dict[str, str]:
    return {
        "CallSid": CALL_IDS[carrier],
        "From": "+12125550187",
        "To": "+12125550142",
        "CallStatus": "in-progress",
        **more,
    }


def root(answer: Any) -> ET.Element:
    assert answer.status_code == 200, answer.content
    return ET.fromstring(answer.content)


def gather_of(answer: Any) -> ET.Element:
    found = root(answer).find("Gather")
    assert found is not None
    return found


@pytest.mark.parametrize("carrier", list(KEYS))
def test_a_carriers_call_meets_the_menu_and_leaves_a_message(carrier: str, system: System) -> None:
    first = send(carrier, f"/voice/{carrier}/incoming", fields(carrier))
    gather = gather_of(first)
    action = gather.get("action", "")
    assert action.startswith(f"{PUBLIC}/voice/{carrier}/step?account=")
    assert gather.get("method") == "POST"
    heard = gather_of(send(carrier, action, fields(carrier, Digits="1")))
    play = heard.find("Play")
    assert play is not None
    assert play.text is not None
    sound = Client().get(play.text.removeprefix(PUBLIC), HTTP_HOST="bell.example.com")
    assert (sound.status_code, sound["Content-Type"]) == (200, "audio/wav")
    assert sound.content[:4] == b"RIFF"
    asked = send(carrier, heard.get("action", ""), fields(carrier, Digits="2"))
    record = root(asked).find("Record")
    assert record is not None
    told = {"RecordingUrl": "https://api.example.com/rec/1", "RecordingDuration": "7"}
    thanks = send(carrier, record.get("action", ""), fields(carrier, **told))
    assert root(thanks).find("Hangup") is not None
    with account_scope(system.account_id):
        message = Message.objects.get()
        assert message.recording is not None
        assert message.recording.seconds == 7
        assert LiveCall.objects.get().through == carrier
        assert CallStep.objects.count() >= 3


def test_a_carriers_empty_recording_is_no_message(system: System) -> None:
    first = send("twilio", "/voice/twilio/incoming", fields("twilio"))
    asked = send("twilio", gather_of(first).get("action", ""), fields("twilio", Digits="2"))
    record = root(asked).find("Record")
    assert record is not None
    told = {"RecordingUrl": "https://api.example.com/rec/1", "RecordingDuration": "0"}
    again = send("twilio", record.get("action", ""), fields("twilio", **told))
    assert root(again).find("Record") is not None
    with account_scope(system.account_id):
        assert not Message.objects.exists()


def test_a_talk_that_a_carrier_recorded_is_fetched_as_the_callers(system: System) -> None:
    send("twilio", "/voice/twilio/incoming", fields("twilio"))
    links = links_of(Way.TWILIO, account_id=system.account_id)
    told = {
        "RecordingSid": "RE" + "d" * 32,
        "RecordingUrl": "https://api.example.com/rec/1",
        "RecordingDuration": "7",
        "ConferenceSid": "CF" + "e" * 32,
    }
    for room in (room_of(CALL_IDS["twilio"]), "desk-" + "9" * 32, "lobby"):
        url = links.recorded_url(room)
        assert send("twilio", url, told).status_code == 204
        assert send("twilio", url, told, **{"X-Twilio-Signature": "none"}).status_code == 403
    with connection.cursor() as cursor:
        cursor.execute("SELECT convert_from(payload, 'UTF8') FROM pgqueuer")
        jobs = [job for (job,) in cursor.fetchall() if "rec/1" in job]
    assert [CALL_IDS["twilio"] in job for job in jobs] == [True]


@pytest.mark.parametrize("carrier", list(KEYS))
def test_the_end_of_a_carriers_call_is_written(carrier: str, system: System) -> None:
    send(carrier, f"/voice/{carrier}/incoming", fields(carrier))
    ended = {"CallStatus": "completed", "CallDuration": "31"}
    answer = send(carrier, f"/voice/{carrier}/status", fields(carrier) | ended)
    assert answer.status_code == 204
    with account_scope(system.account_id):
        call = Call.objects.get()
    assert (call.status, call.connection_sec) == (CallStatus.COMPLETED, 31)


@pytest.mark.parametrize("carrier", list(KEYS))
@pytest.mark.parametrize("status", ["queued", "initiated", "ringing", "in-progress", "answered"])
def test_a_call_that_goes_on_is_not_ended(carrier: str, status: str, system: System) -> None:
    path = f"/voice/{carrier}/status"
    told = fields(carrier, CallStatus=status)
    assert send(carrier, path, told).status_code == 204
    send(carrier, f"/voice/{carrier}/incoming", fields(carrier))
    assert send(carrier, path, told).status_code == 204
    with account_scope(system.account_id):
        assert Call.objects.get().ended_at is None


@pytest.mark.parametrize("carrier", list(KEYS))
def test_nobody_else_speaks_for_a_carrier(carrier: str, system: System) -> None:
    path = f"/voice/{carrier}/incoming"
    wrong = dict.fromkeys(signature(carrier, PUBLIC + path, "", {}), "bm90IGl0")
    assert send(carrier, path, fields(carrier), **wrong).status_code == 403
    bare = Client().post(path, fields(carrier), HTTP_HOST="bell.example.com")
    assert bare.status_code == 403
    with account_scope(system.account_id):
        assert not Call.objects.exists()


def test_an_old_request_of_telnyx_is_a_replay(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = urlencode(fields("telnyx"))
    headers = signature("telnyx", "", body, {})
    later = datetime.fromtimestamp(int(headers["telnyx-timestamp"]) + 301, UTC)
    monkeypatch.setattr(clock, "now", lambda: later)
    answer = Client().post(
        "/voice/telnyx/incoming",
        body,
        content_type=FORM,
        headers=headers,
        HTTP_HOST="bell.example.com",
    )
    assert answer.status_code == 403


def test_a_carrier_that_is_not_connected_is_not_there(settings: Settings, system: System) -> None:
    settings.ENVIRONMENT = dataclasses.replace(settings.ENVIRONMENT, carriers={})
    assert send("twilio", "/voice/twilio/incoming", fields("twilio")).status_code == 404
    assert Client().post("/voice/nobody/incoming", HTTP_HOST="bell.example.com").status_code == 404


def test_a_carriers_get_is_refused(system: System) -> None:
    answer = Client().get("/voice/twilio/incoming", HTTP_HOST="bell.example.com")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")


def test_a_sound_that_is_none_is_not_there(db: None) -> None:
    for name in ("0" * 64, "x" * 64, "..%2f"):
        answer = Client().get(f"/voice/sounds/{name}.wav", HTTP_HOST="bell.example.com")
        assert answer.status_code == 404
    assert Prompt.objects.count() == 0
