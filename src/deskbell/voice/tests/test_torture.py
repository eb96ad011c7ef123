"""Messages that are odd and right, and messages that are wrong, after the points of RFC 4475.

The messages are our own; each case names the section whose point it makes.
"""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deskbell.voice.signalling.addresses import read_uri, split, user_of
from deskbell.voice.signalling.admission import Admission, Admitted, Challenged, Refused
from deskbell.voice.signalling.agent import Agent
from deskbell.voice.signalling.dialog import Dialog
from deskbell.voice.signalling.flows import Flow
from deskbell.voice.tests.ear import Ear, Line
from deskbell.voice.tests.garbage import Garbage
from deskbell.voice.tests.scripted import THEIRS


def hear(data: bytes) -> tuple[list[int], list[Dialog]]:
    async def story() -> tuple[list[int], list[Dialog]]:
        ear = Ear()
        codes = ear.hear(data)
        ear.agent.close()
        return codes, ear.calls

    return asyncio.run(story())


def message(first: str, *lines: str, body: str = "", length: str = "") -> bytes:
    """A request with the lines that every request has where `lines` has none of that name."""
    method = first.split(maxsplit=1)[0]
    usual = {
        "via": "Via: SIP/2.0/UDP 192.0.2.1:5070;branch=z9hG4bKtorture",
        "from": "From: <sip:caller@far.test>;tag=a1",
        "to": "To: <sip:100@desk.test>",
        "call-id": "Call-ID: torture",
        "cseq": f"CSeq: 1 {method}",
        "contact": "Contact: <sip:caller@192.0.2.1:5070>",
    }
    short = {"v": "via", "f": "from", "t": "to", "i": "call-id", "m": "contact"}
    names = {line.partition(":")[0].strip().lower() for line in lines if line[:1] not in " \t"}
    for name in names:
        usual.pop(short.get(name, name), None)
    tail = [*(["Content-Type: application/sdp"] if body and "content-type" not in names else [])]
    tail.append(f"Content-Length: {length or len(body)}")
    return "\r\n".join([first, *usual.values(), *lines, *tail, "", body]).encode()


INVITE = "INVITE sip:100@desk.test SIP/2.0"
OPTIONS = "OPTIONS sip:100@desk.test SIP/2.0"


# 3.1.1: right, though odd


def test_a_short_tortuous_invite() -> None:
    """3.1.1.1: folded lines, short and unknown names, escapes, odd spaces and cases."""
    codes, calls = hear(
        message(
            INVITE,
            "TO :\r\n sip:100@desk.test ;   other",
            'from   : "A \\\\\\"Caller" <sip:caller@far.test>\r\n  ;\r\n  tag = a1',
            "v:  SIP  / 2.0 /UDP  192.0.2.1:5070 ;branch= z9hG4bKtort".replace(
                "  / 2.0 /", "/2.0/"
            ),
            "cseq:   0009\r\n  INVITE",
            'm:"Caller <one>" <sip:caller@192.0.2.1;new=;lr>;q=0.4',
            "NewFangledHeader:   new\r\n fangled ; value",
            "s : ",
            "k: timer,  \r\n  100rel",
            body=THEIRS,
        )
    )
    assert codes == [100]
    (call,) = calls
    assert call.invitation.caller_name == 'A \\"Caller'
    assert call.invitation.caller == "caller"
    assert call.peer.target == "sip:caller@192.0.2.1;new=;lr"
    assert call.number == 9
    assert call.remote_tag == "a1"


def test_every_kind_of_character() -> None:
    """3.1.1.2: methods, users, names and values of all that the grammar allows."""
    method = "!INV_%-.*`'~+"
    assert hear(message(f"{method} sip:x@y SIP/2.0"))[0] == [501]
    odd = "1_2.3-4!*'()&=+$,;?/%61:&it+has=1,weird!*pas$wo~d_too.(doesn't-it)"
    _, calls = hear(message(f"INVITE sip:{odd}@desk.test SIP/2.0", body=THEIRS))
    assert calls[0].invitation.called.startswith("1_2.3-4!*'()&=+$,")


def test_a_nul_that_is_escaped() -> None:
    """3.1.1.3 and 3.1.1.4: %00 in users."""
    _, calls = hear(message(INVITE, "From: <sip:null-%00-null@far.test>;tag=1", body=THEIRS))
    assert calls[0].invitation.caller == "null--null"
    assert hear(message("OPTIONS sip:%00@desk.test SIP/2.0"))[0] == [200]


def test_what_is_no_escape() -> None:
    """3.1.1.5: a `%` in a method or a name is only a character."""
    assert hear(message("RE%47IST%45R sip:desk.test SIP/2.0"))[0] == [501]


def test_no_space_before_the_angle_bracket() -> None:
    """3.1.1.6."""
    _, calls = hear(message(INVITE, 'From: "Quoted"<sip:caller@far.test>;tag=1', body=THEIRS))
    assert calls[0].invitation.caller_name == "Quoted"


def test_long_values() -> None:
    """3.1.1.7: whatever is long is read, and cut for those who ask."""
    long = "very" * 500
    _, calls = hear(
        message(
            INVITE,
            f'From: "{long}" <sip:{long}@far.test>;tag={long};{long}={long}',
            *(f"Via: SIP/2.0/UDP hop{hop}.test;branch=z9hG4bK{hop}" for hop in range(30)),
            body=THEIRS,
        )
    )
    assert len(calls[0].invitation.caller) == 255
    assert calls[0].remote_tag == long


def test_what_follows_a_datagram_is_nothing() -> None:
    """3.1.1.8: bytes beyond Content-Length are no second message."""
    second = message(INVITE, "Call-ID: other", body=THEIRS)
    codes, calls = hear(message(OPTIONS) + second)
    assert codes == [200]
    assert calls == []


def test_semicolons_in_the_user() -> None:
    """3.1.1.9: they are the user's, not the URI's."""
    line = "OPTIONS sip:user;par=u%40example.net@desk.test SIP/2.0"
    assert hear(message(line))[0] == [200]
    found = read_uri("sip:user;par=u%40example.net@desk.test;transport=tcp")
    assert found is not None
    assert (found.user, found.host) == ("user;par=u%40example.net", "desk.test")
    assert found.transport() == "TCP"


def test_every_transport_in_a_via() -> None:
    """3.1.1.10: hops that we do not know are copied like others."""
    vias = [f"Via: SIP/2.0/{kind} h.test;branch=z9hG4bK{kind}" for kind in ("UDP", "SCTP", "X")]

    async def story() -> None:
        ear = Ear()
        assert ear.hear(message(OPTIONS, *vias)) == [200]
        for via in vias:
            assert via.encode() in ear.line.sent[-1]
        ear.agent.close()

    asyncio.run(story())


def test_a_body_of_several_parts() -> None:
    """3.1.1.11: the description is one of them, and a part may hold any bytes."""
    parts = f"--x\r\nContent-Type: text/plain\r\n\r\nhello\r\n--x\r\nContent-Type: application/sdp\r\n\r\n{THEIRS}--x--\r\n"  # noqa: E501
    kind = 'Content-Type: multipart/mixed; boundary="x"'
    _, calls = hear(message(INVITE, kind, body=parts))
    assert calls[0].invitation.offer == THEIRS


def test_odd_reasons_and_none() -> None:
    """3.1.1.12 and 3.1.1.13: what an answer says beside its code is nobody's business."""
    for reason in ("", " ", " Так", " = 2**3 * 9**2 no OK ?"):
        codes, _ = hear(f"SIP/2.0 200{reason}\r\nCSeq: 1 X\r\n\r\n".encode())
        assert codes == []


# 3.1.2: wrong


WRONG = [
    ("3.1.2.1 separators", message(INVITE, "Contact: a <sip:x@y>;;,;,,", body=THEIRS), 100),
    ("3.1.2.2 too long a length", message(INVITE, body=THEIRS, length="9999"), 400),
    ("3.1.2.3 a length below zero", message(INVITE, body=THEIRS, length="-999"), 400),
    ("3.1.2.4 numbers too large", message(OPTIONS, "CSeq: 36893488147419103232 OPTIONS"), 400),
    ("3.1.2.4 still too large", message(OPTIONS, "CSeq: 4294967296 OPTIONS"), 400),
    ("3.1.2.6 an open quote", message(INVITE, 'To: "Mr <sip:100@desk.test>', body=THEIRS), 100),
    ("3.1.2.7 brackets around", message("OPTIONS <sip:100@desk.test> SIP/2.0"), 416),
    ("3.1.2.8 spaces in the URI", message("OPTIONS sip:100@desk.test; lr SIP/2.0"), 400),
    ("3.1.2.9 spaces in the line", message("OPTIONS  sip:100@desk.test  SIP/2.0"), 400),
    ("3.1.2.10 spaces at the end", message("OPTIONS sip:100@desk.test SIP/2.0  "), 400),
    ("3.1.2.11 headers in the URI", message(f"{INVITE[:-8]}?Route=%3Csip:x%3E SIP/2.0"), 400),
    ("3.1.2.13 a failure to enclose", message(OPTIONS, "To: sip:100@desk.test?a=b;x"), 200),
    ("3.1.2.14 spaces in an address", message(OPTIONS, "To: < sip:100@desk.test >"), 200),
    ("3.1.2.15 no ASCII", message(OPTIONS, "Fröm: x", "To: Zoë <sip:100@desk.test>"), 200),
    ("3.1.2.16 another version", message("OPTIONS sip:100@desk.test SIP/7.0"), 505),
    ("3.1.2.17 two methods", message(OPTIONS, "CSeq: 8 INVITE"), 400),
    ("3.1.2.18 unknown and another", message("NEWMETHOD sip:a@b SIP/2.0", "CSeq: 8 INVITE"), 400),
    ("3.3.1 something missing", b"INVITE sip:a@b SIP/2.0\r\nCSeq: 193942 INVITE\r\n\r\n", 0),
    ("3.3.2 an unknown scheme", message("OPTIONS nobodyKnowsThisScheme:x SIP/2.0"), 416),
    ("3.3.3 a known one", message("OPTIONS http://desk.test/x SIP/2.0"), 416),
    ("3.3.4 unknown schemes in headers", message(OPTIONS, "From: <name:John>;tag=1"), 200),
    (
        "3.3.5 what proxies and we do not know",
        message(OPTIONS, "Proxy-Require: noProxies", "Require: nothingSupportsThis"),
        420,
    ),
    ("3.3.6 a body of another kind", message(INVITE, "Content-Type: text/x", body="<x/>"), 415),
    ("3.3.7 an unknown way to sign in", message(OPTIONS, "Authorization: NoOneKnows x=y"), 200),
    ("3.3.8 two of what there is one", message(INVITE, "From: <sip:a@b>;tag=1", "f: <sip:c@d>;tag=2"), 400),  # noqa: E501
    ("3.3.8 two calls", message(OPTIONS, "Call-ID: one", "i: two"), 400),
    ("3.3.9 two lengths", message(OPTIONS, "l: 8"), 400),
    ("3.3.14 only Max-Forwards", message(OPTIONS, "Max-Forwards: 0"), 200),
    ("3.4.1 as RFC 2543 did", message(INVITE, "Via: SIP/2.0/UDP 192.0.2.1", "From: sip:a@b"), 100),
]  # fmt: skip


@pytest.mark.parametrize(("what", "data", "code"), WRONG, ids=[what for what, _, _ in WRONG])
def test_what_is_wrong_is_refused_or_borne(what: str, data: bytes, code: int) -> None:
    assert hear(data)[0] == ([code] if code else []), what


def test_a_branch_without_a_secret() -> None:
    """3.2.1: `z9hG4bK` and nothing more tells no two requests apart, but for their Call-ID."""

    async def story() -> None:
        ear = Ear()
        via = "Via: SIP/2.0/UDP 192.0.2.1:5070;branch=z9hG4bK"
        assert ear.hear(message(INVITE, via, "Call-ID: one", body=THEIRS)) == [100]
        assert ear.hear(message(INVITE, via, "Call-ID: two", body=THEIRS)) == [100]
        assert len(ear.calls) == 2
        ear.agent.close()

    asyncio.run(story())


def test_answers_with_two_vias_are_for_somebody_else() -> None:
    """3.3.10: a second Via means that it lost its way."""
    answer = message(OPTIONS).replace(OPTIONS.encode(), b"SIP/2.0 200 OK")
    two = answer.replace(b"Via:", b"Via: SIP/2.0/UDP x.test;branch=z9hG4bKx\r\nVia:")
    assert hear(two)[0] == []
    assert hear(answer)[0] == []


def test_addresses_of_a_broadcast() -> None:
    """3.3.11: a response of whom nothing was asked is dropped."""
    assert hear(b"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 255.255.255.255\r\nCSeq: 1 X\r\n\r\n")[0] == []


@pytest.mark.parametrize("method", ["ACK", "BYE", "CANCEL"])
def test_what_cannot_be_read_is_answered_but_for_an_ack(method: str) -> None:
    bad = message(f"{method} sip:a@b SIP/2.0", "CSeq: x y")
    assert hear(bad)[0] == ([] if method == "ACK" else [400])


# Addresses


@pytest.mark.parametrize(
    ("value", "name", "uri", "user"),
    [
        ("sip:a@b", "", "sip:a@b", "a"),
        ("sip:a@b;tag=x", "", "sip:a@b", "a"),
        ("<sip:a;p=1@b;lr?h=1>;tag=x", "", "sip:a;p=1@b;lr?h=1", "a"),
        ('"<sip:not@this>" <sip:a:secret@b>', "<sip:not@this>", "sip:a:secret@b", "a"),
        ('"a \\"b\\" \\\\" <sip:%61@b>', 'a "b" \\', "sip:%61@b", "a"),
        ("A B C <sips:+1-2@[::1]:5061>", "A B C", "sips:+1-2@[::1]:5061", "+1-2"),
        ("<tel:+1212;phone-context=x>", "", "tel:+1212;phone-context=x", "+1212"),
        ("<sip:b>", "", "sip:b", ""),
        ("<http://x/y@z>", "", "http://x/y@z", ""),
        ("", "", "", ""),
    ],
)  # fmt: skip
def test_addresses(value: str, name: str, uri: str, user: str) -> None:
    assert split(value) == (name, uri)
    assert user_of(value) == user


@pytest.mark.parametrize(
    ("uri", "host", "port"),
    [
        ("sip:a@b", "b", 0),
        ("SIP:a@b:5062;x", "b", 5062),
        ("sip:[2001:db8::1]:5070", "2001:db8::1", 5070),
        ("sip:a@b@c", "", -1),
        ("sip:a@b:99999", "", -1),
        ("sip:a@", "", -1),
        ("tel:1", "", -1),
    ],
)
def test_hosts_and_ports(uri: str, host: str, port: int) -> None:
    found = read_uri(uri)
    assert (host, port) == ((found.host, found.port) if found is not None else ("", -1))


# Whatever else


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
        from deskbell.voice.signalling.destinations import Destination

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
