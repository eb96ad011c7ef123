"""SIP by the letter: framing, transactions, what is taken and what is dropped."""

from __future__ import annotations

import asyncio
from typing import Literal

import pytest
from aiosipua import SipMessage, SipRequest
from hypothesis import given, settings
from hypothesis import strategies as st

from deskbell.voice.signalling import timers
from deskbell.voice.signalling.admission import Admitted, Refused
from deskbell.voice.signalling.agent import Agent
from deskbell.voice.signalling.bodies import key_of_info
from deskbell.voice.signalling.dialog import Dialog
from deskbell.voice.signalling.flows import local_host_towards
from deskbell.voice.signalling.invitations import invitation_of
from deskbell.voice.signalling.messages import BadRequest, facts_of, response_to, stamp_source
from deskbell.voice.signalling.tcp import next_message
from deskbell.voice.signalling.transactions import Transactions
from tests.patience import patience


def text(method: str = "INVITE", *extra: str, **changes: str) -> bytes:
    """A request; keyword arguments replace headers by name, empty ones take them out."""
    headers = {
        "Via": "SIP/2.0/UDP 192.0.2.1:5070;branch=z9hG4bKa;rport",
        "From": '"A Caller" <sip:+12125550199@192.0.2.1>;tag=theirs',
        "To": "<sip:12125550100@192.0.2.2>",
        "Call-ID": "one",
        "CSeq": f"1 {method}",
        "Contact": "<sip:caller@192.0.2.1:5070>",
    } | {name.replace("_", "-"): value for name, value in changes.items()}
    lines = [f"{method} sip:12125550100@192.0.2.2 SIP/2.0"]
    lines += [f"{name}: {value}" for name, value in headers.items() if value]
    return "\r\n".join([*lines, *extra, "Content-Length: 0", "", ""]).encode()


def request(method: str = "INVITE", *extra: str, **changes: str) -> SipRequest:
    message = SipMessage.parse(text(method, *extra, **changes))
    assert isinstance(message, SipRequest)
    return message


class Line:
    """A flow that keeps what is sent."""

    kind: Literal["UDP", "TCP"] = "UDP"
    host = "192.0.2.1"
    port = 5070
    is_open = True

    def __init__(self, *, reliable: bool = False) -> None:
        self.reliable = reliable
        self.sent: list[bytes] = []

    def send(self, data: bytes) -> None:
        self.sent.append(data)

    def watch(self, on_broken: object) -> None:
        pass

    def unwatch(self, on_broken: object) -> None:
        pass

    @property
    def codes(self) -> list[int]:
        return [int(data.split()[1]) for data in self.sent if data.startswith(b"SIP/2.0")]


class Caller:
    """An agent without sockets, and a flow to it."""

    def __init__(self, *, refusal: int = 0) -> None:
        self.dialogs: list[Dialog] = []
        self.agent = Agent(
            admit=lambda *_: Refused(refusal) if refusal else Admitted(),
            on_call=self.dialogs.append,
        )
        self.line = Line()

    def send(self, method: str = "INVITE", *extra: str, **changes: str) -> list[int]:
        before = len(self.line.codes)
        self.agent.receive(text(method, *extra, **changes), self.line)
        return self.line.codes[before:]


# Framing

KEEP_ALIVE = b"\r\n\r\n"


@settings(deadline=None)
@given(st.lists(st.sampled_from([text(), text("BYE"), KEEP_ALIVE]), max_size=6), st.data())
def test_messages_come_whole_however_the_stream_is_cut(
    messages: list[bytes], data: st.DataObject
) -> None:
    stream = b"".join(messages)
    buffer, found, at = bytearray(), [], 0
    while at < len(stream):
        size = data.draw(st.integers(1, len(stream) - at))
        buffer += stream[at : at + size]
        at += size
        while (message := next_message(buffer)) is not None:
            found.append(message)
    assert found == [message for message in messages if message != KEEP_ALIVE]


@pytest.mark.parametrize(
    "data", [b"x" * 70_000, b"INVITE x SIP/2.0\r\nContent-Length: 999999\r\n\r\n"]
)
def test_a_stream_that_never_ends_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="too long"):
        next_message(bytearray(data))


def test_a_body_is_taken_with_its_message() -> None:
    message = b"INFO x SIP/2.0\r\nl: 3\r\n\r\nabc"
    buffer = bytearray(message + b"REST")
    assert next_message(buffer) == message
    assert buffer == b"REST"


# Reading


@pytest.mark.parametrize(
    "changes",
    [
        {"Via": ""},
        {"From": ""},
        {"To": ""},
        {"Call_ID": ""},
        {"CSeq": ""},
        {"CSeq": "1 BYE"},
        {"CSeq": "x INVITE"},
        {"CSeq": "99999999999 INVITE"},
        {"Via": "SIP/2.0/UDP h:70000;branch=z9hG4bKa"},
        {"Via": "SIP/2.0/UDP h:-1;branch=z9hG4bKa"},
    ],
)
def test_what_every_request_needs(changes: dict[str, str]) -> None:
    with pytest.raises(BadRequest):
        facts_of(request("INVITE", **changes))


def test_what_an_invite_says() -> None:
    asked = invitation_of(
        request("INVITE", "X-Room: 7", "Diversion: <sip:+12125550142@carrier>;reason=busy"),
        call_id="one",
        source="192.0.2.1",
    )
    assert asked.caller == "+12125550199"
    assert asked.caller_name == "A Caller"
    assert asked.called == "12125550100"
    assert asked.forwarded_from == "+12125550142"
    assert asked.extra["X-Room"] == "7"


def test_numbers_may_come_as_tel() -> None:
    asked = SipMessage.parse(
        text(From="<tel:+12125550199>;tag=t", To="<tel:12125550100;phone-context=x>").replace(
            b"sip:12125550100@192.0.2.2 SIP", b"tel:+12125550100 SIP"
        )
    )
    assert isinstance(asked, SipRequest)
    invitation = invitation_of(asked, call_id="one", source="h")
    assert (invitation.caller, invitation.called) == ("+12125550199", "+12125550100")


def test_strangers_cannot_smuggle_control_characters() -> None:
    caller = f"<sip:{'9' * 300}%00%0A@h>;tag=x"
    asked = invitation_of(request("INVITE", From=caller), call_id="one", source="h")
    assert asked.caller == "9" * 255
    assert invitation_of(request(From="<sip:5%00@h>"), call_id="", source="").caller == "5"


def test_the_source_is_written_into_the_via() -> None:
    asked = request()
    stamp_source(asked, facts_of(asked), "198.51.100.7", 4000)
    assert asked.headers.get("via")[0].endswith(";received=198.51.100.7;rport=4000")
    assert b"received=198.51.100.7" in response_to(asked, 404, to_tag="ours")


@pytest.mark.parametrize(
    ("kind", "body", "key"),
    [
        ("application/dtmf-relay", "Signal=5\r\nDuration=160\r\n", "5"),
        ("application/dtmf-relay", "signal= 11\r\n", "#"),
        ("application/dtmf", "*", "*"),
        ("application/dtmf", "10", "*"),
        ("application/dtmf", "nonsense", ""),
        ("application/dtmf-relay", "no key", ""),
        ("text/plain", "5", None),
    ],
)
def test_keys_in_info(kind: str, body: str, key: str | None) -> None:
    asked = request("INFO", f"Content-Type: {kind}")
    asked.text = body
    assert key_of_info(asked) == key


# Transactions and dialogs


def test_a_call_from_invite_to_bye() -> None:
    async def play() -> None:
        caller = Caller()
        assert caller.send() == [100]
        assert caller.send() == [100], "the same INVITE is no second call"
        assert len(caller.dialogs) == 1
        dialog = caller.dialogs[0]
        dialog.ring()
        dialog.answer("v=0\r\n")
        assert caller.send() == [200], "a repeated INVITE gets the last answer again"
        to = f"<sip:12125550100@192.0.2.2>;tag={dialog.tag}"
        caller.send("ACK", To=to)
        assert await dialog.acknowledged(within=1)
        assert caller.send("BYE", To=to, CSeq="1 BYE") == [500], "numbers have to grow"
        assert caller.send("BYE", To=to, CSeq="3 BYE", Via="SIP/2.0/UDP h;branch=z9hG4bKb") == [200]
        assert caller.send("BYE", To=to, CSeq="3 BYE", Via="SIP/2.0/UDP h;branch=z9hG4bKb") == [200]
        assert dialog.has_ended
        assert caller.agent.figures["dialogs"] == 0
        caller.agent.close()

    asyncio.run(play())


def test_what_belongs_to_no_call() -> None:
    async def play() -> None:
        caller = Caller()
        nobody = "<sip:a@b>;tag=nobody"
        assert caller.send("BYE", To=nobody) == [481]
        assert caller.send("CANCEL", Call_ID="two") == [481]
        assert caller.send("REGISTER") == [405]
        assert caller.send("BREAKFAST") == [501]
        assert caller.send("PRACK", Call_ID="three") == [481]
        assert caller.send("ACK") == []
        assert caller.send("INVITE", "Require: precondition", Call_ID="four") == [420]
        assert caller.dialogs == []
        caller.agent.close()

    asyncio.run(play())


def test_somebody_else_cannot_end_a_call() -> None:
    async def play() -> None:
        caller = Caller()
        caller.send()
        dialog = caller.dialogs[0]
        dialog.answer("v=0\r\n")
        to = f"<sip:a@b>;tag={dialog.tag}"
        assert caller.send("BYE", To=to, From="<sip:x@y>;tag=other", CSeq="2 BYE") == [481]
        assert caller.send("BYE", To=to, Call_ID="other", CSeq="2 BYE") == [481]
        assert not dialog.has_ended
        caller.agent.close()

    asyncio.run(play())


def test_the_same_call_by_another_way_is_a_loop() -> None:
    async def play() -> None:
        caller = Caller()
        caller.send()
        assert caller.send("INVITE", Via="SIP/2.0/UDP h;branch=z9hG4bKother") == [482]
        caller.agent.close()

    asyncio.run(play())


def test_strangers_leave_no_trace_in_memory() -> None:
    async def play() -> None:
        caller = Caller(refusal=403)
        assert caller.send() == [403]
        assert caller.agent.transactions.find(facts_of(request()).key) is None
        caller.agent.close()

    asyncio.run(play())


def test_what_belongs_to_no_call_leaves_no_trace_either() -> None:
    async def play() -> None:
        caller = Caller()
        for method in ("OPTIONS", "BYE", "CANCEL", "REGISTER"):
            assert len(caller.send(method)) == 1
            assert caller.agent.transactions.find(facts_of(request(method)).key) is None
        caller.agent.close()

    asyncio.run(play())


def test_a_fault_over_an_invite_refuses_it() -> None:
    def fail(_dialog: Dialog) -> None:
        raise RuntimeError("on purpose")

    async def play() -> None:
        line = Line()
        agent = Agent(admit=lambda *_: Admitted(), on_call=fail)
        agent.receive(text(), line)
        assert line.codes == [100, 500]
        assert agent.figures == {"sip_dropped": 1, "dialogs": 0}
        agent.close()

    asyncio.run(play())


def test_our_bye_goes_where_the_contact_says_and_is_repeated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(timers, "T1", 0.01)

    async def play() -> None:
        caller = Caller()
        caller.send("INVITE", "Record-Route: <sip:192.0.2.9;lr>")
        dialog = caller.dialogs[0]
        dialog.answer("v=0\r\n")
        caller.send("ACK", To=f"<sip:a@b>;tag={dialog.tag}")
        dialog.hang_up()
        async with patience(5):
            while caller.agent.transactions.waiting:
                byes = [data for data in caller.line.sent if data.startswith(b"BYE")]
                if len(byes) > 1:
                    via = next(line for line in byes[0].split(b"\r\n") if line.startswith(b"Via"))
                    answer = b"SIP/2.0 200 OK\r\n" + via + b"\r\nCSeq: 1 BYE\r\n\r\n"
                    caller.agent.receive(answer, caller.line)
                await asyncio.sleep(0.005)
        assert byes[0] == byes[1]
        assert byes[0].startswith(b"BYE sip:caller@192.0.2.1:5070 SIP/2.0")
        assert b"\r\nRoute: <sip:192.0.2.9;lr>\r\n" in byes[0]
        caller.agent.close()

    asyncio.run(play())


def test_transactions_are_forgotten_but_not_while_they_ring() -> None:
    async def play() -> None:
        all_of_them = Transactions()
        line = Line()
        ringing = all_of_them.open(("a", "a", 1, "INVITE"), line)
        over = all_of_them.open(("b", "b", 1, "OPTIONS"), line)
        over.respond(200, b"SIP/2.0 200 OK")
        all_of_them.sweep(asyncio.get_running_loop().time() + 60)
        assert all_of_them.find(over.key) is None
        assert all_of_them.find(ringing.key) is ringing
        all_of_them.close()

    asyncio.run(play())


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_no_datagram_is_an_error(data: bytes) -> None:
    caller = Caller()
    for message in (data, b"OPTIONS " + data, text().replace(b"Call-ID: one", data)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Agent, "_on_invite", lambda *_: None)
            caller.agent.receive(message, caller.line)


def test_the_address_that_a_peer_sees() -> None:
    assert local_host_towards("192.0.2.1", bound="127.0.0.1") == "127.0.0.1"
    assert local_host_towards("127.0.0.1", bound="0.0.0.0") == "127.0.0.1"
