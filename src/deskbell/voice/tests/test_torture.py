"""Messages that are odd and right, and messages that are wrong, after the points of RFC 4475.

The messages are our own; each case names the section whose point it makes.
"""

from __future__ import annotations

import asyncio

import pytest

from deskbell.voice.signalling.addresses import read_uri, split, user_of
from deskbell.voice.signalling.dialog import Dialog
from deskbell.voice.tests.ear import INVITE, OPTIONS, Ear, message
from deskbell.voice.tests.scripted import THEIRS


def hear(data: bytes) -> tuple[list[int], list[Dialog]]:
    async def story() -> tuple[list[int], list[Dialog]]:
        ear = Ear()
        codes = ear.hear(data)
        ear.agent.close()
        return codes, ear.calls

    return asyncio.run(story())


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
