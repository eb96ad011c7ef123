"""Dial: rings phones for a caller, connects who answers first and accepts, and says how it went.

Source: RCML reference, sections 6 and 6a. Who wins is decided in `progress.Race`; here is what is
done about it. All that happens arrives in the caller's inbox: changes of the calls that ring, ends
of screenings, keys, transfers.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin

from deskbell.foundation.errors import NotAllowed
from deskbell.rcml.verbs import Conference, Dial, Number

from .. import tones
from ..bridging import Bridge
from ..call import Call, CallEnded, Changed, Event, HangUp, Interrupted, Key, Refusal, Told
from ..call.status import TAKEN_ELSEWHERE
from ..media import Played
from ..pages import NoPage, Page, next_page
from ..progress import Command, Race
from ..routes import TooManyCalls
from ..spool import Parcel
from ..transfers import Transfers
from .callees import Callee, Phone, address_of, find, ring
from .conferencing import confer
from .dial_recording import DialRecording
from .ringback import Ringback
from .screening import accepts

DIGITS_SECONDS: Final = 30.0
LOOK_SECONDS: Final = 0.5  # how often we look whether the caller is still there
NO_ANSWER: Final = 480
FORBIDDEN: Final = 403
TOO_MANY: Final = 503
_REASONS: Final = {"canceled": "canceled", "no-answer": "no_answer"}


@dataclass(frozen=True, slots=True)
class _Screened:
    """The callee of branch `branch` came to an end of its document."""

    branch: int
    accepts: bool


async def dial(call: Call, verb: Dial, page: Page) -> Page | None:
    """Connects the caller, or not, and asks the action what is next; without one the next verb.

    A caller who leaves ends it all, and the action hears of that too. Raises CallEnded, Redirected,
    Refusal, HangUp, NoPage, InvalidInput.
    """
    rooms = [noun for noun in verb.nouns if isinstance(noun, Conference)]
    if rooms:
        return await _confer(call, verb, rooms[0], page)
    if not verb.answer_on_bridge:
        await call.answer()
    dialling = Dialling(call, verb, page)
    try:
        await dialling.run()
    except CallEnded:
        dialling.lose_caller()
        dialling.tidy()
        await _owe(call, verb, page, dialling)
        raise
    except Interrupted:
        dialling.tidy()
        await dialling.recording.settle()
        raise
    finally:
        dialling.tidy()
    if dialling.has_transferred:
        await _owe(call, verb, page, dialling)
        raise HangUp
    told = dialling.told() | await dialling.recording.told()
    try:
        following = await _after(call, verb, page, told)
    finally:
        await dialling.recording.settle()
    if following is None and _is_refused(call, verb, page, dialling):
        raise Refusal(dialling.sip_code or NO_ANSWER)
    return following


async def _confer(call: Call, verb: Dial, noun: Conference, page: Page) -> Page | None:
    """As `dial`, for a room; one that is full has the next verb run."""
    try:
        told = await confer(call, verb, noun, page)
    except CallEnded:
        if verb.action:
            fields = call.fields() | {"DialCallStatus": "completed"}
            url = urljoin(page.url, verb.action)
            call.services.spool.send(Parcel("form", url, verb.method, fields))
        raise
    return None if told is None else await _after(call, verb, page, told)


def _is_refused(call: Call, verb: Dial, page: Page, dialling: Dialling) -> bool:
    """Whether the callee's refusal is the caller's: nothing stands behind a Dial of that kind."""
    is_last = page.document.verbs[-1] is verb
    return is_last and not call.is_answered and dialling.race.status() != "completed"


async def _after(call: Call, verb: Dial, page: Page, told: dict[str, str]) -> Page | None:
    """What the action says; where it cannot be had, the spool goes on telling it."""
    if not verb.action:
        return None
    url = urljoin(page.url, verb.action)
    try:
        return await next_page(call, verb.method, url, told)
    except (NoPage, Interrupted):
        call.services.spool.send(Parcel("form", url, verb.method, call.fields() | told))
        raise


async def _owe(call: Call, verb: Dial, page: Page, dialling: Dialling) -> None:
    """Has the spool tell the action: nobody waits for its answer any more."""
    told = dialling.told() | await dialling.recording.told()
    if verb.action:
        fields = call.fields() | told
        url = urljoin(page.url, verb.action)
        call.services.spool.send(Parcel("form", url, verb.method, fields))
    await dialling.recording.settle()


class Dialling:
    """One Dial of one caller, from the first ring to the last word."""

    def __init__(self, call: Call, verb: Dial, page: Page) -> None:
        self.race = Race([])
        self.recording = DialRecording(call, verb, page)
        self._call = call
        self._verb = verb
        self._page = page
        self._callees: list[Callee] = []
        self._children: list[Call | None] = []
        self._last: Call | None = None  # who is told of
        self._child: Call | None = None  # who is connected
        self._bridge: Bridge | None = None
        self._ringback = Ringback(call, verb, page, is_single=True)
        self._screenings: dict[int, asyncio.Task[None]] = {}
        self._transfers = Transfers(call, verb, page.url)
        self._rang_at = time.monotonic()
        self._rang = 0.0
        self._music = b""

    # The whole

    async def run(self) -> None:
        """Rings, connects, and waits for the end. Raises Interrupted, Refusal."""
        phones = [noun for noun in self._verb.nouns if not isinstance(noun, Conference)]
        await self._call_all(phones)
        self._music = await asyncio.to_thread(tones.music)
        await self._ringback.begin()
        self.recording.ringing()
        try:
            await self._ring()
        finally:
            self._rang = time.monotonic() - self._rang_at
        if self._child is not None:
            await self._talk(self._child)

    def lose_caller(self) -> None:
        """The caller has left: so that is how it came out, unless they talked."""
        self._obey(self.race.loses_caller())

    def tidy(self) -> None:
        """Ends what the Dial began; a second call does nothing."""
        self._ringback.end()
        if self._bridge is not None:
            self._bridge.close()
            self._bridge = None
        self._transfers.close()
        for at in tuple(self._screenings):
            self._stop_screening(at)
        for child in self._children:
            if child is not None:
                child.end("canceled")
                self._call.unwatch(child)
        self._children = [None] * len(self._children)

    # How it went

    @property
    def has_transferred(self) -> bool:
        """Whether the caller has left by sending the callee elsewhere."""
        return self._transfers.by_caller

    @property
    def sip_code(self) -> int:
        """The SIP code of the callee that is told of, 0 where there is none."""
        at = self.race.shown()
        return self.race.code(at) if at is not None else 0

    def told(self) -> dict[str, str]:
        """What the action learns (RCML reference, section 6)."""
        found = {
            "DialCallStatus": self.race.status(),
            "DialBridged": "false" if self.race.winner is None else "true",
            "DialRingDuration": str(round(self._rang)),
        }
        child = self._last
        if child is not None:
            found |= {"DialCallSid": child.sid, "DialCallDuration": str(round(child.seconds))}
            if child.sip_call_id:
                found["DialSipCallId"] = child.sip_call_id
            if child.sip_code:
                found["DialSipResponseCode"] = str(child.sip_code)
        return found

    # Ringing

    async def _call_all(self, phones: Sequence[Phone]) -> None:
        self._callees = await self._call.patiently(self._find(phones), only_to_hear=True)
        self._call.check()
        self.race = Race([bool(callee.noun.url) for callee in self._callees])
        self._ringback = Ringback(
            self._call, self._verb, self._page, is_single=len(self._callees) == 1
        )
        self._rang_at = time.monotonic()
        for at, callee in enumerate(self._callees):
            try:
                child = ring(self._call, callee, self._verb, self._page)
            except NotAllowed as error:
                self._call.trace.warn("not_called", to=address_of(callee.noun), why=error)
                self._children.append(None)
                code = TOO_MANY if isinstance(error, TooManyCalls) else FORBIDDEN
                self._obey(self.race.ends(at, "failed", code))
            else:
                self._children.append(child)
                self._last = child

    async def _find(self, phones: Sequence[Phone]) -> list[Callee]:
        """All at once: a name that the DNS is slow about takes 3 s, however many there are."""
        found = await asyncio.gather(*(find(self._call, noun) for noun in phones))
        return [callee for callees in found for callee in callees]

    async def _ring(self) -> None:
        """Until somebody is to be connected, or nobody is left."""
        end = time.monotonic() + self._verb.timeout
        is_late = False
        while self._child is None and self.race.is_ringing:
            left = None if is_late else max(0.0, end - time.monotonic())
            event = await self._call.next_event(left)
            if event is None:
                is_late = True
                self._obey(self.race.times_out())
            else:
                self._take(event)

    def _take(self, event: Event) -> None:
        if isinstance(event, Changed) and event.call in self._children:
            self._take_change(self._children.index(event.call), event)
        elif isinstance(event, Told) and isinstance(event.what, _Screened):
            at = event.what.branch
            race = self.race
            self._obey(race.accepts(at) if event.what.accepts else race.declines(at))

    def _take_change(self, at: int, event: Changed) -> None:
        child = event.call
        if event.is_redirected:  # somebody has other plans with the callee
            self._children[at] = None
            self._stop_screening(at)
            self._obey(self.race.ends(at, "failed"))
        elif child.is_over:
            self._obey(self.race.ends(at, child.status, child.sip_code))
            self._ringback.again()
        elif event.status == "ringing":
            self._ringback.hear(child)
        elif event.status == "in-progress":
            self._obey(self.race.answers(at))

    def _obey(self, commands: Sequence[Command]) -> None:
        for command in commands:
            child = self._children[command.branch]
            if child is None:
                continue
            if command.act == "end":
                child.end(self._reason(command.branch))
            elif command.act == "bridge":
                self._child = self._last = child
            else:
                work = self._screen(command.branch, child)
                self._screenings[command.branch] = asyncio.create_task(work)

    def _reason(self, at: int) -> str:
        """Why branch `at` is ended: most often somebody else was quicker."""
        status = self.race.status_of(at)
        if status == "canceled" and self.race.winner is not None:
            return TAKEN_ELSEWHERE
        return _REASONS.get(status, "dial_over")

    async def _screen(self, at: int, child: Call) -> None:
        self._ringback.again()
        is_taken = await accepts(child, self._callees[at].noun, self._page)
        self._call.tell(_Screened(at, is_taken))

    # Talking

    async def _talk(self, child: Call) -> None:
        await self._send_digits(child)
        await self._call.answer()
        self._ringback.end()
        self._connect(child)
        self.recording.talking()
        end = time.monotonic() + self._verb.time_limit
        while self._child is not None:
            event = await self._call.next_event(max(0.0, end - time.monotonic()))
            if event is None:
                self._call.trace.note("time_limit", seconds=self._verb.time_limit)
                self._over(self._child, "time_limit")
            else:
                self._take_in_talk(event, self._child)

    def _connect(self, child: Call) -> None:
        keeps_keys = self._verb.hangup_on_star
        self._bridge = Bridge(self._call, child, music=self._music, keeps_keys=keeps_keys)
        self._bridge.open()
        self._transfers.watch(child)

    def _take_in_talk(self, event: Event, child: Call) -> None:
        if isinstance(event, Key) and event.key == "*" and self._verb.hangup_on_star:
            self._over(child, "hangup_on_star")
        elif isinstance(event, Changed) and event.call is child:
            if event.is_redirected or child.is_over:
                self._over(child, "", is_kept=event.is_redirected)
        else:
            self.recording.take(event)

    def _over(self, child: Call, why: str, *, is_kept: bool = False) -> None:
        """The talk with `child` is over; one that is kept goes on elsewhere."""
        if self._bridge is not None:
            self._bridge.close()
            self._bridge = None
        at = self._children.index(child)
        self._obey(self.race.ends(at, "completed"))
        if is_kept:
            self._call.unwatch(child)
            self._children[at] = None
        elif not child.is_over:
            child.end(why)
        self._child = None

    async def _send_digits(self, child: Call) -> None:
        """Presses the noun's keys before anybody is connected; the caller goes on waiting."""
        noun = self._callees[self._children.index(child)].noun
        digits = noun.send_digits if isinstance(noun, Number) else ""
        if not digits:
            return
        play_id = child.leg.send_digits(digits)
        child.trace.note("sends_digits", digits=digits)
        try:
            async with asyncio.timeout(DIGITS_SECONDS):
                await self._until_pressed(child, play_id)
        except TimeoutError:
            child.trace.warn("digits_took_too_long")
        except Interrupted:
            return

    async def _until_pressed(self, child: Call, play_id: int) -> None:
        """Raises Interrupted also where the caller has left meanwhile."""
        while True:
            self._call.check()
            event = await child.next_event(LOOK_SECONDS)
            if isinstance(event, Played) and event.play_id == play_id:
                return

    def _stop_screening(self, at: int) -> None:
        """Two documents must not act for one call."""
        task = self._screenings.pop(at, None)
        if task is not None:
            task.cancel()
