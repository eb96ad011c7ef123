"""What nobody would say on purpose, at random; and who is let in."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deskbell.voice.signalling.admission import Admission, Admitted, Challenged, Refused
from deskbell.voice.signalling.agent import Agent
from deskbell.voice.signalling.destinations import Destination
from deskbell.voice.signalling.flows import Flow
from deskbell.voice.tests.ear import INVITE, OPTIONS, Ear, Line, message
from deskbell.voice.tests.garbage import Garbage
from deskbell.voice.tests.scripted import THEIRS

CHARACTERS = st.text(st.characters(codec="utf-8"), max_size=60)
NAMES = """
    Via From To Call-ID CSeq Contact Route Record-Route Require Supported Session-Expires Min-SE
    RAck RSeq Replaces Refer-To Event Allow Content-Type Content-Length Privacy Diversion
    P-Asserted-Identity Max-Forwards WWW-Authenticate Proxy-Authenticate Retry-After
"""
HEADERS = st.sampled_from(NAMES.split())
KNOWN = "INVITE ACK BYE CANCEL OPTIONS INFO UPDATE PRACK REFER NOTIFY X"
METHODS = st.sampled_from(sorted(KNOWN.split(" ")))


class Deaf:
    """A call that answers nothing that could fail."""

    def __getattr__(self, name: str) -> object:
        return lambda *_: 603 if name == "referred" else None


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_no_message_is_an_error_not_even_within_a_call(data: st.DataObject) -> None:
    async def story() -> None:
        ear = Ear()
        ear.hear(message(INVITE, "Supported: 100rel, timer", body=THEIRS))
        dialog = ear.calls[0]
        dialog.handler = Deaf()  # type: ignore[assignment]  # it has whatever is asked for
        if data.draw(st.booleans()):
            dialog.early(THEIRS)
        if data.draw(st.booleans()):
            dialog.answer(THEIRS)
        for number in range(4):
            method = data.draw(METHODS)
            lines = [
                f"{data.draw(HEADERS)}: {data.draw(CHARACTERS)}"
                for _ in range(data.draw(st.integers(0, 3)))
            ]
            odd = message(
                f"{method} sip:100@desk.test SIP/2.0",
                f"To: <sip:100@desk.test>;tag={dialog.tag}",
                f"Via: SIP/2.0/UDP 192.0.2.1:5070;branch=z9hG4bK{number}",
                f"CSeq: {number + 2} {method}",
                *lines,
                body=data.draw(CHARACTERS),
            )
            ear.agent.receive(odd, ear.line)
        assert ear.agent._faults == 0
        ear.agent.close()

    asyncio.run(story())


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_no_answer_is_an_error(data: st.DataObject) -> None:
    async def story() -> None:
        ear = Ear()
        agent = ear.agent
        flow: Flow = ear.line
        agent.flow_to = lambda *_: flow  # type: ignore[method-assign]
        where = Destination("sip:bob@192.0.2.1:5070", "192.0.2.1", 5070, flow=flow)
        dialog = agent.invite(
            where,
            caller="1",
            called="bob",
            sdp=THEIRS,
            handler=Deaf(),  # type: ignore[arg-type]  # it has whatever is asked for
        )
        invite = ear.line.sent[0]
        via = next(line for line in invite.split(b"\r\n") if line.startswith(b"Via"))
        for _ in range(4):
            code = data.draw(st.sampled_from((100, 180, 183, 200, 302, 401, 407, 422, 486, 491)))
            lines = [
                f"{data.draw(HEADERS)}: {data.draw(CHARACTERS)}"
                for _ in range(data.draw(st.integers(0, 4)))
            ]
            order = data.draw(st.sampled_from(("1 INVITE", "1 INVITE", "2 BYE", "2 PRACK")))
            head = [f"SIP/2.0 {code} So", via.decode(), f"CSeq: {order}", *lines]
            agent.receive("\r\n".join([*head, "", data.draw(CHARACTERS)]).encode(), ear.line)
        dialog.hang_up()
        assert agent._faults == 0
        agent.close()

    asyncio.run(story())


def test_garbage_finds_no_fault() -> None:
    async def story() -> None:
        ear = Ear()
        garbage = Garbage(11, port=5070)
        for _ in range(2000):
            ear.agent.receive(garbage.sip(), ear.line)
        assert ear.agent._faults == 0
        ear.agent.close()

    asyncio.run(story())


# Who may call


@pytest.mark.parametrize(
    ("admission", "code"), [(Refused(403), 403), (Challenged(("WWW-Authenticate: Digest",)), 401)]
)
def test_who_may_not_call_leaves_nothing_behind(admission: Admission, code: int) -> None:
    async def story() -> None:
        ear = Ear(admission)
        assert ear.hear(message(INVITE, body=THEIRS)) == [code]
        assert (b"WWW-Authenticate: Digest" in ear.line.sent[0]) is (code == 401)
        assert ear.agent.figures["dialogs"] == 0
        assert ear.hear(message("ACK sip:100@desk.test SIP/2.0", "To: <sip:x>;tag=y")) == []
        ear.agent.close()

    asyncio.run(story())


@pytest.mark.parametrize(
    ("trunk", "lines", "caller", "name"),
    [
        ("", (), "caller", ""),
        ("", ('P-Asserted-Identity: "N" <sip:+1212@net>',), "caller", ""),
        ("t", ('P-Asserted-Identity: "N" <sip:+1212@net>',), "+1212", "N"),
        ("t", ("P-Asserted-Identity: <tel:+1212>",), "+1212", ""),
        ("t", ("P-Asserted-Identity: <tel:+1212>", "Privacy: id"), "anonymous", ""),
        ("", ('From: "N" <sip:a@b>;tag=1', "Privacy: user;critical"), "anonymous", ""),
        ("t", ('From: "N" <sip:a@b>;tag=1', "Privacy: none"), "a", "N"),
        ("t", ("From: <sip:anonymous@anonymous.invalid>;tag=1",), "anonymous", ""),
    ],
)
def test_who_calls(trunk: str, lines: tuple[str, ...], caller: str, name: str) -> None:
    async def story() -> None:
        ear = Ear(Admitted(trunk=trunk))
        ear.hear(message(INVITE, *lines, body=THEIRS))
        invitation = ear.calls[0].invitation
        assert (invitation.caller, invitation.caller_name) == (caller, name)
        assert ear.calls[0].admission == Admitted(trunk=trunk)
        ear.agent.close()

    asyncio.run(story())


def test_an_agent_that_drains_sends_everybody_elsewhere() -> None:
    async def story() -> None:
        ear = Ear()
        ear.hear(message(INVITE, body=THEIRS))
        ear.agent.is_draining = True
        assert ear.hear(message(OPTIONS, "Call-ID: o")) == [503]
        assert ear.hear(message(INVITE, "Call-ID: i", body=THEIRS)) == [503]
        ear.calls[0].refuse(486)
        assert ear.line.codes[-1] == 486
        ear.agent.close()

    asyncio.run(story())


def test_a_register_is_the_registrars_and_its_answer_is_repeated() -> None:
    async def story() -> None:
        asked: list[str] = []

        def register(request: object, facts: object, flow: Flow) -> bytes:
            asked.append(flow.host)
            code = 401 if len(asked) == 1 else 200
            return f"SIP/2.0 {code} So\r\n\r\n".encode()

        line = Line()
        agent = Agent(admit=lambda *_: Refused(403), on_call=print, on_register=register)
        for _ in range(3):
            agent.receive(message("REGISTER sip:desk.test SIP/2.0"), line)
        assert line.codes == [401, 200, 200]
        assert len(asked) == 2, "a nonce is good once: what is repeated is not asked again"
        agent.close()

    asyncio.run(story())
