"""The contract with gateways: a call's documents and its end."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deskbell.accounts.models import Account
from deskbell.attendant import actions as attendant
from deskbell.attendant.models import CallStep, LiveCall, System, SystemStatus
from deskbell.attendant.rules import Sentence
from deskbell.calls.models import Call, CallStatus
from deskbell.foundation.environment import environment
from deskbell.foundation.signing import HEADER, sign
from deskbell.messages.models import Message
from deskbell.platform.tenancy import account_scope, system_scope
from deskbell.rcml.read import from_xml
from deskbell.rcml.verbs import Gather, Hangup, Play, Record, Redirect, Say, Verb

CALL = "CA" + "c" * 32
RECORDING = "RE" + "e" * 32


def incoming(**changes: str) -> dict[str, str]:
    return {
        "CallSid": CALL,
        "AccountSid": environment().secrets.account_sid,
        "From": "+12125550187",
        "To": "12125550142",
        "CallStatus": "ringing",
        "Direction": "inbound",
        "ApiVersion": "2012-04-24",
        "CallTimestamp": "Wed, 04 Mar 2026 15:00:00 +0000",
    } | changes


def verbs(answer: Any) -> tuple[Verb, ...]:
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"].startswith("text/xml")
    return from_xml(answer.content).verbs


def action_of(answer: Any) -> str:
    found = next(verb for verb in verbs(answer) if isinstance(verb, Gather | Record))
    return found.action


def answered(gateway: Any, **fields: str) -> Callable[..., Any]:
    """Answers the action of a document of the call, as the gateway does."""

    def go_on(answer: Any, **result: str) -> Any:
        return gateway.post(action_of(answer), incoming(CallStatus="in-progress") | fields | result)

    return go_on


def test_a_call_reaches_its_menu_and_every_step_is_written(gateway: Any, system: System) -> None:
    go_on = answered(gateway)
    first = gateway.post("/voice/incoming", incoming(CallerName="Jane Doe"))
    gather, redirect = verbs(first)
    assert isinstance(gather, Gather)
    assert gather.nested == (Say("Press 2", voice="man", language="en"),)
    assert isinstance(redirect, Redirect)
    second = go_on(first, Digits="1")
    gather = verbs(second)[0]
    assert isinstance(gather, Gather)
    assert [type(each) for each in gather.nested] == [Play, Say]
    third = gateway.post(str(verbs(second)[1].url), incoming())  # type: ignore[union-attr]
    assert len(verbs(third)) == 2
    assert isinstance(verbs(go_on(third, Digits="2"))[1], Record)
    with account_scope(system.account_id):
        call = Call.objects.get(sid=CALL)
        steps = list(CallStep.objects.order_by("id").values_list("key", "result", "menu__name"))
    assert (call.caller_id, call.caller_name, call.status) == (
        "+12125550187",
        "Jane Doe",
        CallStatus.IN_PROGRESS,
    )
    assert steps == [
        ("", "ENTERED", "Main"),
        ("1", "ANNOUNCEMENT_RETURN", "Main"),
        ("", "TIMEOUT", "Main"),
        ("2", "VOICEMAIL", "Main"),
    ]


def in_voicemail(gateway: Any) -> Any:
    first = gateway.post("/voice/incoming", incoming())
    return answered(gateway)(first, Digits="2")


def test_a_recording_becomes_one_message_however_often_it_is_reported(
    gateway: Any, system: System
) -> None:
    asked = in_voicemail(gateway)
    result = {"RecordingSid": RECORDING, "RecordingDuration": "12", "Digits": "#"}
    answers = [answered(gateway)(asked, **result) for _ in range(3)]
    assert len({answer.content for answer in answers}) == 1
    said = verbs(answers[0])
    assert said[0] == Say(Sentence.MESSAGE_TAKEN, voice="man", language="en")
    assert isinstance(said[1], Hangup)
    with account_scope(system.account_id):
        message = Message.objects.get()
        assert message.recording is not None
        assert (message.recording.sid, message.recording.seconds) == (RECORDING, 12.0)
        assert message.content == "Voice message, 12 seconds, from (212) 555-0187"
        assert list(message.answers.items()) == [
            ("caller_id", "(212) 555-0187"),
            ("number_dialed", "(212) 555-0142"),
            ("length", "12 seconds"),
        ]
        assert message.call is not None
        assert (message.call.sid, message.did) == (CALL, message.call.phone_number)


def test_a_caller_who_hangs_up_while_recording_leaves_a_message(
    gateway: Any, system: System
) -> None:
    result = {"RecordingSid": RECORDING, "RecordingDuration": "3.4", "Digits": "hangup"}
    answered(gateway, CallStatus="completed")(in_voicemail(gateway), **result)
    with account_scope(system.account_id):
        assert Message.objects.get().answers["length"] == "3 seconds"


def test_a_hidden_caller_is_said_to_be_unknown(gateway: Any, system: System) -> None:
    first = gateway.post("/voice/incoming", incoming(From="anonymous"))
    asked = answered(gateway, From="anonymous")(first, Digits="2")
    answered(gateway)(asked, RecordingSid=RECORDING, RecordingDuration="1")
    with account_scope(system.account_id):
        content = Message.objects.get().content
    assert content == "Voice message, 1 second, from an unknown caller"


def test_silence_is_told_and_takes_no_message(gateway: Any, system: System) -> None:
    answer = in_voicemail(gateway)
    heard = []
    for _ in range(3):
        url = next(verb.url for verb in verbs(answer) if isinstance(verb, Redirect))
        answer = gateway.post(url, incoming())
        heard.append(verbs(answer)[0])
    assert heard == [
        Say(text, voice="man", language="en")
        for text in (Sentence.NOT_HEARD, Sentence.NOT_HEARD, Sentence.NOTHING_TAKEN)
    ]
    with account_scope(system.account_id):
        assert not Message.objects.exists()


def test_requests_that_come_twice_change_nothing(gateway: Any, system: System) -> None:
    first = gateway.post("/voice/incoming", incoming())
    assert gateway.post("/voice/incoming", incoming()).content == first.content
    go_on = answered(gateway)
    once = go_on(first, Digits="8")
    assert go_on(first, Digits="8").content == once.content
    with account_scope(system.account_id):
        assert Call.objects.count() == 1
        assert CallStep.objects.count() == 2
        assert LiveCall.objects.get().state["invalid_inputs"] == 1


@pytest.mark.parametrize("to", ["12125550199", "", "alice", "'; drop table", "😀"])
def test_a_number_that_nobody_has(gateway: Any, system: System, to: str) -> None:
    assert gateway.post("/voice/incoming", incoming(To=to)).status_code == 404
    with system_scope("a test"):
        assert not Call.objects.exists()


def test_a_number_without_a_system_leads_nowhere(gateway: Any, acme_number: Any) -> None:
    assert gateway.post("/voice/incoming", incoming()).status_code == 404


@pytest.mark.parametrize("dialled", ["2125550142", "+1 (212) 555-0142", "12125550142"])
def test_a_number_is_found_by_its_digits(gateway: Any, system: System, dialled: str) -> None:
    assert verbs(gateway.post("/voice/incoming", incoming(To=dialled)))


def test_a_suspended_system_and_one_without_hours_apologise(
    gateway: Any, system: System, at: datetime
) -> None:
    with account_scope(system.account_id):
        attendant.edit_system(system=system, at=at, status=SystemStatus.SUSPENDED)
    said = verbs(gateway.post("/voice/incoming", incoming()))
    assert said == (Say(Sentence.APOLOGY, voice="man", language="en"), Hangup())
    with account_scope(system.account_id):
        attendant.edit_system(system=system, at=at, status=SystemStatus.ACTIVE)
        attendant.set_weekly_schedule(system=system, entries=[], at=at)
    said = verbs(gateway.post("/voice/incoming", incoming(CallSid="CA" + "d" * 32)))
    assert said == (Say(Sentence.APOLOGY, voice="man", language="en"), Hangup())


def test_another_accounts_call_cannot_be_stepped_into(
    gateway: Any, system: System, other: Account
) -> None:
    action = action_of(gateway.post("/voice/incoming", incoming()))
    foreign = re.sub(r"account=\d+", f"account={other.pk}", action)
    assert gateway.post(foreign, incoming(Digits="2")).status_code == 404
    assert gateway.post(action, incoming(CallSid="CA" + "f" * 32)).status_code == 404


def test_a_call_sid_of_another_account_is_refused(
    gateway: Any, system: System, other: Account, at: datetime
) -> None:
    with account_scope(other.pk):
        Call(account=other, sid=CALL, number_dialed="1", started_at=at).save()
    assert gateway.post("/voice/incoming", incoming()).status_code == 409


PATHS = ["/voice/incoming", "/voice/step?account=1&n=1", "/voice/status"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("signature", ["", "bad", "é", "x" * 5000])
def test_without_the_right_signature_nothing_is_answered(
    gateway: Any, system: System, path: str, signature: str
) -> None:
    assert gateway.post(path, incoming(), signature=signature).status_code == 403


def test_a_signature_covers_every_field(gateway: Any, system: System) -> None:
    signature = sign(
        environment().secrets.voice, f"{gateway.web}/voice/incoming", incoming(From="1")
    )
    assert gateway.post("/voice/incoming", incoming(), signature=signature).status_code == 403


def test_behind_a_proxy_the_public_url_is_signed(gateway: Any, system: System) -> None:
    public = f"{environment().public_url}/voice/incoming"
    signature = sign(environment().secrets.voice, public, incoming())
    assert gateway.post("/voice/incoming", incoming(), signature=signature).status_code == 200


@pytest.mark.parametrize("path", [*PATHS, "/voice/recordings/RE1", "/voice/config"])
def test_other_methods_are_refused(gateway: Any, path: str) -> None:
    assert gateway.client.delete(path).status_code == 405


def test_a_key_press_costs_one_read_and_one_write(gateway: Any, system: System) -> None:
    go_on = answered(gateway)
    answer = go_on(gateway.post("/voice/incoming", incoming()), Digits="1")
    with CaptureQueriesContext(connection) as captured:
        go_on(answer, Digits="1")
    assert statements(captured) == ["SELECT", "WITH"]


def test_a_new_call_costs_four_reads_and_three_writes(gateway: Any, system: System) -> None:
    gateway.post("/voice/incoming", incoming())
    with CaptureQueriesContext(connection) as captured:
        gateway.post("/voice/incoming", incoming(CallSid="CA" + "d" * 32))
    assert sorted(statements(captured)) == [*["INSERT"] * 2, *["SELECT"] * 4, "WITH"]


def statements(captured: CaptureQueriesContext) -> list[str]:
    words = [query["sql"].split()[0] for query in captured.captured_queries]
    return [word for word in words if word not in {"SAVEPOINT", "RELEASE"}]


def test_a_change_is_heard_by_the_next_caller(gateway: Any, system: System, at: datetime) -> None:
    gateway.post("/voice/incoming", incoming())
    with account_scope(system.account_id):
        menu = system.menus.get()
        attendant.edit_menu(menu=menu, at=at, announcement=None)
    gather = verbs(gateway.post("/voice/incoming", incoming(CallSid="CA" + "d" * 32)))[0]
    assert isinstance(gather, Gather)
    assert gather.nested == (Say(Sentence.NO_ANNOUNCEMENT, voice="man", language="en"),)


def test_a_failure_in_the_middle_leaves_the_call_where_it_was(
    gateway: Any, system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = in_voicemail(gateway)
    result = {"RecordingSid": RECORDING, "RecordingDuration": "2"}
    with monkeypatch.context() as broken:
        broken.setattr("deskbell.messages.hooks.message_taken.fire", _fails)
        assert answered(gateway)(asked, **result).status_code == 500
    with account_scope(system.account_id):
        assert not Message.objects.exists()
    assert verbs(answered(gateway)(asked, **result))
    with account_scope(system.account_id):
        assert Message.objects.count() == 1


def _fails(_event: object) -> None:
    raise RuntimeError("the database went away")


ENDED = {
    "CallSid": CALL,
    "CallStatus": "completed",
    "CallDuration": "19",
    "Timestamp": "Wed, 04 Mar 2026 15:00:21 +0000",
    "SequenceNumber": "0",
    "HangupBy": "caller",
    "RtpPacketsReceived": "950",
    "RtpPacketsLost": "2",
    "RtpJitterMs": "1.5",
}


def test_the_end_of_a_call_is_written_once(gateway: Any, system: System) -> None:
    gateway.post("/voice/incoming", incoming())
    started = datetime(2026, 3, 4, 15, 0, 1, tzinfo=UTC)
    with account_scope(system.account_id):
        Call.objects.update(started_at=started)
    assert gateway.post("/voice/status", ENDED).status_code == 204
    again = ENDED | {"CallDuration": "99", "CallStatus": "failed"}
    assert gateway.post("/voice/status", again).status_code == 204
    with account_scope(system.account_id):
        call = Call.objects.get()
    assert (call.status, call.who_hung_up) == (CallStatus.COMPLETED, "caller")
    assert (call.connection_sec, call.ivr_sec, call.talk_sec) == (19, 19, 0)
    assert call.ended_at == started + timedelta(seconds=20)
    assert call.quality == {"packets_received": 950, "packets_lost": 2, "jitter_ms": 1.5}


@pytest.mark.parametrize(
    "change",
    [
        {"Timestamp": "yesterday"},
        {"Timestamp": "Fri, 31 Dec 9999 23:59:59 -2300"},
        {"CallDuration": "-4"},
        {"CallDuration": "nan"},
        {"CallDuration": "1e400"},
        {"CallStatus": "sleeping"},
        {"CallStatus": "in-progress"},
        {"HangupBy": "the cat" * 20},
        {"RtpJitterMs": "inf"},
    ],
)
def test_an_end_that_is_told_badly_is_an_end(
    gateway: Any, system: System, change: dict[str, str]
) -> None:
    gateway.post("/voice/incoming", incoming())
    assert gateway.post("/voice/status", ENDED | change).status_code == 204
    with account_scope(system.account_id):
        call = Call.objects.get()
    assert call.ended_at is not None
    assert call.status == CallStatus.COMPLETED


def test_the_end_of_a_call_that_was_never_ours(gateway: Any) -> None:
    assert gateway.post("/voice/status", ENDED).status_code == 404
    assert gateway.post("/voice/status", ENDED | {"CallStatus": "failed"}).status_code == 204
    assert gateway.post("/voice/status", ENDED | {"CallSid": "x"}).status_code == 400


names = st.sampled_from(["CallSid", "From", "To", "CallerName", "Digits", "RecordingSid"])
texts = st.text(max_size=30) | st.sampled_from(["\x00", CALL, "12125550142", "9" * 400, "hangup"])
forms = st.dictionaries(names | st.text(max_size=8), texts, max_size=8)
queries = st.sampled_from(
    ["", "?account=1", "?account=-1&n=x", "?n=99999999999999&account=1", "?account=\u0661&n=1"]
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    path=st.sampled_from(["incoming", "step", "status"]),
    query=queries,
    form=forms,
    real=st.booleans(),
)
def test_signed_garbage_is_answered_in_words(
    gateway: Any, system: System, path: str, query: str, form: dict[str, str], real: bool
) -> None:
    fields = incoming() | form if real else form
    answer = gateway.post(f"/voice/{path}{query}", fields)
    assert answer.status_code in {200, 204, 400, 403, 404, 409}, answer.content


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"\xff\xfe\x00", "application/x-www-form-urlencoded"),
        (b"a=b", "application/x-www-form-urlencoded; charset=klingon"),
        (b"--x", "multipart/form-data"),
        (b"--x", "multipart/form-data; boundary=x"),
        (b"{}", "application/json"),
        (b"a=1&" * 3000, "application/x-www-form-urlencoded"),
        (b"a" * 300_000, "application/x-www-form-urlencoded"),
    ],
)
def test_bodies_that_are_no_forms(gateway: Any, body: bytes, content_type: str) -> None:
    answer = gateway.client.generic(
        "POST", "/voice/incoming", body, content_type=content_type, headers={HEADER: "x"}
    )
    assert answer.status_code in {400, 403, 413}


def test_a_call_goes_on_after_a_restart(
    gateway: Any, system: System, fresh_process: Callable[[], AbstractContextManager[None]]
) -> None:
    first = gateway.post("/voice/incoming", incoming())
    with fresh_process():
        assert isinstance(verbs(answered(gateway)(first, Digits="2"))[1], Record)
