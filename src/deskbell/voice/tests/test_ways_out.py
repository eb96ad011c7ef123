"""Calls of ours over TCP, with a password, and in the middle of trouble with either."""

from __future__ import annotations

import asyncio
import hashlib
import re
from dataclasses import replace
from typing import Literal

import pytest

from deskbell.voice.signalling.destinations import Destination
from deskbell.voice.signalling.flows import Flow
from deskbell.voice.tests.clockwork import play
from deskbell.voice.tests.ear import Ear, Line
from deskbell.voice.tests.scripted import OURS, THEIRS, Heard, Message, Scene, TcpPeer, scene
from deskbell.voice.tests.stage import free_port

CHALLENGE = 'Digest realm="carrier", nonce="abc", algorithm=MD5, qop="auth"'


def md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()


def is_right(request: Message, header: str, password: str = "secret") -> bool:
    """Whether a request carries the digest that the challenge above asks for (RFC 7616)."""
    found: dict[str, str] = dict(re.findall(r'(\w+)="?([^",]*)"?', request.get(header)))
    method, uri, _ = request.first.split()
    first, second = md5(f"us:carrier:{password}"), md5(f"{method}:{uri}")
    middle = f"{found['nonce']}:{found['nc']}:{found['cnonce']}:{found['qop']}"
    return found["uri"] == uri and found["response"] == md5(f"{first}:{middle}:{second}")


def known(on: Scene) -> Destination:
    return replace(on.destination, username="us", password="secret")


def test_a_challenge_is_answered_once() -> None:
    async def story() -> None:
        async with scene() as on:
            on.invite(known(on))
            invite = await on.peer.gets("INVITE")
            assert invite.get("Authorization") == ""
            on.peer.answer(invite, 401, f"WWW-Authenticate: {CHALLENGE}")
            assert (await on.peer.gets("ACK")).branch == invite.branch
            again = await on.peer.gets("INVITE")
            assert is_right(again, "Authorization")
            assert again.number == invite.number + 1
            assert again.branch != invite.branch
            assert again.tag("From") == invite.tag("From")
            assert again.get("Call-ID") == invite.get("Call-ID")
            assert again.body == OURS
            on.peer.answer(again, 200, body=THEIRS)
            ack = await on.peer.gets("ACK")
            assert ack.get("Authorization") == again.get("Authorization")
            await on.until(("accepted", THEIRS))

    play(story())


def test_a_proxy_asks_in_its_own_header() -> None:
    async def story() -> None:
        async with scene() as on:
            on.invite(known(on))
            invite = await on.peer.gets("INVITE")
            on.peer.answer(
                invite,
                407,
                'Proxy-Authenticate: Digest realm="x", nonce="y", algorithm=UNKNOWN',
                f"Proxy-Authenticate: {CHALLENGE}",
            )
            assert is_right(await on.peer.gets("INVITE"), "Proxy-Authorization")

    play(story())


def test_a_wrong_password_is_a_refusal_but_an_old_nonce_is_none() -> None:
    async def story() -> None:
        async with scene() as on:
            on.invite(known(on))
            for asked in (CHALLENGE, CHALLENGE + ", stale=true", CHALLENGE):
                invite = await on.peer.gets("INVITE")
                on.peer.answer(invite, 401, f"WWW-Authenticate: {asked}")
            await on.until(("refused", 401))
            await on.peer.gets_nothing("INVITE", within=5)

    play(story())


def test_without_a_password_a_challenge_is_a_refusal() -> None:
    async def story() -> None:
        async with scene() as on:
            on.invite()
            challenge = f"WWW-Authenticate: {CHALLENGE}"
            on.peer.answer(await on.peer.gets("INVITE"), 401, challenge)
            await on.until(("refused", 401))

    play(story())


def test_a_bye_is_challenged_too() -> None:
    async def story() -> None:
        async with scene() as on:
            dialog = await on.call(destination=known(on))
            dialog.hang_up()
            bye = await on.peer.gets("BYE")
            on.peer.answer(bye, 407, f"Proxy-Authenticate: {CHALLENGE}")
            again = await on.peer.gets("BYE")
            assert is_right(again, "Proxy-Authorization")
            assert again.number == bye.number + 1
            on.peer.answer(again, 200)
            await asyncio.sleep(0.01)
            assert on.agent.transactions.waiting == 0

    play(story())


def test_giving_up_between_challenge_and_answer_cancels_the_second_invite() -> None:
    async def story() -> None:
        async with scene() as on:
            dialog = on.invite(known(on))
            invite = await on.peer.gets("INVITE")
            on.peer.answer(invite, 100)
            on.peer.answer(invite, 401, f"WWW-Authenticate: {CHALLENGE}")
            invite = await on.peer.gets("INVITE")
            dialog.hang_up()
            await on.peer.gets_nothing("CANCEL", within=0.3)
            on.peer.answer(invite, 180)
            assert (await on.peer.gets("CANCEL")).branch == invite.branch

    play(story())


# TCP


def test_calls_over_tcp_share_one_connection() -> None:
    async def story() -> None:
        async with scene(peer=TcpPeer) as on:
            assert isinstance(on.peer, TcpPeer)
            dialog = await on.call()
            invite = on.peer.all[0]
            assert invite.get("Via").startswith("SIP/2.0/TCP 127.0.0.1:")
            assert ";transport=tcp>" in invite.get("Contact")
            await on.call()
            assert len(on.peer.connections) == 1
            dialog.hang_up()
            on.peer.answer(await on.peer.gets("BYE"), 200)
            assert on.peer.times("INVITE") == [0, 0], "TCP repeats by itself"

    play(story())


def test_a_connection_that_broke_is_opened_again() -> None:
    async def story() -> None:
        async with scene(peer=TcpPeer) as on:
            assert isinstance(on.peer, TcpPeer)
            dialog = await on.call()
            on.peer.drop()
            await asyncio.sleep(0.01)
            dialog.hang_up()
            bye = await on.peer.gets("BYE")
            assert bye.tag("To") == "theirs"
            assert len(on.peer.connections) == 1

    play(story())


def test_where_nobody_listens_there_is_no_call() -> None:
    async def story() -> None:
        async with scene() as on:
            port = free_port()
            on.invite(Destination(f"sip:x@127.0.0.1:{port}", "127.0.0.1", port, "TCP"))
            assert on.heard.said == []
            await on.until(("refused", 503))

    play(story())


def test_a_connection_that_breaks_before_the_answer() -> None:
    async def story() -> None:
        async with scene(peer=TcpPeer) as on:
            assert isinstance(on.peer, TcpPeer)
            on.invite()
            await on.peer.gets("INVITE")
            on.peer.drop()
            await on.until(("refused", 503))

    play(story())


def test_what_is_too_large_for_a_datagram_goes_over_tcp() -> None:
    async def story() -> None:
        async with scene(peer=TcpPeer) as on:
            on.invite(replace(on.destination, transport="UDP"), headers=["X-Long: " + "x" * 800])
            invite = await on.peer.gets("INVITE")
            assert invite.get("Via").startswith("SIP/2.0/TCP")
            on.peer.answer(invite, 486)
            await on.until(("refused", 486))

    play(story())


def test_and_in_a_large_datagram_to_whoever_has_no_tcp() -> None:
    async def story() -> None:
        async with scene() as on:
            for _ in range(2):
                on.invite(headers=["X-Long: " + "x" * 800])
                invite = await on.peer.gets("INVITE")
                assert invite.get("Via").startswith("SIP/2.0/UDP")
                on.peer.answer(invite, 486)
                await on.peer.gets("ACK")
            assert on.heard.said == [("refused", 486)] * 2
            assert on.agent.without_tcp == {("127.0.0.1", on.peer.port)}

    play(story())


def test_a_phone_behind_nat_is_called_over_the_flow_it_came_by() -> None:
    async def story() -> None:
        async with scene() as on:
            flow = on.agent.flow_to("127.0.0.1", on.peer.port, "UDP")
            on.invite(Destination("sip:bob@192.168.1.7:5062", "192.168.1.7", 5062, flow=flow))
            invite = await on.peer.gets("INVITE")
            assert invite.first.startswith("INVITE sip:bob@192.168.1.7:5062 ")
            on.peer.answer(invite, 200, body=THEIRS, contact="sip:bob@192.168.1.7:5062")
            assert (await on.peer.gets("ACK")).first.startswith("ACK sip:bob@192.168.1.7:5062 ")

    play(story())


@pytest.mark.parametrize(
    ("contact", "there"),
    [
        ("sip:x@9.9.9.9:5062", ("9.9.9.9", 5062, "UDP")),
        ("sip:x@9.9.9.9;transport=tcp", ("9.9.9.9", 5060, "TCP")),
        ("sip:x@8.8.8.8", ("8.8.8.8", 5060, "UDP")),
        ("sip:x@192.168.1.7:5062", ("8.8.8.8", 5060, "UDP")),
        ("sip:x@far.test", ("8.8.8.8", 5060, "UDP")),
        ("tel:+1", ("8.8.8.8", 5060, "UDP")),
    ],
)
def test_where_requests_within_a_call_go(contact: str, there: tuple[str, int, str]) -> None:
    async def story() -> None:
        ear = Ear()
        lines: dict[tuple[str, int, str], Line] = {}

        def way(host: str, port: int, transport: Literal["UDP", "TCP"]) -> Line:
            return lines.setdefault((host, port, transport), Line(host, port, transport))

        ear.agent.flow_to = way  # type: ignore[method-assign]
        carrier = Destination("sip:x@8.8.8.8", "8.8.8.8", 5060)
        ear.agent.invite(carrier, caller="1", called="x", sdp=OURS, handler=Heard())
        via = lines["8.8.8.8", 5060, "UDP"].sent[0].split(b"\r\n")[1].decode()
        answer = ["SIP/2.0 200 OK", via, "CSeq: 1 INVITE", "To: <sip:x@y>;tag=1"]
        ear.agent.receive(
            "\r\n".join([*answer, f"Contact: <{contact}>", "", ""]).encode(), ear.line
        )
        assert lines[there].sent[-1].startswith(f"ACK {contact} SIP/2.0".encode())
        ear.agent.close()

    asyncio.run(story())


# Requests outside of calls


def test_a_request_outside_of_any_call() -> None:
    async def story() -> None:
        async with scene() as on:
            headers = ["From: <sip:us@carrier>;tag=mine", "Call-ID: always", "CSeq: 9 REGISTER"]
            future = on.agent.request(on.destination, "REGISTER", [*headers, "Expires: 60"])
            register = await on.peer.gets("REGISTER")
            assert (register.get("Call-ID"), register.number) == ("always", 9)
            assert register.headers["from"] == ["<sip:us@carrier>;tag=mine"]
            assert register.get("Expires") == "60"
            on.peer.answer(register, 100)
            on.peer.answer(register, 200, "X-Seen: yes")
            answer = await future
            assert (answer.status_code, answer.headers.get_first("x-seen")) == (200, "yes")
            unheard = await on.agent.request(on.destination, "OPTIONS")
            assert (unheard.status_code, len(unheard.headers)) == (408, 0)

    play(story())


def test_everything_on_the_wire_can_be_seen() -> None:
    async def story() -> None:
        async with scene() as on:
            seen: list[tuple[str, bytes, str]] = []

            def see(direction: str, data: bytes, flow: Flow) -> None:
                seen.append((direction, data.split()[0], flow.kind))

            on.agent.on_wire = see
            await on.call()
            assert seen == [
                ("out", b"INVITE", "UDP"),
                ("in", b"SIP/2.0", "UDP"),
                ("out", b"ACK", "UDP"),
            ]
            on.agent.on_wire = None
            await on.call()
            assert len(seen) == 3

    play(story())
