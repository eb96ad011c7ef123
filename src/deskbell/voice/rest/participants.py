"""`Participants`: call somebody into a conference; mute, hold and remove who is in it.

Source: https://www.twilio.com/docs/voice/api/conference-participant-resource
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final, Literal, cast

from multidict import MultiDict

from deskbell.foundation.errors import NotAllowed
from deskbell.rcml.verbs import Conference, Dial, Document
from deskbell.rcml.write import to_xml

from ..call import Call, Origin, Services
from ..conferences import Meeting, Member
from ..outgoing import place
from .asked import ROOT, Answer, Asked, Route
from .conferences import clip_of, meeting_of
from .errors import RestError, not_found, not_now
from .orders import events_of, order_of, too_many
from .resources import page_of

MOST_SHOWN: Final = 1000
MOST_MEMBERS: Final = 250
EVENTS: Final = ("start", "end", "join", "leave", "mute", "hold", "modify", "speaker")
_PATH: Final = "Conferences/{conference:[^/]+?}/Participants"


async def create(asked: Asked) -> Answer:
    """Calls somebody, who joins when they answer: 201 with the participant, who is queued.

    Ours: `Url` is a document that they hear before they join; who hangs up there does not join.
    """
    services = asked.services
    if services.agent.is_draining:
        raise not_now("The gateway is about to stop, and makes no calls any more")
    noun = _noun(asked)
    form = MultiDict(asked.form)
    screening = Origin(asked.url("Url"), asked.one_of("Method", "POST", "GET"))
    form.popall("Url", None)
    form["Twiml"] = to_xml(Document((Dial((noun,)),)))
    order = await order_of(replace(asked, form=form))
    order = replace(order, screening=screening if screening.url else None)
    try:
        call = place(services, order)
    except NotAllowed as error:
        raise too_many(error) from error
    meeting = services.conferences.open(services, asked.account, noun)
    member = meeting.expect(call, noun, label=asked.text("Label"))
    services.board.spawn(_watch(services, meeting, call))
    return Answer(participant_resource(meeting, member), 201)


async def _watch(services: Services, meeting: Meeting, call: Call) -> None:
    await services.board.until_over(call.sid)
    meeting.give_up(call.sid)


def _noun(asked: Asked) -> Conference:
    name = asked.names["conference"]
    meeting = asked.services.conferences.find(asked.account, name)
    beep = asked.one_of("Beep", "true", "false", "onEnter", "onExit")
    wait = asked.text("WaitUrl") if "WaitUrl" in asked.form else None
    events = events_of(asked, "ConferenceStatusCallbackEvent", EVENTS) - {"completed"}
    methods = {
        name: cast(Literal["GET", "POST"], asked.one_of(f"{name}Method", "POST", "GET"))
        for name in ("Wait", "ConferenceStatusCallback", "ConferenceRecordingStatusCallback")
    }
    return Conference(
        meeting.name if meeting is not None else name,
        muted=asked.flag("Muted"),
        beep=cast(Literal["onEnter", "onExit"], beep) if beep.startswith("on") else beep == "true",
        start_on_enter=asked.flag("StartConferenceOnEnter", default=True),
        end_on_exit=asked.flag("EndConferenceOnExit"),
        wait_url=wait,
        wait_method=methods["Wait"],
        max_participants=asked.whole("MaxParticipants", 40, least=2, most=MOST_MEMBERS),
        record=asked.one_of("ConferenceRecord", "", "record-from-start", "true", "false")
        in {"record-from-start", "true"},
        recording_status_callback=asked.url("ConferenceRecordingStatusCallback"),
        recording_status_callback_method=methods["ConferenceRecordingStatusCallback"],
        status_callback=asked.url("ConferenceStatusCallback"),
        status_callback_method=methods["ConferenceStatusCallback"],
        status_callback_event=tuple(sorted(events)),
    )


def participant_resource(meeting: Meeting, member: Member) -> dict[str, Any]:
    """One participant in Twilio's shape."""
    call, noun = member.call, member.noun
    seat = meeting.seats.get(call.sid)
    uri = f"{ROOT}/{meeting.account}/Conferences/{meeting.sid}/Participants/{call.sid}.json"
    at = member.joined.replace("GMT", "+0000")
    return {
        "account_sid": meeting.account,
        "call_sid": call.sid,
        "label": member.label or None,
        "conference_sid": meeting.sid,
        "call_sid_to_coach": None,
        "coaching": False,
        "date_created": at,
        "date_updated": at,
        "muted": seat.is_muted if seat else noun.muted,
        "hold": seat.is_held if seat else False,
        "start_conference_on_enter": seat.starts if seat else noun.start_on_enter,
        "end_conference_on_exit": seat.ends if seat else noun.end_on_exit,
        "status": _status(call, is_in=seat is not None),
        "queue_time": "0",
        "uri": uri,
    }


def _status(call: Call, *, is_in: bool) -> str:
    if is_in:
        return "connected"
    if call.is_over:
        return "complete" if call.status == "completed" else "failed"
    return {"ringing": "ringing", "in-progress": "connecting"}.get(call.status, "queued")


def _member_of(asked: Asked) -> tuple[Meeting, Member]:
    meeting = meeting_of(asked)
    member = meeting.member(asked.names["sid"])
    if member is None:
        raise not_found(asked.path)
    return meeting, member


async def listed(asked: Asked) -> Answer:
    """Who is in a conference."""
    meeting = meeting_of(asked)
    wanted = {
        name: asked.flag(name.capitalize()) if asked.text(name.capitalize()) else None
        for name in ("muted", "hold")
    }
    found = [
        shown
        for member in meeting.members.values()
        if (shown := participant_resource(meeting, member))
        and all(value is None or shown[name] == value for name, value in wanted.items())
    ]
    query = {name: value for name, value in asked.form.items() if name not in {"Page", "PageSize"}}
    size = asked.whole("PageSize", 50, least=1, most=MOST_SHOWN)
    page = asked.whole("Page", 0, most=MOST_SHOWN)
    body = page_of(found, key="participants", path=asked.path, query=query, page=page, size=size)
    return Answer(body)


async def look(asked: Asked) -> Answer:
    """One participant, by the sid of the call or its label."""
    return Answer(participant_resource(*_member_of(asked)))


async def change(asked: Asked) -> Answer:
    """Mutes, holds or tells a participant something, or says that the room closes with it."""
    meeting, member = _member_of(asked)
    sid = member.call.sid
    if sid not in meeting.seats:
        raise RestError(21220, "Participant is not in the conference yet")
    hold_url, announce_url = asked.url("HoldUrl"), asked.url("AnnounceUrl")
    clip = await clip_of(asked, announce_url) if announce_url else b""
    if sid not in meeting.seats:
        raise not_found(asked.path)
    if asked.text("Muted"):
        meeting.mute(member, asked.flag("Muted"))
    if asked.text("EndConferenceOnExit"):
        meeting.seats[sid].ends = asked.flag("EndConferenceOnExit")
    if asked.text("Hold"):
        method = asked.one_of("HoldMethod", "POST", "GET")
        meeting.hold(member, asked.flag("Hold"), Origin(hold_url, method) if hold_url else None)
    if clip:
        member.call.play([clip])
    return Answer(participant_resource(meeting, member))


async def remove(asked: Asked) -> Answer:
    """Sends a participant out, whose call goes on with what follows; ends one still being rung."""
    meeting, member = _member_of(asked)
    if member.call.sid in meeting.seats:
        meeting.kick(member)
    else:
        member.call.end("canceled")
    return Answer(status=204)


ROUTES: Final[tuple[Route, ...]] = (
    ("POST", _PATH, create),
    ("GET", _PATH, listed),
    ("GET", f"{_PATH}/{{sid:[^/]+?}}", look),
    ("POST", f"{_PATH}/{{sid:[^/]+?}}", change),
    ("DELETE", f"{_PATH}/{{sid:[^/]+?}}", remove),
)
