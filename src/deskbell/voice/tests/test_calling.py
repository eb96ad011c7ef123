"""Calls of ours, message by message: what is sent when, and what the call above is told."""

from __future__ import annotations

import asyncio
import gc
import weakref

import pytest

from deskbell.voice.signalling.dialog import ELSEWHERE
from deskbell.voice.tests.clockwork import play
from deskbell.voice.tests.scripted import OURS, THEIRS, Caller, Peer, scene

FIRST_THIRTY_SECONDS = [0, 0.5, 1.5, 3.5, 7.5, 15.5, 31.5]


def test_a_call_from_invite_to_bye() -> None:
    async def story() -> None:
        async with scene() as on:
            dialog = on.invite(caller_name='Al "A" Ice', headers=["X-Room: 7\r\nEvil: yes"])
            assert dialog.is_outgoing
            assert on.heard.said == [], "never before invite returns"
            invite = await on.peer.gets("INVITE")
            assert invite.first == f"INVITE sip:bob@127.0.0.1:{on.peer.port} SIP/2.0"
            assert invite.get("From").startswith('"Al \\"A\\" Ice" <sip:100@127.0.0.1>;tag=')
            assert invite.get("P-Asserted-Identity").endswith("<sip:100@127.0.0.1>")
            assert invite.get("To") == "<sip:bob@127.0.0.1>"
            assert invite.get("X-Room") == "7 Evil: yes"
            assert invite.get("Evil") == ""
            assert invite.body == OURS
            on.peer.answer(invite, 100)
            on.peer.answer(invite, 180)
            on.peer.answer(invite, 183, body=THEIRS)
            on.peer.answer(invite, 200, body=THEIRS, contact="sip:at@127.0.0.1;x=y")
            ack = await on.peer.gets("ACK")
            assert ack.number == invite.number
            assert ack.branch != invite.branch, "the ACK of a 200 is a transaction of its own"
            progress = [("progressed", (180, "")), ("progressed", (183, THEIRS))]
            await on.until(*progress, ("accepted", THEIRS))
            assert dialog.is_answered
            dialog.hang_up()
            bye = await on.peer.gets("BYE")
            assert bye.tag("To") == "theirs"
            assert bye.tag("From") == dialog.tag
            assert bye.number == invite.number + 1
            assert dialog.has_ended
            assert on.agent.figures["dialogs"] == 0

    play(story())


def test_the_peer_hangs_up() -> None:
    async def story() -> None:
        async with scene() as on:
            dialog = await on.call()
            bye = "\r\n".join(
                [
                    "BYE sip:100@127.0.0.1 SIP/2.0",
                    f"Via: SIP/2.0/UDP 127.0.0.1:{on.peer.port};branch=z9hG4bKbye;rport",
                    "From: <sip:bob@127.0.0.1>;tag=theirs",
                    f"To: <sip:100@127.0.0.1>;tag={dialog.tag}",
                    f"Call-ID: {dialog.invitation.call_id}",
                    "CSeq: 7 BYE",
                    "",
                    "",
                ]
            ).encode()
            on.peer.send(bye)
            on.peer.send(bye)
            await on.peer.gets(200)
            await on.peer.gets(200)
            assert on.heard.said == [("left", "bye")]

    play(story())


def test_a_peer_may_count_its_requests_from_nothing() -> None:
    async def story() -> None:
        async with scene() as on:
            dialog = await on.call()
            call_id = dialog.invitation.call_id
            there = Caller(on.peer, call_id=call_id, to_tag=dialog.tag, number=-1)
            there.send("INFO", body="Signal=#", kind="application/dtmf-relay")
            assert (await on.peer.gets(200)).get("CSeq") == "0 INFO"
            assert on.heard.said == [("pressed", "#")]

    play(story())


def test_an_invite_that_nobody_answers() -> None:
    async def story() -> None:
        async with scene() as on:
            on.invite()
            await on.until(("refused", 408))
            assert on.peer.times("INVITE") == FIRST_THIRTY_SECONDS
            assert on.agent.transactions.waiting == 0

    play(story())


def test_a_bye_that_nobody_answers_is_repeated_every_four_seconds_at_most() -> None:
    async def story() -> None:
        async with scene() as on:
            dialog = await on.call()
            dialog.hang_up()
            await asyncio.sleep(40)
            assert on.peer.times("BYE") == [
                0,
                0.5,
                1.5,
                3.5,
                7.5,
                11.5,
                15.5,
                19.5,
                23.5,
                27.5,
                31.5,
            ]

    play(story())


def test_a_ringing_phone_gets_no_more_invites() -> None:
    async def story() -> None:
        async with scene() as on:
            on.invite()
            on.peer.answer(await on.peer.gets("INVITE"), 180)
            await on.peer.gets_nothing("INVITE", within=120)
            assert on.heard.said == [("progressed", (180, ""))]

    play(story())


def test_what_is_repeated_is_acknowledged_again() -> None:
    async def story() -> None:
        async with scene() as on:
            on.invite()
            invite = await on.peer.gets("INVITE")
            for _ in range(3):
                on.peer.answer(invite, 200, body=THEIRS)
                await on.peer.gets("ACK")
            assert on.heard.said == [("accepted", THEIRS)]

    play(story())


def test_a_refusal_is_acknowledged_as_often_as_it_comes() -> None:
    async def story() -> None:
        async with scene() as on:
            on.invite()
            invite = await on.peer.gets("INVITE")
            for _ in range(2):
                on.peer.answer(invite, 486, "Retry-After: 5", "X-Why: busy")
                ack = await on.peer.gets("ACK")
                assert ack.branch == invite.branch
                assert ack.tag("To") == "theirs"
            assert on.heard.said == [("refused", 486)]
            assert on.heard.headers["retry-after"] == "5"
            await asyncio.sleep(40)
            assert on.agent.transactions.waiting == 0

    play(story())


def test_calls_that_are_over_leave_nothing_behind() -> None:
    async def story() -> None:
        async with scene() as on:
            seen = []
            for _ in range(3):
                ours = await on.call("Session-Expires: 1800;refresher=uac")
                ours.hang_up()
                on.peer.answer(await on.peer.gets("BYE"), 200)
                theirs, caller = await on.is_called("Supported: timer, 100rel")
                caller.send("BYE")
                await on.peer.gets(200)
                seen += [weakref.ref(ours), weakref.ref(theirs)]
            del ours, theirs
            on.calls.clear()
            await asyncio.sleep(40)
            on.agent.transactions.sweep(asyncio.get_running_loop().time())
            gc.collect()
            assert [call() for call in seen] == [None] * 6
            assert not on.agent.transactions._client
            assert not on.agent.transactions._server

    play(story())


def test_an_ack_that_comes_before_any_answer_is_nothing() -> None:
    async def story() -> None:
        async with scene() as on:
            caller = Caller(on.peer)
            await caller.invites()
            on.calls[0].ring()
            caller.to_tag = (await on.peer.gets(180)).tag("To")
            caller.send("ACK", number=1)
            await asyncio.sleep(0.01)
            on.calls[0].answer(OURS)
            await caller.is_answered()
            assert await on.calls[0].acknowledged(within=1)

    play(story())


# Forks


def test_the_first_phone_of_many_wins() -> None:
    async def story() -> None:
        async with scene() as on:
            dialog = on.invite()
            invite = await on.peer.gets("INVITE")
            on.peer.answer(invite, 180, tag="one")
            on.peer.answer(invite, 183, tag="two", body=THEIRS)
            on.peer.answer(invite, 200, tag="two")
            ack = await on.peer.gets("ACK")
            assert ack.tag("To") == "two"
            progress = [("progressed", (180, "")), ("progressed", (183, THEIRS))]
            await on.until(*progress, ("accepted", THEIRS))
            for _ in range(2):
                on.peer.answer(invite, 200, tag="three", body=THEIRS)
                assert (await on.peer.gets("ACK")).tag("To") == "three"
            bye = await on.peer.gets("BYE")
            assert bye.tag("To") == "three"
            on.peer.answer(bye, 200)
            await on.peer.gets_nothing("BYE", within=30)
            assert dialog.remote_tag == "two"
            assert len(on.heard.said) == 3

    play(story())


# CANCEL


def test_a_cancel_waits_until_the_invite_has_arrived() -> None:
    async def story() -> None:
        async with scene() as on:
            dialog = on.invite()
            invite = await on.peer.gets("INVITE")
            dialog.hang_up()
            await on.peer.gets_nothing("CANCEL", within=0.4)
            on.peer.answer(invite, 100)
            cancel = await on.peer.gets("CANCEL")
            assert (cancel.branch, cancel.number) == (invite.branch, invite.number)
            assert cancel.first.split()[1] == invite.first.split()[1]
            on.peer.answer(cancel, 200)
            on.peer.answer(invite, 487)
            await on.peer.gets("ACK")
            assert on.heard.said == [("refused", 487)]
            dialog.hang_up()
            assert on.agent.figures["dialogs"] == 0

    play(story())


def test_a_200_that_crosses_our_cancel_is_hung_up() -> None:
    async def story() -> None:
        async with scene() as on:
            dialog = on.invite()
            invite = await on.peer.gets("INVITE")
            on.peer.answer(invite, 180)
            await on.until(("progressed", (180, "")))
            dialog.hang_up(ELSEWHERE)
            assert "elsewhere" in (await on.peer.gets("CANCEL")).get("Reason")
            for _ in range(2):
                on.peer.answer(invite, 200, body=THEIRS)
                await on.peer.gets("ACK")
            on.peer.answer(await on.peer.gets("BYE"), 200)
            assert on.heard.said == [("progressed", (180, "")), ("refused", 487)]
            assert not dialog.is_answered

    play(story())


def test_a_cancel_that_nobody_answers_ends_after_half_a_minute() -> None:
    async def story() -> None:
        async with scene() as on:
            dialog = on.invite()
            on.peer.answer(await on.peer.gets("INVITE"), 100)
            await asyncio.sleep(0.01)
            dialog.hang_up()
            began = asyncio.get_running_loop().time()
            await on.until(("refused", 487))
            assert asyncio.get_running_loop().time() - began == pytest.approx(32, abs=0.1)

    play(story())


def test_a_phone_that_hangs_up_while_it_rings() -> None:
    async def story() -> None:
        async with scene() as on:
            dialog = on.invite()
            invite = await on.peer.gets("INVITE")
            on.peer.answer(invite, 180)
            await on.until(("progressed", (180, "")))
            call_id = dialog.invitation.call_id
            Caller(on.peer, call_id=call_id, to_tag=dialog.tag).send("BYE")
            await on.peer.gets("CANCEL")
            on.peer.answer(invite, 487)
            await on.peer.gets("ACK")
            assert on.heard.said[1:] == [("refused", 480)]

    play(story())


def test_a_call_that_is_given_up_unheard_ends_too() -> None:
    async def story() -> None:
        async with scene() as on:
            on.invite().hang_up()
            await on.until(("refused", 487))

    play(story())


# Routes


def test_requests_within_a_call_follow_its_route() -> None:
    async def story() -> None:
        async with scene() as on:
            proxy = Peer(on.peer.agent_port)
            await proxy.open()
            dialog = on.invite()
            invite = await on.peer.gets("INVITE")
            route = f"<sip:127.0.0.1:{proxy.port};lr>"
            on.peer.answer(
                invite,
                200,
                "Record-Route: <sip:far.test;lr>",
                f"Record-Route: {route}",
                body=THEIRS,
                contact="sip:bob@192.0.2.7",
            )
            ack = await proxy.gets("ACK")
            assert ack.first.startswith("ACK sip:bob@192.0.2.7 ")
            assert ack.headers["route"] == [route, "<sip:far.test;lr>"]
            dialog.hang_up()
            on.peer.answer(await proxy.gets("BYE"), 200)
            proxy.close()

    play(story())


def test_a_strict_router_stands_in_the_first_line() -> None:
    async def story() -> None:
        async with scene() as on:
            on.invite()
            strict = f"<sip:strict@127.0.0.1:{on.peer.port}>"
            on.peer.answer(
                await on.peer.gets("INVITE"), 200, f"Record-Route: {strict}", body=THEIRS
            )
            ack = await on.peer.gets("ACK")
            assert ack.first == f"ACK {strict[1:-1]} SIP/2.0"
            assert ack.headers["route"] == [f"<{on.peer.contact}>"]

    play(story())
