"""Offers within a call, theirs and ours: hold, resume, glare (RFC 3261 section 14, RFC 3311)."""

from __future__ import annotations

import asyncio

import pytest

from deskbell.voice.tests.clockwork import play
from deskbell.voice.tests.scripted import HOLD, OURS, THEIRS, Caller, scene


def now() -> float:
    return asyncio.get_running_loop().time()


# Offers of theirs


def test_hold_and_resume_by_invite_and_by_update() -> None:
    async def story() -> None:
        async with scene() as on:
            _, caller = await on.is_called()
            caller.send("INVITE", body=HOLD)
            assert (await caller.is_answered()).body == OURS
            caller.send("UPDATE", body=THEIRS)
            assert (await on.peer.gets(200)).body == OURS
            caller.send("UPDATE")
            assert (await on.peer.gets(200)).body == ""
            assert on.heard.said == [("offered", HOLD), ("offered", THEIRS)]
            on.heard.answer = None
            caller.send("UPDATE", body=THEIRS)
            await on.peer.gets(488)
            caller.send("INVITE", body=THEIRS)
            assert (await on.peer.gets(488)).get("Contact") == ""

    play(story())


def test_a_late_offer_within_a_call() -> None:
    async def story() -> None:
        async with scene() as on:
            _, caller = await on.is_called()
            caller.send("INVITE")
            ok = await on.peer.gets(200)
            assert ok.body == OURS
            caller.send("UPDATE", body=THEIRS)
            await on.peer.gets(491)
            caller.send("INFO", body="Signal=1", kind="application/dtmf-relay")
            await on.peer.gets(200)
            caller.send("ACK", number=ok.number, body=THEIRS)
            await on.until(("offered", ""), ("pressed", "1"), ("answered", THEIRS))

    play(story())


def test_our_200_within_a_call_is_repeated_until_its_ack() -> None:
    async def story() -> None:
        async with scene() as on:
            dialog, caller = await on.is_called()
            on.peer.all.clear()
            caller.send("INVITE", body=HOLD)
            await asyncio.sleep(3)
            assert on.peer.times(200) == [0, 0.5, 1.5]
            assert dialog.is_unconfirmed
            await on.until(("offered", HOLD), ("left", "unacknowledged"))
            await on.peer.gets("BYE")

    play(story())


def test_a_body_that_is_no_description() -> None:
    async def story() -> None:
        async with scene() as on:
            _, caller = await on.is_called()
            caller.send("INVITE", body="<x/>", kind="application/xml")
            assert (await on.peer.gets(415)).get("Accept") == "application/sdp"
            caller.send("INVITE", "Content-Encoding: gzip", body=THEIRS)
            assert (await on.peer.gets(415)).get("Accept-Encoding") == "identity"
            caller.send("UPDATE", "Require: magic", body=THEIRS)
            assert (await on.peer.gets(420)).get("Unsupported") == "magic"
            caller.send("MESSAGE", body="hello", kind="text/plain")
            assert "UPDATE" in (await on.peer.gets(405)).get("Allow")
            caller.send("INFO", body="5", kind="text/plain")
            await on.peer.gets(415)

    play(story())


def test_a_new_contact_is_where_our_requests_go() -> None:
    async def story() -> None:
        async with scene() as on:
            dialog, caller = await on.is_called()
            caller.send("UPDATE", "m: <sip:ignored@127.0.0.1>")
            await on.peer.gets(200)
            assert dialog.peer.target == on.peer.contact
            caller.send("INFO", body="Signal=1", kind="application/dtmf-relay")
            await on.peer.gets(200)
            dialog.hang_up()
            assert (await on.peer.gets("BYE")).first.split()[1] == on.peer.contact

    play(story())


# Offers of ours


def test_we_offer_and_the_peer_answers() -> None:
    async def story() -> None:
        async with scene() as on:
            dialog, _ = await on.is_called()
            offering = asyncio.ensure_future(dialog.reoffer(HOLD))
            invite = await on.peer.gets("INVITE")
            assert invite.body == HOLD
            assert invite.tag("To") == "theirs"
            on.peer.answer(invite, 100)
            on.peer.answer(invite, 200, body=THEIRS)
            ack = await on.peer.gets("ACK")
            assert ack.number == invite.number
            assert await offering == (200, THEIRS)
            on.peer.answer(invite, 200, body=THEIRS)
            await on.peer.gets("ACK")
            offering = asyncio.ensure_future(dialog.reoffer(OURS))
            on.peer.answer(await on.peer.gets("INVITE"), 488)
            assert await offering == (488, "")
            assert not dialog.has_ended

    play(story())


def test_two_offers_of_ours_go_one_after_the_other() -> None:
    async def story() -> None:
        async with scene() as on:
            dialog = await on.call()
            first = asyncio.ensure_future(dialog.reoffer(HOLD))
            second = asyncio.ensure_future(dialog.reoffer(OURS))
            invite = await on.peer.gets("INVITE")
            await on.peer.gets_nothing("INVITE", within=0.4)
            on.peer.answer(invite, 200, body=THEIRS)
            invite = await on.peer.gets("INVITE")
            assert invite.body == OURS
            on.peer.answer(invite, 200, body=THEIRS)
            assert [await first, await second] == [(200, THEIRS)] * 2

    play(story())


@pytest.mark.parametrize(("is_outgoing", "least", "most"), [(True, 2.1, 4.0), (False, 0.0, 2.0)])
def test_both_offer_at_once(is_outgoing: bool, least: float, most: float) -> None:
    async def story() -> None:
        async with scene() as on:
            if is_outgoing:
                dialog = await on.call()
                call_id = dialog.invitation.call_id
                caller = Caller(on.peer, call_id=call_id, to_tag=dialog.tag)
            else:
                dialog, caller = await on.is_called()
            offering = asyncio.ensure_future(dialog.reoffer(HOLD))
            invite = await on.peer.gets("INVITE")
            caller.send("INVITE", body=THEIRS)
            ours = await on.peer.gets(491)
            caller.send("ACK", number=ours.number)
            on.peer.answer(invite, 491)
            await on.peer.gets("ACK")
            began = now()
            invite = await on.peer.gets("INVITE")
            assert least - 0.01 <= now() - began <= most + 0.01
            on.peer.answer(invite, 200, body=THEIRS)
            assert await offering == (200, THEIRS)
            assert on.heard.said == []

    play(story())


def test_a_peer_that_always_offers_too() -> None:
    async def story() -> None:
        async with scene() as on:
            dialog = await on.call()
            offering = asyncio.ensure_future(dialog.reoffer(HOLD))
            for _ in range(4):
                on.peer.answer(await on.peer.gets("INVITE"), 491)
            assert await offering == (491, "")

    play(story())


def test_an_offer_that_nobody_answers_ends_the_call() -> None:
    async def story() -> None:
        async with scene() as on:
            dialog = await on.call()
            assert await dialog.reoffer(HOLD) == (408, "")
            await on.peer.gets("BYE")
            assert on.heard.said == [("left", "expired")]
            assert await dialog.reoffer(HOLD) == (481, "")

    play(story())


def test_a_peer_that_leaves_while_we_offer() -> None:
    async def story() -> None:
        async with scene() as on:
            dialog, caller = await on.is_called()
            offering = asyncio.ensure_future(dialog.reoffer(HOLD))
            await on.peer.gets("INVITE")
            caller.send("BYE")
            assert await offering == (481, "")

    play(story())


def test_an_offer_waits_for_the_ack_of_our_200() -> None:
    async def story() -> None:
        async with scene() as on:
            caller = Caller(on.peer)
            await caller.invites()
            on.calls[0].answer(OURS)
            offering = asyncio.ensure_future(on.calls[0].reoffer(HOLD))
            await on.peer.gets_nothing("INVITE", within=2)
            caller.to_tag = on.calls[0].tag
            caller.send("ACK", number=1)
            on.peer.answer(await on.peer.gets("INVITE"), 200, body=THEIRS)
            assert await offering == (200, THEIRS)

    play(story())


def test_a_key_of_ours_by_info() -> None:
    async def story() -> None:
        async with scene() as on:
            dialog = await on.call()
            dialog.info_key("5")
            info = await on.peer.gets("INFO")
            assert info.get("Content-Type") == "application/dtmf-relay"
            assert info.body == "Signal=5\r\nDuration=160\r\n"
            on.peer.answer(info, 415)
            await asyncio.sleep(0.01)
            assert not dialog.has_ended
            dialog.info_key("#")
            on.peer.answer(await on.peer.gets("INFO"), 481)
            await on.until(("left", "expired"))

    play(story())
