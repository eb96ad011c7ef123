"""Calls that last: refreshed or ended by the session timer (RFC 4028), offered anew, on hold."""

from __future__ import annotations

import asyncio

import pytest

from deskbell.voice.tests.clockwork import play
from deskbell.voice.tests.scripted import HOLD, OURS, THEIRS, Caller, scene

TIMER = "Supported: timer"


def now() -> float:
    return asyncio.get_running_loop().time()


# What callers ask for


@pytest.mark.parametrize(
    ("asked", "agreed", "is_required"),
    [
        ((), "", False),
        ((TIMER,), "1800;refresher=uac", True),
        ((TIMER, "Session-Expires: 600"), "600;refresher=uac", True),
        ((TIMER, "Session-Expires: 600;refresher=uas"), "600;refresher=uas", True),
        ((TIMER, "x: 600;refresher=uac"), "600;refresher=uac", True),
        ((TIMER, "Min-SE: 4000"), "4000;refresher=uac", True),
        (("Session-Expires: 600",), "600;refresher=uas", False),
        (("Session-Expires: 5",), "90;refresher=uas", False),
        ((TIMER, "Session-Expires: nonsense"), "1800;refresher=uac", True),
    ],
)
def test_what_is_agreed_with_a_caller(
    asked: tuple[str, ...], agreed: str, is_required: bool
) -> None:
    async def story() -> None:
        async with scene() as on:
            caller = Caller(on.peer)
            await caller.invites(*asked)
            on.calls[0].answer(OURS)
            ok = await caller.is_answered()
            assert ok.get("Session-Expires") == agreed
            assert (ok.get("Require") == "timer") is is_required

    play(story())


def test_sessions_that_are_too_short_are_refused() -> None:
    async def story() -> None:
        async with scene() as on:
            caller = Caller(on.peer)
            caller.send("INVITE", TIMER, "Session-Expires: 60", body=THEIRS)
            assert (await on.peer.gets(422)).get("Min-SE") == "90"
            assert on.calls == []

    play(story())


def test_a_caller_that_does_not_refresh_is_gone() -> None:
    async def story() -> None:
        async with scene() as on:
            dialog, caller = await on.is_called(TIMER, "Session-Expires: 600;refresher=uac")
            began = now()
            await asyncio.sleep(500)
            caller.send("UPDATE", TIMER, "Session-Expires: 600;refresher=uac")
            assert (await on.peer.gets(200)).get("Session-Expires") == "600;refresher=uac"
            await on.peer.gets("BYE", within=2000)
            assert now() - began == pytest.approx(500 + 600 - 32, abs=1)
            assert on.heard.said == [("left", "expired")]
            assert dialog.has_ended

    play(story())


def test_we_refresh_where_we_promised_to_by_update() -> None:
    async def story() -> None:
        async with scene() as on:
            asked = "Session-Expires: 200;refresher=uas"
            _, caller = await on.is_called(TIMER, asked, "Allow: INVITE, ACK, BYE, UPDATE")
            began = now()
            for turn in (1, 2, 3):
                update = await on.peer.gets("UPDATE", within=500)
                assert now() - began == pytest.approx(100 * turn, abs=1)
                assert update.get("Session-Expires") == "200;refresher=uac"
                assert update.body == ""
                on.peer.answer(update, 200, "Session-Expires: 200;refresher=uac")
            caller.send("BYE")
            await on.peer.gets(200)
            await on.peer.gets_nothing("UPDATE", within=500)

    play(story())


def test_or_by_invite_where_the_caller_knows_no_update() -> None:
    async def story() -> None:
        async with scene() as on:
            await on.is_called(TIMER, "Session-Expires: 200;refresher=uas", "Allow: INVITE, BYE")
            invite = await on.peer.gets("INVITE", within=500)
            assert invite.body == OURS, "what we said last"
            on.peer.answer(
                invite, 200, "Require: timer", "Session-Expires: 300;refresher=uac", body=THEIRS
            )
            assert (await on.peer.gets("ACK")).number == invite.number
            began = now()
            await on.peer.gets("INVITE", within=500)
            assert now() - began == pytest.approx(150, abs=1)

    play(story())


def test_what_is_repeated_of_an_old_offer_answers_no_new_one() -> None:
    async def story() -> None:
        async with scene() as on:
            dialog = await on.call()
            first = asyncio.ensure_future(dialog.reoffer(HOLD))
            old = await on.peer.gets("INVITE")
            on.peer.answer(old, 200, body=THEIRS)
            assert await first == (200, THEIRS)
            second = asyncio.ensure_future(dialog.reoffer(OURS))
            new = await on.peer.gets("INVITE")
            on.peer.answer(old, 200, body=THEIRS)
            assert (await on.peer.gets("ACK")).number == old.number
            assert not second.done()
            on.peer.answer(new, 488)
            assert await second == (488, "")

    play(story())


def test_a_refresh_that_finds_nobody_ends_the_call() -> None:
    async def story() -> None:
        async with scene() as on:
            await on.is_called(TIMER, "Session-Expires: 200;refresher=uas", "Allow: UPDATE")
            on.peer.answer(await on.peer.gets("UPDATE", within=500), 481)
            await on.peer.gets("BYE")
            assert on.heard.said == [("left", "expired")]

    play(story())


def test_a_refresh_that_is_refused_for_now_is_tried_again_until_time_is_up() -> None:
    async def story() -> None:
        async with scene() as on:
            await on.is_called(TIMER, "Session-Expires: 200;refresher=uas", "Allow: UPDATE")
            began = now()
            asked: list[str] = []
            while not on.heard.said:
                try:
                    message = await on.peer.gets("UPDATE", within=500 if not asked else 20)
                except TimeoutError:
                    break
                asked.append(message.get("Session-Expires"))
                on.peer.answer(message, 422 if len(asked) == 1 else 491, "Min-SE: 400")
            assert asked[:2] == ["200;refresher=uac", "400;refresher=uac"]
            assert len(asked) > 10
            bye = next(message for message in on.peer.all if message.kind == "BYE")
            assert bye.at - began == pytest.approx(168, abs=1)
            assert on.heard.said == [("left", "expired")]

    play(story())


# What we ask for


def test_a_peer_of_ours_may_leave_the_refreshing_to_us() -> None:
    async def story() -> None:
        async with scene() as on:
            await on.call("Session-Expires: 200;refresher=uac", "Allow: UPDATE")
            update = await on.peer.gets("UPDATE", within=500)
            on.peer.answer(update, 200)
            await on.peer.gets_nothing("UPDATE", within=500)
            assert on.heard.said == [], "a 200 without Session-Expires ends the timer"

    play(story())


def test_or_promise_it_and_be_gone() -> None:
    async def story() -> None:
        async with scene() as on:
            await on.call("Session-Expires: 200;refresher=uas", "Require: timer")
            await on.peer.gets("BYE", within=500)
            assert on.heard.said == [("left", "expired")]

    play(story())


def test_or_know_no_timers() -> None:
    async def story() -> None:
        async with scene() as on:
            dialog = await on.call()
            await asyncio.sleep(10_000)
            assert not dialog.has_ended

    play(story())
