"""Phones on a whole gateway: they register, call, and are called; strangers do none of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from deskbell.foundation.digest import ha1_of
from deskbell.voice.tests.stage import ACCOUNT, Stage, WebSide, free_port, staged, until
from tests.phone import Phone
from tests.phone_calls import CallHandle
from tests.phone_messages import authorization

REALM = "desk"
OTHER = "AC" + "1" * 32
NOWHERE = ["192.0.2.0/24"]
TALK = "<Say>Hello</Say><Pause length='5'/>"


def phone_of(name: str, extension: str, account: str = ACCOUNT) -> dict[str, Any]:
    return {
        "username": f"desk-{name}",
        "name": name,
        "account": account,
        "ha1": ha1_of(f"desk-{name}", REALM, f"{name}'s own"),
        "numbers": [f"+12125550{extension}", extension],
    }


LINES: dict[str, Any] = {
    "realm": REALM,
    "phones": [phone_of("alice", "101"), phone_of("bob", "102"), phone_of("zoe", "103", OTHER)],
    "accounts": {
        ACCOUNT: {
            "prefixes": ["+1"],
            "calls_out": 2,
            "caller_id": "+12125550142",
            "numbers": ["+12125550142"],
        }
    },
}


@asynccontextmanager
async def house(folder: Path, *verbs: str, trunks: list[str] | None = None) -> AsyncIterator[Stage]:
    web = WebSide(free_port(), more=dict(LINES))
    web.trunks = NOWHERE if trunks is None else trunks
    async with staged(folder, *verbs, web=web) as stage:
        yield stage


@asynccontextmanager
async def handset(stage: Stage, name: str = "alice", **options: Any) -> AsyncIterator[Phone]:
    async with Phone(stage.phone.sip, user=f"desk-{name}", **options) as phone:
        yield phone


async def registers(phone: Phone, password: str = "") -> int:
    name = phone.user.removeprefix("desk-")
    answer = await phone.register(phone.user, password or f"{name}'s own", domain=REALM)
    return answer.code


async def calls(phone: Phone, number: str, password: str = "", user: str = "") -> CallHandle:
    """Calls, and once more with the answer to the challenge."""
    first = await phone.call(number)
    assert first.answer is not None
    if first.status != 401:
        return first
    name = phone.user.removeprefix("desk-")
    proof = authorization(
        first.answer.headers["www-authenticate"][0],
        user=user or phone.user,
        password=password or f"{name}'s own",
        method="INVITE",
        uri=f"sip:{number}@{phone.sip}",
    )
    return await phone.call(number, headers=(f"Authorization: {proof}",))


@pytest.mark.parametrize("transport", ["UDP", "TCP"])
def test_a_phone_registers_and_is_called(tmp_path: Path, transport: str) -> None:
    async def play() -> None:
        dial = "<Dial timeout='5'><Client>alice</Client></Dial>"
        async with (
            house(tmp_path, dial, trunks=["127.0.0.0/8"]) as stage,
            handset(stage, transport=transport) as alice,
        ):
            assert await registers(alice) == 200
            assert stage.health["phones"] == 1
            caller = await stage.phone.start("12125550100")
            rung = await alice.rung()
            assert rung.invite.uri.startswith("sip:desk-alice@127.0.0.1")
            rung.answer()
            assert await caller.answered() == 200
            caller.hang_up()
            await rung.ended()

    asyncio.run(play())


def test_a_phone_calls_after_its_challenge_and_the_web_side_knows_it(tmp_path: Path) -> None:
    async def play() -> None:
        async with house(tmp_path, TALK) as stage, handset(stage) as alice:
            call = await calls(alice, "12125550100")
            assert call.status == 200
            asked = await stage.web.gets("/voice/incoming")
            assert (asked["Phone"], asked["To"]) == ("desk-alice", "12125550100")
            call.hang_up()

    asyncio.run(play())


def test_an_address_alone_admits_no_phone(tmp_path: Path) -> None:
    """Whoever says that it is a phone proves it, also where its address is a trunk's."""

    async def play() -> None:
        async with (
            house(tmp_path, TALK, trunks=["127.0.0.0/8"]) as stage,
            handset(stage) as alice,
        ):
            assert await registers(alice) == 200
            assert (await alice.call("12125550100")).status == 401
            assert stage.web.of("/voice/incoming") == []
            stranger = await stage.phone.call("12125550100")  # says it is somebody else
            assert stranger.status == 200
            assert "Phone" not in await stage.web.gets("/voice/incoming")
            stranger.hang_up()

    asyncio.run(play())


def test_who_may_not_call(tmp_path: Path) -> None:
    async def play() -> None:
        async with house(tmp_path, TALK) as stage:
            assert (await stage.phone.call("12125550100")).status == 401, "a stranger"
            async with handset(stage) as alice:
                assert (await calls(alice, "1", password="guess")).status == 401
                assert (await calls(alice, "1", user="desk-nobody")).status == 401
                call = await alice.call("12125550100")
                assert call.answer is not None
                proof = authorization(
                    call.answer.headers["www-authenticate"][0],
                    user="desk-alice",
                    password="alice's own",
                    method="INVITE",
                    uri="sip:12125550100@desk",
                )
                stolen = await stage.phone.call("19005550100", headers=(f"Authorization: {proof}",))
                assert stolen.status == 401, "it was made for another number"
            assert stage.web.of("/voice/incoming") == []

    asyncio.run(play())


def test_a_proof_is_good_for_one_call(tmp_path: Path) -> None:
    async def play() -> None:
        async with house(tmp_path, TALK) as stage, handset(stage) as alice:
            first = await alice.call("12125550100")
            assert first.answer is not None
            proof = authorization(
                first.answer.headers["www-authenticate"][0],
                user="desk-alice",
                password="alice's own",
                method="INVITE",
                uri=f"sip:12125550100@{alice.sip}",
            )
            headers = (f"Authorization: {proof}",)
            good = await alice.call("12125550100", headers=headers)
            assert good.status == 200
            again = await alice.call("12125550100", headers=headers)
            assert again.status == 401
            assert again.answer is not None
            assert "stale=true" in again.answer.headers["www-authenticate"][0]
            good.hang_up()

    asyncio.run(play())


def test_five_wrong_passwords_close_the_door_for_calls_too(tmp_path: Path) -> None:
    async def play() -> None:
        async with house(tmp_path, TALK) as stage, handset(stage) as alice:
            codes = [await registers(alice, "guess") for _ in range(5)]
            assert codes == [401, 401, 401, 401, 403]
            assert (await alice.call("12125550100")).status == 403
            assert await registers(alice) == 403
            assert stage.health["locked_out"] >= 1

    asyncio.run(play())


def test_an_account_s_phones_are_its_own(tmp_path: Path) -> None:
    """bob's call rings alice by extension, and never zoe, who is of another account."""

    async def play() -> None:
        dial = "<Dial answerOnBridge='true' timeout='5'><Number>{}</Number></Dial>"
        async with (
            house(tmp_path) as stage,
            handset(stage, "alice") as alice,
            handset(stage, "bob") as bob,
            handset(stage, "zoe") as zoe,
        ):
            for phone in (alice, bob, zoe):
                assert await registers(phone) == 200
            stage.web.pages["/voice/incoming"] = f"<Response>{dial.format('101')}</Response>"
            first = await bob.call("101")
            assert first.status == 401
            ringing = asyncio.create_task(calls(bob, "101"))
            rung = await alice.rung()
            rung.answer()
            call = await ringing
            assert call.status == 200
            call.hang_up()
            for wanted in ("103", "+12125550103"):
                stage.web.pages["/voice/incoming"] = f"<Response>{dial.format(wanted)}</Response>"
                refused = await calls(bob, wanted)
                assert refused.status >= 400
            stage.web.pages["/voice/incoming"] = (
                "<Response><Dial answerOnBridge='true'><Client>zoe</Client></Dial></Response>"
            )
            assert (await calls(bob, "zoe")).status >= 400
            assert zoe.taken == []

    asyncio.run(play())


def test_phones_are_found_after_a_restart(tmp_path: Path) -> None:
    async def play() -> None:
        async with house(tmp_path) as stage, handset(stage) as alice:
            assert await registers(alice) == 200
        assert (tmp_path / "voice" / "bindings.json").exists()
        async with house(tmp_path) as stage:
            await until(lambda: stage.health["phones"] == 1)

    asyncio.run(play())


def test_a_proxy_names_who_calls_and_opens_no_door_itself(tmp_path: Path) -> None:
    """Behind a proxy all calls come from one address: its word counts, the address does not."""

    async def play() -> None:
        async with house(tmp_path, TALK, trunks=["127.0.0.0/8", "198.51.100.7"]) as stage:
            proxy = f"{stage.phone.host}:{stage.phone.port}"
            stage.web.more["proxy"] = proxy
            await stage.reconfigure()
            assert (await stage.phone.call("12125550100")).status == 401, "says nothing"
            stranger = await stage.phone.call(
                "12125550100", headers=("X-Deskbell-Source: 203.0.113.5",)
            )
            assert stranger.status == 401
            trunk = await stage.phone.call(
                "12125550100", headers=("X-Deskbell-Source: 198.51.100.7",)
            )
            assert trunk.status == 200
            trunk.hang_up()
            beside = await stage.phone.call(  # a trunk on the proxy's own machine
                "12125550100", headers=("X-Deskbell-Source: 127.0.0.1",)
            )
            assert beside.status == 200
            beside.hang_up()
            async with Phone(stage.phone.sip) as liar:  # not the proxy: its word is nothing
                stage.web.trunks = NOWHERE
                await stage.reconfigure()
                call = await liar.call("12125550100", headers=("X-Deskbell-Source: 198.51.100.7",))
                assert call.status == 401

    asyncio.run(play())


def test_a_trunk_s_codecs_are_offered_and_no_others(tmp_path: Path) -> None:
    async def play() -> None:
        dial = "<Dial timeout='5'><Number>+13105550142</Number></Dial>"
        async with (
            house(tmp_path, dial, trunks=["127.0.0.0/8"]) as stage,
            handset(stage, "bob", codec="PCMA") as carrier,
        ):
            trunks = [
                {"name": "local", "addresses": ["127.0.0.0/8"]},
                {
                    "name": "carrier",
                    "addresses": [],
                    "outgoing": f"127.0.0.1:{carrier.port}",
                    "codecs": ["PCMA"],
                },
            ]
            stage.web.more |= {"trunks": trunks, "limits": {"prefixes": ["+1"], "calls_out": 1}}
            stage.web.more["accounts"] = {}
            await stage.reconfigure()
            caller = await stage.phone.start("12125550100")
            rung = await carrier.rung()
            assert "m=audio" in rung.invite.body
            assert " RTP/AVP 8 101" in rung.invite.body
            rung.answer()
            assert await caller.answered() == 200
            caller.hang_up()

    asyncio.run(play())


def test_one_call_out_too_many_is_no_wrong_number(tmp_path: Path) -> None:
    async def play() -> None:
        dial = "<Dial answerOnBridge='true'><Number>+13105550142</Number></Dial>"
        async with house(tmp_path, dial, trunks=["127.0.0.0/8"]) as stage:
            trunk = {"name": "carrier", "addresses": ["127.0.0.0/8"], "outgoing": "127.0.0.1:9"}
            stage.web.more |= {"trunks": [trunk], "limits": {"prefixes": ["+1"], "calls_out": 0}}
            stage.web.more["accounts"] = {}
            await stage.reconfigure()
            assert (await stage.phone.call("12125550100")).status == 503

    asyncio.run(play())


def test_what_lies_on_disk_only_the_gateway_reads(tmp_path: Path) -> None:
    async def play() -> None:
        async with house(tmp_path) as stage, handset(stage) as alice:
            assert await registers(alice) == 200
        for name in ("config.json", "bindings.json"):
            assert (tmp_path / "voice" / name).stat().st_mode & 0o077 == 0

    asyncio.run(play())


def test_a_trunk_may_answer_challenges_of_others(tmp_path: Path) -> None:
    async def play() -> None:
        async with house(tmp_path, TALK, trunks=["127.0.0.0/8"]) as stage:
            header = 'Authorization: Digest username="x", realm="y", nonce="z", response="0"'
            call = await stage.phone.call("12125550100", headers=(header,))
            assert call.status == 200
            call.hang_up()

    asyncio.run(play())


def test_all_devices_of_a_phone_ring_at_once_by_number_too(tmp_path: Path) -> None:
    async def play() -> None:
        dial = "<Dial timeout='5'><Number>101</Number></Dial>"
        async with (
            house(tmp_path, dial, trunks=["127.0.0.0/8"]) as stage,
            handset(stage) as desk,
            handset(stage) as pocket,
        ):
            assert [await registers(phone) for phone in (desk, pocket)] == [200, 200]
            caller = await stage.phone.start("12125550100")
            first, second = await desk.rung(), await pocket.rung()
            second.answer()
            assert await caller.answered() == 200
            await first.ended()
            assert first.is_cancelled
            caller.hang_up()

    asyncio.run(play())
