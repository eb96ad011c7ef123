"""Where calls of ours are sent by others, and what they are asked to do otherwise: 3xx, 422."""

from __future__ import annotations

from dataclasses import replace

from deskbell.voice.tests.clockwork import play
from deskbell.voice.tests.scripted import THEIRS, Scene, scene


async def redirect(on: Scene, contact: str, *more: str) -> None:
    on.invite()
    headers = [f"Contact: {value}" for value in (contact, *more)]
    on.peer.answer(await on.peer.gets("INVITE"), 302, *headers)


def test_a_call_follows_where_it_may_the_likeliest_first() -> None:
    async def story() -> None:
        async with scene(may_redirect=["127.0.0.1"]) as on:
            here = f"@127.0.0.1:{on.peer.port}"
            await redirect(on, f"<sip:a{here}>;q=0.2", "<sip:b@192.0.2.9>", f"<sip:c{here}>;q=0.9")
            invite = await on.peer.gets("INVITE")
            assert invite.first.startswith("INVITE sip:c@")
            assert invite.number == 2
            on.peer.answer(invite, 404)
            invite = await on.peer.gets("INVITE")
            assert invite.first.startswith("INVITE sip:a@")
            on.peer.answer(invite, 200, body=THEIRS)
            await on.until(("accepted", THEIRS))

    play(story())


def test_a_call_does_not_follow_elsewhere_nor_in_a_circle() -> None:
    async def story() -> None:
        async with scene() as on:
            await redirect(on, f"<sip:a@127.0.0.1:{on.peer.port}>")
            await on.until(("refused", 480))
            await on.peer.gets_nothing("INVITE", within=5)
        async with scene(may_redirect=["127.0.0.1"]) as on:
            on.invite()
            tried = 0
            while not on.heard.said:
                invite = await on.peer.gets("INVITE")
                tried += 1
                contacts = (f"<sip:{n}@127.0.0.1:{on.peer.port}>" for n in (tried, tried + 1))
                on.peer.answer(invite, 302, *(f"Contact: {contact}" for contact in contacts))
                await on.peer.gets("ACK")
            assert tried == 6, "at most five times"
            assert on.heard.said == [("refused", 480)]

    play(story())


def test_a_call_follows_a_name_where_it_may() -> None:
    async def story() -> None:
        async with scene(may_redirect=["localhost", "nowhere.invalid"]) as on:
            here = f"<sip:a@localhost:{on.peer.port}>;q=0.5"
            await redirect(on, here, "<sip:b@nowhere.invalid>")
            invite = await on.peer.gets("INVITE")
            assert invite.first.startswith("INVITE sip:a@localhost:")
            on.peer.answer(invite, 600)
            await on.until(("refused", 600))

    play(story())


def test_our_password_is_not_for_where_we_are_sent() -> None:
    async def story() -> None:
        async with scene(may_redirect=["127.0.0.1"]) as on:
            on.invite(replace(on.destination, username="us", password="secret"))
            where = f"Contact: <sip:a@127.0.0.1:{on.peer.port}>"
            on.peer.answer(await on.peer.gets("INVITE"), 302, where)
            challenge = 'WWW-Authenticate: Digest realm="r", nonce="n"'
            on.peer.answer(await on.peer.gets("INVITE"), 401, challenge)
            await on.until(("refused", 401))

    play(story())


# 422


def test_a_peer_that_wants_longer_sessions() -> None:
    async def story() -> None:
        async with scene() as on:
            on.invite()
            invite = await on.peer.gets("INVITE")
            assert invite.get("Session-Expires") == "1800"
            on.peer.answer(invite, 422, "Min-SE: 3600")
            invite = await on.peer.gets("INVITE")
            assert (invite.get("Session-Expires"), invite.get("Min-SE")) == ("3600", "3600")
            assert invite.number == 2
            for length in (7200, 9000):
                on.peer.answer(invite, 422, f"Min-SE: {length}")
                invite = await on.peer.gets("INVITE")
            on.peer.answer(invite, 422, "Min-SE: 20000")
            await on.until(("refused", 422))

    play(story())
