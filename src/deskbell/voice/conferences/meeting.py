"""One conference that takes place: its room, its members, and everything that is done to them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from deskbell.foundation.sids import new_sid
from deskbell.rcml.verbs import Conference

from ..call import Call, Origin, Services
from ..call.report import timestamp
from .notices import ConferenceNotices, of_member
from .recording import RoomRecording
from .rules import MemberState, Reason, Seat, Seats


@dataclass(slots=True, eq=False)
class Member:
    """A call in a conference. `changed` is set whenever its state is another one."""

    call: Call
    noun: Conference
    label: str = ""
    hold_with: Origin | None = None
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    joined: str = field(default_factory=timestamp)


class Meeting:
    """A conference called `name` of an account; `close(meeting)` is called when it is over.

    Where it calls back is what the first member's noun says; its URLs are absolute.
    """

    def __init__(
        self,
        services: Services,
        account: str,
        noun: Conference,
        *,
        close: Callable[[Meeting], None],
    ) -> None:
        # a transfer of ours names its conference by a sid, which is then its own
        is_sid = noun.name.startswith("CF") and len(noun.name) == 34
        self.sid = noun.name if is_sid else new_sid("CF")
        self.name = noun.name
        self.account = account
        self.noun = noun
        self.began = timestamp()
        self.changed = self.began
        self.reason: Reason | None = None
        self.ended_by = ""
        self.seats = Seats()
        self.members: dict[str, Member] = {}
        self.expected: dict[str, Member] = {}
        self._services = services
        self._close = close
        facts = {"ConferenceSid": self.sid, "FriendlyName": self.name, "AccountSid": account}
        self._notices = ConferenceNotices(
            services.spool,
            noun.status_callback,
            noun.status_callback_method,
            noun.status_callback_event,
            facts,
        )
        self._recording = RoomRecording(services, facts)
        self._room = services.media.open_room(self._recording.take)

    @property
    def status(self) -> str:
        """`init` until it has begun, `in-progress`, `completed`."""
        if self.reason is not None:
            return "completed"
        return "in-progress" if self.seats.has_begun else "init"

    @property
    def facts(self) -> dict[str, str]:
        """What requests of a member's waiting document say of the conference."""
        return {"ConferenceSid": self.sid, "FriendlyName": self.name}

    def state(self, member: Member) -> MemberState:
        """What a member does now."""
        return self.seats.state(member.call.sid)

    # What members do

    def expect(self, call: Call, noun: Conference, *, label: str = "") -> Member:
        """Somebody is being called who is to join."""
        member = self.expected[call.sid] = Member(call, noun, label)
        return member

    def give_up(self, sid: str) -> None:
        """Who was expected does not come; where nobody else is there, it is over."""
        if self.expected.pop(sid, None) is not None and not self.members and not self.expected:
            self.end("last-participant-left")

    def member(self, sid: str) -> Member | None:
        """The member or who is expected as one, by the sid of its call or by its label."""
        everybody = self.members | self.expected
        found = everybody.get(sid)
        return found or next((one for one in everybody.values() if one.label == sid), None)

    def enter(self, call: Call, noun: Conference) -> Member:
        """Takes a call in. Raises Full."""
        seat = Seat(noun.start_on_enter, noun.end_on_exit, noun.muted)
        begins = self.seats.enter(call.sid, seat, most=noun.max_participants)
        member = self.expected.pop(call.sid, None) or Member(call, noun)
        self.members[call.sid] = member
        call.trace.note("enters", room=self.name, conference=self.sid)
        if begins:
            self._notices.tell("conference-start", {})
        self._record()
        self._notices.tell("participant-join", of_member(call, seat))
        if noun.beep in (True, "onEnter"):
            self._beep()
        self._wake()
        return member

    def _record(self) -> None:
        """Records the talk for the first of those in it whose call is to be recorded, whoever came
        in before."""
        wants = (one for one in self.members.values() if one.noun.record)
        first = next(wants, None)
        if first is not None and self.seats.has_begun:
            self._recording.begin(self._room, first.call, first.noun)

    def leave(self, member: Member, *, is_kicked: bool = False) -> None:
        """Lets a member go; where it held the conference, that is over."""
        sid = member.call.sid
        if self.members.pop(sid, None) is None:
            return
        seat = self.seats[sid]
        reason = self.seats.leave(sid, is_kicked=is_kicked)
        if member.call.has_leg:
            self._room.leave(member.call.leg)
        member.call.trace.note("leaves", room=self.name)
        self._notices.tell("participant-leave", of_member(member.call, seat))
        member.changed.set()
        if reason is not None:
            self.end(reason, by=sid)
            return
        if member.noun.beep in (True, "onExit"):
            self._beep()
        self._wake()

    def talk(self, member: Member) -> None:
        """Has a member hear and be heard, as its seat says."""
        leg = member.call.leg
        leg.stop_playing()
        self._room.join(leg, muted=self.seats[member.call.sid].is_muted)

    def wait(self, member: Member) -> None:
        """Takes a member out of the talk, without letting it go."""
        self._room.leave(member.call.leg)

    # What is done to them

    def mute(self, member: Member, is_muted: bool) -> None:
        """Has nobody hear a member, or everybody again."""
        seat = self.seats[member.call.sid]
        if seat.is_muted == is_muted:
            return
        seat.is_muted = is_muted
        self._room.mute(member.call.leg, is_muted)
        self._tell_of(member, "participant-mute" if is_muted else "participant-unmute")

    def hold(self, member: Member, is_held: bool, document: Origin | None = None) -> None:
        """Has a member wait, with `document` or music, or takes it back into the talk."""
        seat = self.seats[member.call.sid]
        member.hold_with = document
        if seat.is_held == is_held:
            return
        seat.is_held = is_held
        self._tell_of(member, "participant-hold" if is_held else "participant-unhold")
        member.changed.set()

    def kick(self, member: Member) -> None:
        """Sends a member out: its call goes on with what follows its Dial."""
        self.leave(member, is_kicked=True)

    def end(self, reason: Reason, *, by: str = "") -> None:
        """Sends everybody out. A second call does nothing."""
        if self.reason is not None:
            return
        self.reason, self.ended_by, self.changed = reason, by, timestamp()
        self._recording.end(self._room)
        for member in list(self.members.values()):
            self.leave(member)
        for member in self.expected.values():
            member.call.end("canceled")
        told = {"ReasonConferenceEnded": str(reason)}
        if by:
            told["CallSidEndingConference"] = by
        self._notices.tell("conference-end", told | self._recording.told())
        self._close(self)

    def announce(self, clip: bytes) -> None:
        """Plays `clip` to all who talk."""
        self._room.play([clip])

    def shut(self) -> None:
        """Gives the room back."""
        self._room.close()

    def _tell_of(self, member: Member, event: str) -> None:
        self.changed = timestamp()
        member.call.trace.note(event.replace("-", "_"), room=self.name)
        self._notices.tell(event, of_member(member.call, self.seats[member.call.sid]))

    def _beep(self) -> None:
        if self.seats.has_begun:
            self._room.play([self._services.sounds.beep])

    def _wake(self) -> None:
        for member in self.members.values():
            member.changed.set()
