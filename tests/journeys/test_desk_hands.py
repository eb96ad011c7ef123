"""What a receptionist does with a caller in hand: hold, transfers, live patch, and what follows.

Callers, receptionists and those they call are baresips, which others wrote; each speaks a tone of
its own, so that what somebody hears says who talks to whom.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.backstage import Backstage, backstage
from tests.baresip import Baresip, account, baresip, needs_baresip
from tests.house import House, running_house
from tests.on_call import Clerk, Person, at_phones, clerk
from tests.patience import patience
from tests.phone import Phone
from tests.receptionists import KEY, Hired, go_available, hire, open_reception, phone_of, standing

pytestmark = [pytest.mark.journey, needs_baresip]
RITA, CALLER, OTHER = 440, 900, 700

_PRESS = """
from deskbell.desk.actions import dialling, holding, passing, tasks
from deskbell.desk.models import DeskCall, Receptionist
from deskbell.desk.rules.hands import How
from deskbell.platform.tenancy import account_scope
call = DeskCall.objects.select_related("account").get(pk=given["call"])
with account_scope(call.account_id):
    more = {name: given[name] for name in ("address", "level_id") if name in given}
    if "how" in given:
        passing.pass_on(desk_call=call, how=How(given["how"]), at=now(), **more)
    else:
        module = holding if given["verb"] in ("hold", "unhold", "hang_up") else passing
        getattr(module, given["verb"])(desk_call=call, at=now())
None
"""
_SUBMIT = """
import uuid
from deskbell.desk.actions.forms import submit_form
from deskbell.oncall.models import EscalationLevel
call = DeskCall.objects.get(pk=given["call"])
level = EscalationLevel.objects.get(account_id=call.account_id, name=given["level"])
with account_scope(call.account_id):
    made = submit_form(
        form_uuid=uuid.UUID(given["form"]),
        desk_call=call,
        account_id=call.account_id,
        receptionist=Receptionist.objects.get(pk=given["receptionist"]),
        answers=given["answers"],
        at=now(),
        level_id=level.pk,
    )
made.pk
"""


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    """One of its own: nobody else's calls ring its receptionist."""
    with running_house() as running:
        yield running


@pytest.fixture(scope="module")
def behind(house: House) -> Iterator[Backstage]:
    with backstage(house) as found:
        open_reception(found, wrap=5)
        yield found


@pytest.fixture(scope="module")
def rita(behind: Backstage) -> Hired:
    [found] = hire(behind, "rita")
    return found


@pytest.fixture(scope="module")
def at_work(house: House) -> Iterator[Clerk]:
    with clerk(house) as working:
        yield working


async def soon(condition: Any, why: str, *, within: float = 60.0) -> Any:
    """Waits until `condition()` gives something; gives it."""
    try:
        async with patience(within):
            while not (found := await asyncio.to_thread(condition)):
                await asyncio.sleep(0.2)
            return found
    except TimeoutError:
        raise AssertionError(f"not within {within:g} s: {why}") from None


class Floor:
    """A caller who talks to rita, and what she presses."""

    def __init__(self, house: House, behind: Backstage, rita: Hired) -> None:
        self.house, self.behind, self.rita = house, behind, rita
        self.id = 0
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Floor:
        await self._stack.__aenter__()
        return self

    async def __aexit__(self, *error: Any) -> None:
        await self._stack.__aexit__(*error)

    async def open(self, folder: Path) -> tuple[Baresip, Baresip]:
        """Rita and a caller, who hear each other."""
        desk = await self._stack.enter_async_context(
            phone_of(self.house, folder / "rita", self.rita, hertz=RITA)
        )
        line = account("caller", "127.0.0.1", "", proxy=self.house.sip, regint="0")
        caller = await self._stack.enter_async_context(
            baresip(folder / "caller", line, hertz=CALLER)
        )
        before = self._newest()
        await asyncio.to_thread(go_available, self.behind, self.rita)
        number = self.house.account["numbers"][0]["number"]
        caller.do("dial", f"sip:{number}@{self.house.sip}")
        await caller.sees("CALL_ESTABLISHED")
        async with patience(60):
            while await asyncio.to_thread(self._newest) == before:
                await asyncio.sleep(2)
                caller.do("sndcode", KEY)
        self.id = self._newest()
        await soon(lambda: self.state() == "in_hand", "rita has the call")
        await caller.hears_soon(RITA)
        await desk.hears_soon(CALLER)
        return desk, caller

    async def phone(self, folder: Path, extension: str = "101") -> tuple[Baresip, str]:
        """A SIP phone of the account, which answers by itself; and its user name."""
        told = next(each for each in self.house.account["phones"] if each["extension"] == extension)
        line = account(
            told["username"],
            "deskbell",
            told["password"],
            proxy=self.house.sip,
            answermode="auto",
        )
        made = await self._stack.enter_async_context(baresip(folder, line, hertz=OTHER))
        await made.says("200 OK")
        return made, told["username"]

    def _newest(self) -> int:
        [(found,)] = self.house.rows("SELECT coalesce(max(id), 0) FROM desk_deskcall")
        return int(found)

    def state(self) -> str:
        [(found,)] = self.house.rows("SELECT state FROM desk_deskcall WHERE id = %s", self.id)
        return str(found)

    def stages(self) -> list[str]:
        """The stages of the call's record, in their order."""
        rows = self.house.rows(
            "SELECT s.stage FROM calls_stageofcall s JOIN desk_deskcall d ON d.call_id = s.call_id"
            " WHERE d.id = %s ORDER BY s.id",
            self.id,
        )
        return [stage for (stage,) in rows]

    def parties(self) -> list[tuple[str, str]]:
        """Who was called into the call: where they stand, and why it came to nothing."""
        statement = "SELECT state, words FROM desk_party WHERE desk_call_id = %s ORDER BY id"
        return self.house.rows(statement, self.id)

    async def press(self, verb: str) -> None:
        await asyncio.to_thread(self.behind.do, _PRESS, call=self.id, verb=verb)

    async def pass_on(self, how: str, **to: Any) -> None:
        await asyncio.to_thread(self.behind.do, _PRESS, call=self.id, how=how, **to)

    async def away_again(self) -> None:
        """Waits until rita has written it down, so that the next test finds her free."""
        await soon(lambda: standing(self.house, self.rita) != "wrapping", "rita is free again")


def test_hold_and_an_announced_transfer(
    house: House, behind: Backstage, rita: Hired, tmp_path: Path
) -> None:
    async def play() -> None:
        async with Floor(house, behind, rita) as floor:
            desk, caller = await floor.open(tmp_path)
            await floor.press("hold")
            await soon(lambda: not caller.hears(RITA), "the caller hears music")
            await floor.press("hold")  # pressed twice
            await floor.press("unhold")
            await caller.hears_soon(RITA)

            alice, username = await floor.phone(tmp_path / "alice")
            await floor.pass_on("announced", address=username)
            await alice.hears_soon(RITA)
            await desk.hears_soon(OTHER)
            await soon(lambda: not caller.hears(RITA), "the caller hears music again")
            assert not caller.hears(OTHER)

            await floor.press("complete")
            await caller.hears_soon(OTHER)
            await alice.hears_soon(CALLER)
            await desk.sees("CALL_CLOSED")
            assert floor.state() == "passed_on"
            alice.do("hangup")
            await caller.sees("CALL_CLOSED")
            await soon(lambda: floor.state() in {"wrapping", "over"}, "the call is over")
            told = floor.stages()
            wanted = ["wait", "talk", "hold", "talk", "hold", "conference", "transfer"]
            assert told[: len(wanted)] == wanted, told
            await floor.away_again()

    asyncio.run(play())


def test_a_blind_transfer_to_a_busy_number_comes_back(
    house: House, behind: Backstage, rita: Hired, tmp_path: Path
) -> None:
    async def play() -> None:
        async with Floor(house, behind, rita) as floor:
            desk, caller = await floor.open(tmp_path)
            told = next(each for each in house.account["phones"] if each["extension"] == "102")
            async with Phone(house.sip, user=told["username"]) as busy:
                assert (await busy.register(busy.user, told["password"])).code == 200
                await floor.pass_on("blind", address=told["username"])
                (await busy.rung(within=30)).refuse(486)
                await desk.sees("CALL_CLOSED")
                await soon(lambda: floor.parties()[-1][0] == "failed", "it came to nothing")
            assert "busy" in floor.parties()[-1][1]
            await soon(lambda: floor.state() == "in_hand", "rita has the caller again")
            await caller.hears_soon(RITA)
            await floor.press("hang_up")
            await caller.sees("CALL_CLOSED")
            told_stages = ["wait", "talk", "transfer", "wait", "talk"]
            assert floor.stages()[: len(told_stages)] == told_stages, floor.stages()
            await floor.away_again()

    asyncio.run(play())


def test_a_live_patch_rings_those_on_call_until_one_takes_the_caller(
    house: House, behind: Backstage, rita: Hired, at_work: Clerk, tmp_path: Path
) -> None:
    alice, bob = Person("Alice", "patch-alice"), Person("Bob", "patch-bob")
    at_work.level("Patched", [alice, bob])
    [(level_id,)] = house.rows("SELECT id FROM oncall_escalationlevel WHERE name = 'Patched'")

    async def play() -> None:
        async with (
            Floor(house, behind, rita) as floor,
            at_phones(house, at_work, alice, bob) as [first, second],
        ):
            desk, caller = await floor.open(tmp_path)
            await floor.pass_on("live_patch", level_id=level_id)
            (await first.rung(within=30)).refuse(486)
            call = await second.rung(within=30)
            call.answer()
            await call.acknowledged()
            async with patience(60):
                while floor.state() != "passed_on":
                    await asyncio.sleep(3)
                    call.press("1")
            await desk.sees("CALL_CLOSED")
            assert [state for state, _ in floor.parties()] == ["failed", "talking"]
            assert not caller.hears(RITA)
            call.hang_up()
            await caller.sees("CALL_CLOSED")
            assert floor.stages()[:4] == ["wait", "talk", "hold", "transfer"], floor.stages()
            await floor.away_again()

    asyncio.run(play())


def test_a_call_becomes_a_message_that_escalates(
    house: House, behind: Backstage, rita: Hired, at_work: Clerk, tmp_path: Path
) -> None:
    alice = Person("Alice", "told-alice")
    at_work.level("Told", [alice])

    async def play() -> None:
        async with (
            Floor(house, behind, rita) as floor,
            at_phones(house, at_work, alice) as [phone],
        ):
            desk, caller = await floor.open(tmp_path)
            caller.do("hangup")
            await desk.sees("CALL_CLOSED")
            await soon(lambda: floor.state() in {"wrapping", "over"}, "it is written down")
            answers = {
                "reason": "Something else",
                "first_name": "Ada",
                "phone": "+1 212 555 0188",
                "content": "The pump leaks",
            }
            form = "6f0f5b8e-5c59-4c5c-9d0c-0d1a3f0e7b52"
            given = {"level": "Told", "answers": answers, "receptionist": rita.id, "form": form}
            message = await asyncio.to_thread(behind.do, _SUBMIT, call=floor.id, **given)
            again = await asyncio.to_thread(behind.do, _SUBMIT, call=floor.id, **given)
            assert message == again
            call = await phone.rung(within=40)
            call.answer()
            [(agent_id,)] = house.rows(
                "SELECT agent_id FROM deskbell_messages_message WHERE id = %s", message
            )
            assert agent_id == rita.user_id
            call.hang_up()
            await floor.away_again()

    asyncio.run(play())
