"""Provisional answers that must arrive: 100rel and PRACK, ours and theirs (RFC 3262)."""

from __future__ import annotations

import asyncio

import pytest

from deskbell.voice.tests.clockwork import play
from deskbell.voice.tests.scripted import OURS, THEIRS, Caller, Message, Scene, scene

# Ours to a caller


async def early(on: Scene, *headers: str, body: str = THEIRS) -> tuple[Caller, Message]:
    caller = Caller(on.peer)
    await caller.invites(*headers, body=body)
    on.calls[-1].early(OURS)
    progress = await on.peer.gets(183)
    caller.to_tag = progress.tag("To")
    return caller, progress


def test_early_media_is_repeated_until_its_prack_and_the_answer_waits_for_it() -> None:
    async def story() -> None:
        async with scene() as on:
            caller, progress = await early(on, "Supported: 100rel")
            assert progress.get("Require") == "100rel"
            assert progress.body == OURS
            dialog = on.calls[0]
            dialog.answer(OURS)
            await on.peer.gets_nothing(200, within=4)
            assert on.peer.times(183) == [0, 0.5, 1.5, 3.5]
            caller.send("PRACK", f"RAck: {int(progress.get('RSeq')) + 1} 1 INVITE")
            assert (await on.peer.gets(481)).number == 2
            caller.send("PRACK", f"RAck: {progress.get('RSeq')} 1 INVITE")
            assert (await on.peer.gets(200)).get("CSeq") == "3 PRACK"
            ok = await on.peer.gets(200)
            assert ok.get("CSeq") == "1 INVITE"
            assert ok.body == "", "what is agreed on reliably is not said again"
            caller.send("ACK", number=1)
            assert await dialog.acknowledged(within=5), "although a PRACK has come since"
            await on.peer.gets_nothing(183, within=40)
            assert not dialog.has_ended

    play(story())


def test_an_early_answer_to_others_is_said_once_and_again_in_the_200() -> None:
    async def story() -> None:
        async with scene() as on:
            _, progress = await early(on)
            assert progress.get("RSeq") == ""
            await on.peer.gets_nothing(183, within=4)
            on.calls[0].answer(OURS)
            assert (await on.peer.gets(200)).body == OURS

    play(story())


def test_a_caller_without_an_offer_gets_ours_early_and_answers_in_its_prack() -> None:
    async def story() -> None:
        async with scene() as on:
            caller, progress = await early(on, "Supported: 100rel", body="")
            caller.send("PRACK", f"RAck: {progress.get('RSeq')} 1 INVITE", body=THEIRS)
            await on.peer.gets(200)
            assert on.heard.said == [("answered", THEIRS)]

    play(story())


def test_an_offer_needs_an_answer_that_arrives() -> None:
    async def story() -> None:
        async with scene() as on:
            caller = Caller(on.peer)
            await caller.invites(body="")
            on.calls[0].early(OURS)
            assert (await on.peer.gets(180)).body == ""

    play(story())


def test_a_prack_may_bring_another_offer() -> None:
    async def story() -> None:
        async with scene() as on:
            caller, progress = await early(on, "Require: 100rel")
            caller.send("PRACK", f"RAck: {progress.get('RSeq')} 1 INVITE", body=THEIRS)
            assert (await on.peer.gets(200)).body == OURS
            assert on.heard.said == [("offered", THEIRS)]

    play(story())


def test_whoever_requires_it_hears_even_the_ringing_reliably_one_after_the_other() -> None:
    async def story() -> None:
        async with scene() as on:
            caller = Caller(on.peer)
            await caller.invites("Require: 100rel")
            dialog = on.calls[0]
            dialog.ring()
            dialog.early(OURS)
            ringing = await on.peer.gets(180)
            await on.peer.gets_nothing(183, within=1)
            caller.to_tag = ringing.tag("To")
            number = int(ringing.get("RSeq"))
            caller.send("PRACK", f"RAck: {number} 1 INVITE")
            assert (await on.peer.gets(183)).get("RSeq") == str(number + 1)

    play(story())


def test_without_a_prack_there_is_no_call() -> None:
    async def story() -> None:
        async with scene() as on:
            caller, _ = await early(on, "Supported: 100rel")
            on.calls[0].answer(OURS)
            refusal = await on.peer.gets(504)
            caller.send("ACK", number=refusal.number)
            assert on.heard.said == [("left", "unacknowledged")]

    play(story())


def test_a_caller_may_give_up_while_the_answer_waits() -> None:
    async def story() -> None:
        async with scene() as on:
            caller = Caller(on.peer)
            branch = await caller.invites("Supported: 100rel")
            on.calls[0].early(OURS)
            on.calls[0].answer(OURS)
            caller.send("CANCEL", number=1, branch=branch)
            await on.peer.gets(487)
            await on.peer.gets_nothing(200, within=40)
            assert on.heard.said == [("left", "cancelled")]

    play(story())


def test_we_may_give_up_while_the_answer_waits() -> None:
    async def story() -> None:
        async with scene() as on:
            await early(on, "Supported: 100rel")
            on.calls[0].answer(OURS)
            on.calls[0].hang_up()
            await on.peer.gets(480)
            assert on.calls[0].has_ended

    play(story())


def test_a_prack_for_nothing() -> None:
    async def story() -> None:
        async with scene() as on:
            caller = Caller(on.peer)
            await caller.invites()
            on.calls[0].ring()
            caller.to_tag = (await on.peer.gets(180)).tag("To")
            caller.send("PRACK", "RAck: 1 1 INVITE")
            await on.peer.gets(481)

    play(story())


# Theirs to us


def test_their_early_media_gets_a_prack_each_and_counts_once() -> None:
    async def story() -> None:
        async with scene() as on:
            on.invite()
            invite = await on.peer.gets("INVITE")
            assert "100rel" in invite.get("Supported")
            for _ in range(2):
                on.peer.answer(invite, 183, "Require: 100rel", "RSeq: 70", body=THEIRS)
            prack = await on.peer.gets("PRACK")
            assert prack.get("RAck") == f"70 {invite.number} INVITE"
            assert prack.tag("To") == "theirs"
            assert prack.number == invite.number + 1
            on.peer.answer(prack, 200)
            on.peer.answer(invite, 180, "Require: 100rel", "RSeq: 72")
            await on.peer.gets_nothing("PRACK", within=2)
            on.peer.answer(invite, 180, "Require: 100rel", "RSeq: 71")
            on.peer.answer(await on.peer.gets("PRACK"), 200)
            on.peer.answer(invite, 200)
            ack = await on.peer.gets("ACK")
            assert ack.number == invite.number
            early_media = ("progressed", (183, THEIRS))
            await on.until(early_media, ("progressed", (180, "")), ("accepted", THEIRS))

    play(story())


@pytest.mark.parametrize("number", ["", "x", "99999999999"])
def test_a_reliable_answer_without_a_number_is_none(number: str) -> None:
    async def story() -> None:
        async with scene() as on:
            on.invite()
            invite = await on.peer.gets("INVITE")
            on.peer.answer(invite, 183, "Require: 100rel", f"RSeq: {number}", body=THEIRS)
            await asyncio.sleep(0.01)
            assert on.heard.said == []

    play(story())
