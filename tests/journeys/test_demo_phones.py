"""The demo's SIP phones, as somebody would try them: one of them is baresip, which others wrote.

bob's phone rings alice's by her extension and by her name, and both hear each other's line; the
attendant answers them; nobody gets in with a wrong password, and no number leaves without a trunk.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deskbell.voice.media.g711 import linear_of_mulaw
from tests.baresip import account, baresip, needs_baresip, tone_share
from tests.house import House, greeting_now, prompts, running_house
from tests.patience import patience
from tests.phone import Phone
from tests.phone_calls import CallHandle
from tests.phone_messages import authorization

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    """One of its own: who guesses passwords here locks this machine out."""
    with running_house() as running:
        yield running


def phones(house: House) -> dict[str, Any]:
    """The demo's phones by the names of who has them."""
    return {phone["name"]: phone for phone in house.account["phones"]}


async def calls(phone: Phone, number: str, password: str) -> CallHandle:
    """Calls, and once more with the answer to the challenge."""
    first = await phone.call(number)
    assert first.status == 401
    assert first.answer is not None
    proof = authorization(
        first.answer.headers["www-authenticate"][0],
        user=phone.user,
        password=password,
        method="INVITE",
        uri=f"sip:{number}@{phone.sip}",
    )
    return await phone.call(number, headers=(f"Authorization: {proof}",))


@needs_baresip
def test_one_phone_of_the_demo_rings_the_other(house: House, tmp_path: Path) -> None:
    alice, bob = (phones(house)[name] for name in ("alice", "bob"))

    async def play() -> None:
        line = account(alice["username"], "deskbell", alice["password"], proxy=house.sip)
        async with (
            baresip(tmp_path / "alice", line, hertz=700) as hers,
            Phone(house.sip, user=bob["username"]) as his,
        ):
            await hers.says("200 OK")
            assert (await his.register(his.user, bob["password"])).code == 200
            call = await calls(his, alice["extension"], bob["password"])
            assert call.status == 200
            await hers.sees("CALL_ESTABLISHED")
            await call.hears_more(8000)
            call.hang_up()
            await hers.sees("CALL_CLOSED")
            assert tone_share(linear_of_mulaw(call.heard()).tobytes(), 700) > 0.8
            by_name = await calls(his, "alice", bob["password"])
            assert by_name.status == 200
            by_name.hang_up()

    asyncio.run(play())


def test_a_phone_of_the_demo_calls_the_attendant(house: House, tmp_path: Path) -> None:
    bob = phones(house)["bob"]
    number = house.account["numbers"][0]["number"]

    async def play() -> None:
        known = prompts(house)
        async with Phone(house.sip, user=bob["username"]) as his:
            call = await calls(his, number, bob["password"])
            assert call.status == 200
            async with patience(20):
                while not greeting_now(known, call.heard()):
                    await asyncio.sleep(0.1)
            call.hang_up()

    asyncio.run(play())


@needs_baresip
def test_far_numbers_and_wrong_passwords(house: House, tmp_path: Path) -> None:
    bob = phones(house)["bob"]

    async def play() -> None:
        async with Phone(house.sip, user=bob["username"]) as his:
            assert (await calls(his, "+442071838750", bob["password"])).status == 403
            assert (await calls(his, "201", bob["password"])).status == 404, "Brook's extension"
            away = await calls(his, "+12125550199", bob["password"])
            assert away.status >= 400, "allowed, but no trunk carries it"
            line = account(bob["username"], "deskbell", "guess", proxy=house.sip)
            async with baresip(tmp_path / "bob", line, hertz=700) as wrong:
                await wrong.says("403 Forbidden")  # it tries more often than it may
            assert (await his.call("101")).status == 403, "locked out"

    asyncio.run(play())
