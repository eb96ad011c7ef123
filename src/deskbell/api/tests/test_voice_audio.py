"""The contract with gateways: recordings, prompts and configuration."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

import pytest

from deskbell.accounts.models import Account
from deskbell.attendant.actions import keep_prompt
from deskbell.attendant.models import System
from deskbell.calls.models import Call, Recording
from deskbell.foundation.environment import environment
from deskbell.foundation.signing import HEADER, sign
from deskbell.messages.models import Message
from deskbell.platform.tenancy import account_scope, system_scope
from deskbell.rcml.read import from_xml
from deskbell.rcml.verbs import Gather
from deskbell.speech import write_wav

CALL, RECORDING = "CA" + "c" * 32, "RE" + "e" * 32
PATH = f"/voice/recordings/{RECORDING}?CallSid={CALL}"
WAV = write_wav(b"\x10\x20" * 8000 * 2)
PROMPT = hashlib.sha256(b"\x7f" * 800).hexdigest()


@pytest.fixture
def call(acme: Account, at: datetime) -> Call:
    with account_scope(acme.pk):
        call = Call(account=acme, sid=CALL, number_dialed="12125550142", started_at=at)
        call.save()
    return call


def stored(call: Call) -> Recording:
    with account_scope(call.account_id):
        return Recording.objects.get(sid=RECORDING)


def test_a_recording_is_kept_and_the_same_again_changes_nothing(gateway: Any, call: Call) -> None:
    assert gateway.put(PATH, WAV).status_code == 201
    assert gateway.put(PATH, WAV).status_code == 200
    kept = stored(call)
    assert kept.audio.name == f"recordings/{call.account_id}/{RECORDING}.wav"
    with kept.audio.open() as audio:
        assert audio.read() == WAV
    assert kept.seconds == 2.0
    kept.audio.delete(save=False)


def test_other_audio_under_the_same_name_is_refused(gateway: Any, call: Call) -> None:
    gateway.put(PATH, WAV)
    assert gateway.put(PATH, write_wav(b"\x01\x02" * 800)).status_code == 409
    kept = stored(call)
    assert kept.sha256 == hashlib.sha256(WAV).hexdigest()
    kept.audio.delete(save=False)


@pytest.mark.parametrize("is_audio_first", [True, False])
def test_audio_and_step_come_in_either_order(
    gateway: Any, system: System, is_audio_first: bool
) -> None:
    form = {"CallSid": CALL, "From": "+12125550187", "To": "12125550142"}
    menu = from_xml(gateway.post("/voice/incoming", form).content).verbs[0]
    assert isinstance(menu, Gather)
    gateway.post(menu.action, form | {"Digits": "2"})
    asked = menu.action.replace("n=1", "n=2")
    result = form | {"RecordingSid": RECORDING, "RecordingDuration": "7"}
    if is_audio_first:
        assert gateway.put(PATH, WAV).status_code == 201
        assert gateway.post(asked, result).status_code == 200
    else:
        assert gateway.post(asked, result).status_code == 200
        assert gateway.put(PATH, WAV).status_code == 201
    with account_scope(system.account_id):
        message = Message.objects.get()
        recording = Recording.objects.get()
        assert message.recording_id == recording.pk
        assert recording.seconds == 2.0
        assert recording.sha256
        recording.audio.delete(save=False)


@pytest.mark.parametrize(
    "body",
    [b"", b"RIFF", b"not a wav at all" * 50, WAV[:-1], WAV[:44], b"\x00" * 1000],
)
def test_what_is_no_whole_wav_is_refused(gateway: Any, call: Call, body: bytes) -> None:
    assert gateway.put(PATH, body).status_code == 400
    with system_scope("a test"):
        assert not Recording.objects.exists()


def test_a_body_that_is_too_large_is_refused_unread(gateway: Any, call: Call) -> None:
    body = bytes(30 * 1024 * 1024 + 1)
    assert gateway.put(PATH, body).status_code == 413


def test_a_body_that_is_not_the_signed_one_is_refused(gateway: Any, call: Call) -> None:
    url = f"{PATH}&bodySHA256={hashlib.sha256(WAV).hexdigest()}"
    signature = sign(environment().secrets.voice, gateway.web + url)
    put = gateway.client.put
    headers = {HEADER: signature}
    other = write_wav(b"\x05\x06" * 800)
    assert put(url, other, content_type="audio/wav", headers=headers).status_code == 403
    assert put(PATH, WAV, content_type="audio/wav", headers=headers).status_code == 403


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"/voice/recordings/{RECORDING}?CallSid=CA{'0' * 32}", 404),
        (f"/voice/recordings/{RECORDING}?CallSid=x", 400),
        (f"/voice/recordings/{RECORDING}", 400),
        (f"/voice/recordings/RE1?CallSid={CALL}", 400),
        (f"/voice/recordings/CA{'0' * 32}?CallSid={CALL}", 400),
    ],
)
def test_recordings_of_nothing(gateway: Any, call: Call, path: str, status: int) -> None:
    assert gateway.put(path, WAV).status_code == status


def test_a_recording_of_another_call_is_not_overwritten(
    gateway: Any, call: Call, other: Account, at: datetime
) -> None:
    with account_scope(other.pk):
        theirs = Call(account=other, sid="CA" + "0" * 32, number_dialed="1", started_at=at)
        theirs.save()
        Recording(account=other, sid=RECORDING, call=theirs, started_at=at).save()
    assert gateway.put(PATH, WAV).status_code == 409


def test_prompts_by_their_content(gateway: Any, system: System) -> None:
    answer = gateway.get(f"/voice/prompts/{PROMPT}")
    assert answer.content == b"\x7f" * 800
    assert answer["Content-Type"] == "audio/basic"
    assert "immutable" in answer["Cache-Control"]
    for name in ("0" * 64, "x", PROMPT.upper()):
        assert gateway.get(f"/voice/prompts/{name}").status_code == 404
    assert gateway.client.get(f"/voice/prompts/{PROMPT}").status_code == 403


def test_the_configuration_is_sent_once_per_change(gateway: Any, system: System) -> None:
    first = gateway.get("/voice/config")
    web = environment().web_url
    found = first.json()
    payer = found["accounts"].pop("AC" + system.account.sid[2:])
    assert payer == {
        "prefixes": ["+1"],
        "calls_out": 10,
        "caller_id": "+12125550142",
        "numbers": ["+12125550142"],
    }
    receptionists = found["accounts"].pop(environment().secrets.account_sid)
    assert receptionists["calls_out"] == environment().max_calls
    assert found == {
        "trunks": [{"name": "local", "addresses": ["this-machine"]}],
        "phones": [],
        "accounts": {},
        "limits": {"prefixes": ["+1"], "calls_out": 10},
        "realm": "deskbell",
        "proxy": "",
        "sip_hosts": [],
        "caps": {"calls": environment().max_calls},
        "prompts": [PROMPT],
        "incoming": f"{web}/voice/incoming",
        "status_callback": f"{web}/voice/status",
        "messages": f"{web}/voice/messages",
        "account_sid": environment().secrets.account_sid,
    }
    same = gateway.get("/voice/config", **{"If-None-Match": first["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    with account_scope(system.account_id):
        menu = system.menus.select_related("announcement").get()
        assert menu.announcement is not None
        menu.announcement.prompt = keep_prompt(b"\x55" * 80)
        menu.announcement.save()
    changed = gateway.get("/voice/config", **{"If-None-Match": first["ETag"]})
    assert len(changed.json()["prompts"]) == 2
    assert gateway.client.get("/voice/config").status_code == 403


def test_our_gateway_understands_the_configuration(gateway: Any, system: System) -> None:
    from deskbell.voice.configuration import read_configuration

    found = read_configuration(gateway.get("/voice/config").content)
    assert found.trunk_of("127.0.0.1") == "local"
    assert found.prompts == (PROMPT,)


def test_health_is_asked_without_a_signature(gateway: Any) -> None:
    answer = gateway.client.get("/health")
    assert (answer.status_code, answer.json()["ready"]) == (200, True)
