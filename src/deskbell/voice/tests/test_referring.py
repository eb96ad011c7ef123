"""Calls that go somewhere else: REFER both ways, NOTIFY, Replaces (RFC 3515, RFC 3891)."""

from __future__ import annotations

import asyncio

import pytest

from deskbell.voice.signalling.dialog import Dialog, ReferOutcome
from deskbell.voice.tests.clockwork import play
from deskbell.voice.tests.scripted import OURS, THEIRS, Caller, scene

SIPFRAG = "message/sipfrag"
EVENT = "Event: refer"


def same_call(caller: Caller, dialog: Dialog) -> Caller:
    """The peer's side of a call of ours."""
    caller.call_id, caller.to_tag = dialog.invitation.call_id, dialog.tag
    return caller


# Ours


def test_we_send_a_call_elsewhere_and_hear_how_it_went() -> None:
    async def story() -> None:
        async with scene() as on:
            dialog = await on.call()
            there = same_call(Caller(on.peer), dialog)
            referring = asyncio.ensure_future(dialog.refer("sip:c@there", referred_by="sip:us@h"))
            refer = await on.peer.gets("REFER")
            assert refer.get("Refer-To") == "<sip:c@there>"
            assert refer.get("Referred-By") == "<sip:us@h>"
            there.send("NOTIFY", EVENT, body="SIP/2.0 100 Trying", kind=SIPFRAG)
            await on.peer.gets(200)
            on.peer.answer(refer, 202)
            there.send("NOTIFY", EVENT, body="SIP/2.0 180 Ringing", kind=SIPFRAG)
            await on.peer.gets(200)
            assert not referring.done()
            there.send("NOTIFY", EVENT, body="SIP/2.0 200 OK\r\n", kind=SIPFRAG)
            await on.peer.gets(200)
            assert await referring == ReferOutcome(202, 200)
            there.send("NOTIFY", EVENT, body="SIP/2.0 200 OK\r\n", kind=SIPFRAG)
            await on.peer.gets(481)

    play(story())


def test_a_refusal_and_a_second_one_at_once() -> None:
    async def story() -> None:
        async with scene() as on:
            dialog = await on.call()
            referring = asyncio.ensure_future(dialog.refer("sip:c@there"))
            refer = await on.peer.gets("REFER")
            assert await dialog.refer("sip:d@there") == ReferOutcome(491)
            on.peer.answer(refer, 603)
            assert await referring == ReferOutcome(603)
            assert on.heard.said == []

    play(story())


def test_a_peer_that_says_no_more_than_202() -> None:
    async def story() -> None:
        async with scene() as on:
            dialog = await on.call()
            referring = asyncio.ensure_future(dialog.refer("sip:c@there"))
            on.peer.answer(await on.peer.gets("REFER"), 202)
            assert await referring == ReferOutcome(202)

    play(story())


def test_a_peer_that_hangs_up_in_the_middle_of_its_news() -> None:
    async def story() -> None:
        async with scene() as on:
            dialog = await on.call()
            there = same_call(Caller(on.peer), dialog)
            referring = asyncio.ensure_future(dialog.refer("sip:c@there"))
            on.peer.answer(await on.peer.gets("REFER"), 202)
            there.send("NOTIFY", EVENT, body="SIP/2.0 180 Ringing", kind=SIPFRAG)
            there.send("BYE")
            assert await referring == ReferOutcome(202, 180)
            assert on.heard.said == [("left", "bye")]
            assert await dialog.refer("sip:c@there") == ReferOutcome(481)

    play(story())


def test_news_of_other_things() -> None:
    async def story() -> None:
        async with scene() as on:
            there = same_call(Caller(on.peer), await on.call())
            there.send("NOTIFY", "Event: dialog", "Subscription-State: active")
            assert (await on.peer.gets(489)).get("Allow-Events") == "refer"

    play(story())


# Theirs


def test_a_peer_sends_its_call_elsewhere_and_is_told_how_it_goes() -> None:
    async def story() -> None:
        async with scene() as on:
            dialog, caller = await on.is_called()
            caller.send("REFER", "Refer-To: Carol <sip:c@there?Replaces=a%3Bb>")
            await on.peer.gets(202)
            assert on.heard.said == [("referred", "sip:c@there?Replaces=a%3Bb")]
            notify = await on.peer.gets("NOTIFY")
            assert notify.get("Event") == f"refer;id={caller.number}"
            assert notify.get("Subscription-State").startswith("active")
            assert notify.get("Content-Type").startswith(SIPFRAG)
            assert notify.body == "SIP/2.0 100 Trying\r\n"
            on.peer.answer(notify, 200)
            for code, state in ((180, "active"), (486, "terminated")):
                dialog.notify_refer(code)
                notify = await on.peer.gets("NOTIFY")
                assert notify.body.startswith(f"SIP/2.0 {code} ")
                assert notify.get("Subscription-State").startswith(state)
                on.peer.answer(notify, 200)
            dialog.notify_refer(200)
            await on.peer.gets_nothing("NOTIFY", within=5)

    play(story())


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ((), 400),
        (("Refer-To: <sip:a@b>", "Refer-To: <sip:c@d>"), 400),
        (("Refer-To: <http://there>",), 400),
        (("Refer-To: <sip:a@b>",), 603),
        (("r: sip:a@b;x=y",), 603),
    ],
)
def test_refers_that_are_refused(headers: tuple[str, ...], code: int) -> None:
    async def story() -> None:
        async with scene() as on:
            on.heard.refer_code = 603
            _, caller = await on.is_called()
            caller.send("REFER", *headers)
            await on.peer.gets(code)
            await on.peer.gets_nothing("NOTIFY", within=1)

    play(story())


def test_a_peer_may_want_no_news() -> None:
    async def story() -> None:
        async with scene() as on:
            _, caller = await on.is_called()
            caller.send("REFER", "Refer-To: <tel:+12125550142>", "Refer-Sub: false")
            assert (await on.peer.gets(202)).get("Refer-Sub") == "false"
            await on.peer.gets_nothing("NOTIFY", within=1)
            assert on.heard.said == [("referred", "tel:+12125550142")]

    play(story())


def test_who_refuses_the_news_gets_no_more() -> None:
    async def story() -> None:
        async with scene() as on:
            dialog, caller = await on.is_called()
            caller.send("REFER", "Refer-To: <sip:c@there>")
            on.peer.answer(await on.peer.gets("NOTIFY"), 489)
            await asyncio.sleep(0.01)
            dialog.notify_refer(200)
            await on.peer.gets_nothing("NOTIFY", within=5)
            assert not dialog.has_ended

    play(story())


# Replaces


def replacing(dialog: Dialog, *more: str) -> str:
    call_id = dialog.ours.call_id
    return ";".join([f"{call_id};to-tag={dialog.tag};from-tag={dialog.remote_tag}", *more])


def test_a_call_that_takes_the_place_of_another() -> None:
    async def story() -> None:
        async with scene() as on:
            first = await on.call()
            caller = Caller(on.peer, tag="other")
            await caller.invites(f"Replaces: {replacing(first)}", "Require: replaces")
            invitation = on.calls[0].invitation
            assert on.agent.dialog_of(invitation.replaces) is first
            call_id, *_ = first.replaces.split(";")
            assert first.replaces == f"{call_id};to-tag=theirs;from-tag={first.tag}"
            first.hang_up()
            assert on.agent.dialog_of(invitation.replaces) is None

    play(story())


def test_calls_that_are_not_there_cannot_be_replaced() -> None:
    async def story() -> None:
        async with scene() as on:
            answered = await on.call()
            on.peer.all.clear()
            waiting = Caller(on.peer, tag="waiting")
            await waiting.invites()
            for number, value in enumerate(
                (
                    "nobody;to-tag=a;from-tag=b",
                    "nonsense",
                    replacing(answered, "early-only"),
                    replacing(on.calls[0]),
                )
            ):
                caller = Caller(on.peer, tag=f"other{number}")
                caller.send("INVITE", f"Replaces: {value}", body=THEIRS)
                refusal = await on.peer.gets(481)
                caller.send("ACK", number=refusal.number)
            caller = Caller(on.peer, tag="twice")
            caller.send("INVITE", "Replaces: a", "Replaces: b", body=THEIRS)
            await on.peer.gets(400)
            assert len(on.calls) == 1

    play(story())


def test_a_ringing_call_of_ours_can_be_replaced() -> None:
    async def story() -> None:
        async with scene() as on:
            dialog = on.invite()
            on.peer.answer(await on.peer.gets("INVITE"), 180)
            await on.until(("progressed", (180, "")))
            assert on.agent.dialog_of(replacing(dialog, "early-only")) is dialog
            assert on.agent.dialog_of(replacing(dialog)) is dialog

    play(story())


def test_early_calls_take_offers_only_where_one_was_agreed() -> None:
    async def story() -> None:
        async with scene() as on:
            caller = Caller(on.peer)
            await caller.invites("Supported: 100rel")
            on.calls[0].ring()
            caller.to_tag = (await on.peer.gets(180)).tag("To")
            caller.send("UPDATE", body=THEIRS)
            assert (await on.peer.gets(500)).get("Retry-After").isdigit()
            on.calls[0].early(OURS)
            number = (await on.peer.gets(183)).get("RSeq")
            caller.send("PRACK", f"RAck: {number} 1 INVITE")
            await on.peer.gets(200)
            caller.send("UPDATE", body=THEIRS)
            assert (await on.peer.gets(200)).body == OURS
            caller.send("REFER", "Refer-To: <sip:c@there>")
            await on.peer.gets(603)

    play(story())
