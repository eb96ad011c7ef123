"""Receptionists' phones: orders for every account ring them, and nothing else does.

And what a call to one of our own people counts for.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from deskbell.foundation.digest import ha1_of
from deskbell.foundation.errors import NotAllowed, Refused
from deskbell.voice.remote import Calls, CallsAddress, LimitReached, NewCall, NewParticipant
from deskbell.voice.tests.stage import (
    ACCOUNT,
    NUMBER,
    SECRET,
    Stage,
    WebSide,
    free_port,
    response,
    spoken,
    staged,
    until,
)
from tests.phone import Phone, answers
from tests.phone_messages import authorization

CUSTOMER = "AC" + "7" * 32
REALM = "desk"
SAYS = response("<Say>A call for Acme Dental</Say>")


@asynccontextmanager
async def staffed(folder: Path, *verbs: str) -> AsyncIterator[tuple[Stage, Phone]]:
    """A stage with rita's phone, registered, and a customer who may have one call at once."""
    side = WebSide(free_port())
    side.limits = {"prefixes": ["+1"], "calls_out": 0}
    side.more = {
        "realm": REALM,
        "accounts": {
            ACCOUNT: {"prefixes": ["+1"], "calls_out": 5},
            CUSTOMER: {"prefixes": ["+1212"], "calls_out": 1, "numbers": ["+12125550142"]},
        },
        "phones": [
            {
                "username": "staff-rita",
                "name": "rita",
                "account": ACCOUNT,
                "ha1": ha1_of("staff-rita", REALM, "hers"),
                "staff": True,
            }
        ],
    }
    async with (
        staged(folder, *verbs, web=side) as stage,
        Phone(stage.phone.sip, user="staff-rita") as rita,
    ):
        assert (await rita.register("staff-rita", "hers", domain=REALM)).code == 200
        yield stage, rita


def calls(stage: Stage) -> Calls:
    """The customer's, at the stage's gateway."""
    return Calls(CallsAddress.ours(stage.environment.voice_url, CUSTOMER, SECRET))


def test_an_order_for_a_customer_s_call_rings_a_receptionist(tmp_path: Path) -> None:
    async def play() -> None:
        async with staffed(tmp_path) as (stage, rita):
            order = NewCall("client:staff-rita", "+12125550142", document=SAYS)
            made = await asyncio.to_thread(calls(stage).create, order)
            rung = await rita.rung()
            rung.answer()
            await rung.hears(spoken("A call for Acme Dental"))
            seen = stage.gateway.board.seen(made.sid)
            assert seen is not None
            assert seen.account == CUSTOMER
            assert stage.health["calls_out"] == 0
            joins = NewParticipant("client:staff-rita", "+12125550142", is_staff=True)
            await asyncio.to_thread(calls(stage).add, "Room", joins)
            (await rita.rung()).answer()

    asyncio.run(play())


@pytest.mark.parametrize(
    "noun",
    ["<Client>staff-rita</Client>", "<Client>rita</Client>", "<Sip>sip:staff-rita@desk</Sip>"],
)
def test_no_document_reaches_a_receptionist_s_phone(tmp_path: Path, noun: str) -> None:
    async def play() -> None:
        dial = f'<Dial action="/dialled">{noun}</Dial>'
        async with staffed(tmp_path, dial) as (stage, rita):
            stage.web.pages["/dialled"] = response("<Hangup/>")
            await stage.phone.call(NUMBER)  # of the deployment's own account, which has the phone
            assert (await stage.web.gets("/dialled"))["DialCallStatus"] == "failed"
            assert not rita.taken

    asyncio.run(play())


def test_a_receptionist_s_phone_calls_nobody(tmp_path: Path) -> None:
    async def play() -> None:
        async with staffed(tmp_path, "<Say>Never</Say>") as (stage, rita):
            first = await rita.call(NUMBER)
            assert first.status == 401
            assert first.answer is not None
            proof = authorization(
                first.answer.headers["www-authenticate"][0],
                user="staff-rita",
                password="hers",
                method="INVITE",
                uri=f"sip:{NUMBER}@{rita.sip}",
            )
            again = await rita.call(NUMBER, headers=(f"Authorization: {proof}",))
            assert again.status == 403
            assert not stage.web.of("/voice/incoming")

    asyncio.run(play())


def test_calls_to_our_own_people_do_not_use_up_a_customer_s(tmp_path: Path) -> None:
    async def play() -> None:
        async with (
            staffed(tmp_path) as (stage, _rita),
            Phone(stage.phone.sip, user="carrier", on_call=answers()) as carrier,
        ):
            await stage.calls_out_to(carrier)
            to = calls(stage)

            async def makes(number: str, *, is_staff: bool) -> None:
                order = NewCall(
                    number,
                    "+12125550142",
                    document=response("<Pause length='30'/>"),
                    is_staff=is_staff,
                )
                await asyncio.to_thread(to.create, order)
                rung = await carrier.rung()
                assert rung.invite.headers["from"][0].startswith("<sip:+12125550142@")

            await makes("+12125550151", is_staff=True)
            await makes("+16465550152", is_staff=True)  # where the customer may not call
            await makes("+12125550153", is_staff=False)
            await until(lambda: stage.gateway.board.out_of(CUSTOMER) == 1)
            assert stage.gateway.board.out_of(ACCOUNT) == 2
            with pytest.raises(LimitReached):
                await makes("+12125550154", is_staff=False)
            with pytest.raises(NotAllowed):
                await makes("+442071838750", is_staff=True)
            with pytest.raises(Refused):
                await asyncio.to_thread(
                    to.create, NewCall("client:staff-olivia", NUMBER, document=SAYS)
                )

    asyncio.run(play())
