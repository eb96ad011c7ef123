"""Months of past calls and messages, so that every page looks like a working day, or a large one.

Rows are written directly, and not through actions, because they are the past: nothing may be sent
for them, and a thousand calls have to be there within a second or two.
"""

from __future__ import annotations

import hashlib
import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.core.files.base import ContentFile

from deskbell.accounts.models import Account, PhoneNumber, User
from deskbell.calls.actions import recount
from deskbell.calls.models import Call, CallStatus, Recording, TranscriptState
from deskbell.contacts.models import DeliveryMethod
from deskbell.delivery.models import Delivery, DeliveryState
from deskbell.messages.models import Activity, ActivityKind, Message, MessageStatus
from deskbell.oncall.models import EscalationLevel

from .cast import Business, Caller
from .scale import USUAL, Scale
from .steps import write_steps

DAYS = 150
RECORDINGS_KEPT = timedelta(days=31)
AT_ONCE = 4000  # calls, with all that belongs to them, in memory at a time
LONGEST_STORY = timedelta(minutes=35)  # from the first ring to the last activity
Kind = ActivityKind
_WEEKDAY_HOURS = (8, 9, 9, 10, 10, 10, 11, 11, 13, 14, 14, 15, 15, 16, 17, 19, 22)
_OTHER_HOURS = (2, 7, 9, 10, 11, 14, 16, 20)


@dataclass(frozen=True, slots=True)
class Sound:
    """A spoken message: what is said, and its audio as WAV."""

    text: str
    wav: bytes
    seconds: float


@dataclass(frozen=True, slots=True)
class Setting:
    """What the history of one account is made with."""

    business: Business
    account: Account
    number: PhoneNumber
    level: EscalationLevel
    method: DeliveryMethod
    sounds: dict[str, Sound]
    agent: User
    at: datetime
    scale: Scale = USUAL


@dataclass(slots=True)
class _Story:
    """One message of the past, with all that belongs to it."""

    call: Call
    recording: Recording | None
    message: Message
    deliveries: list[Delivery]
    activities: list[Activity]


def write_history(setting: Setting) -> None:
    """Writes the account's past: calls of 150 days, and messages of as many as its scale says.

    Needs the account's scope. Writes recordings for the last 31 days, as retention would keep.
    """
    chance = random.Random(setting.business.seed)  # noqa: S311 the same demo every time
    for calls, is_last in _batches(_calls(setting, chance)):
        told = [call for call in calls if chance.random() < setting.scale.told]
        newest = {call.sid for call in told[-setting.scale.newest :]} if is_last else set()
        stories = [
            _story(
                setting,
                chance,
                call,
                is_open=call.sid in newest or chance.random() < setting.scale.forgotten,
            )
            for call in told
        ]
        Call.objects.bulk_create(calls)
        write_steps(setting, chance, calls, left_message={story.call.sid for story in stories})
        Recording.objects.bulk_create([story.recording for story in stories if story.recording])
        Message.objects.bulk_create([story.message for story in stories])
        Delivery.objects.bulk_create([row for story in stories for row in story.deliveries])
        Activity.objects.bulk_create([row for story in stories for row in story.activities])
    first = (setting.at - timedelta(days=DAYS + 1)).date()
    recount(account=setting.account, since=first, until=setting.at.date() + timedelta(days=1))


def _batches(calls: Iterator[Call]) -> Iterator[tuple[list[Call], bool]]:
    """The calls in parts of a size, and whether it is the last, which has as many at least."""
    kept: list[Call] = []
    for call in calls:
        kept.append(call)
        if len(kept) == 2 * AT_ONCE:
            yield kept[:AT_ONCE], False
            kept = kept[AT_ONCE:]
    yield kept, True


def _calls(setting: Setting, chance: random.Random) -> Iterator[Call]:
    """From the oldest to the newest."""
    zone = ZoneInfo(setting.account.time_zone)
    today = setting.at.astimezone(zone).date()
    for days_ago in range(DAYS, -1, -1):
        day = today - timedelta(days=days_ago)
        is_weekday = day.isoweekday() < 6
        busy = (setting.business.calls_per_day if is_weekday else 3) * setting.scale.calls
        hours = _WEEKDAY_HOURS if is_weekday else _OTHER_HOURS
        starts = sorted(
            datetime.combine(day, time(chance.choice(hours), chance.randint(0, 59)), zone)
            for _ in range(chance.randint(busy - 2, busy + 3))
        )
        for start in starts:
            if start < setting.at - LONGEST_STORY:
                yield _call(setting, chance, start)


def _call(setting: Setting, chance: random.Random, start: datetime) -> Call:
    caller = chance.choice(setting.scale.callers)
    menu = chance.randint(12, 40)
    talk = chance.randint(40, 260) if chance.random() < 0.3 else 0
    wait = chance.randint(3, 25) if talk else 0
    end = start + timedelta(seconds=menu + wait + talk)
    return Call(
        account=setting.account,
        sid=f"CA{uuid.UUID(int=chance.getrandbits(128)).hex}",
        phone_number=setting.number,
        status=CallStatus.COMPLETED,
        caller_id=caller.phone,
        caller_name=f"{caller.first_name} {caller.last_name}".strip(),
        number_dialed=setting.number.number,
        agent_id=setting.agent.pk if talk else None,
        agent_name=setting.agent.name if talk else "",
        started_at=start,
        agent_answered_at=end - timedelta(seconds=talk) if talk else None,
        hung_up_at=end,
        ended_at=end,
        who_hung_up=chance.choice(("caller", "caller", "system")),
        connection_sec=menu + wait + talk,
        ivr_sec=menu,
        wait_sec=wait,
        talk_sec=talk,
        wrap_sec=10 + talk % 30 if talk else 0,
        quality={"packets_received": menu * 50, "packets_lost": 0, "jitter_ms": 1.2},
        counts_for=setting.number.e164 or setting.number.number,
        counted_on=start.date(),
    )


def _story(setting: Setting, chance: random.Random, call: Call, *, is_open: bool) -> _Story:
    caller = setting.scale.caller_at(call.caller_id)
    reason = chance.choice(setting.business.reasons)
    taken = call.ended_at or call.started_at
    recording = None
    if setting.at - taken < RECORDINGS_KEPT and not call.talk_sec:
        recording = _recording(setting, chance, call, reason)
    if recording is None:
        reason = setting.scale.detailed(reason, chance)
    message = Message(
        account=setting.account,
        uuid=uuid.UUID(int=chance.getrandbits(128), version=4),
        created_at=taken,
        updated_at=taken,
        message_received_date=taken,
        phone_number=setting.number.number,
        caller_id=caller.phone,
        first_name=caller.first_name,
        last_name=caller.last_name,
        company_name=caller.company,
        phone=caller.phone,
        content=reason,
        answers=_answers(call, caller, reason),
        is_emergency="now" in reason or "bleeding" in reason,
        call=call,
        recording=recording,
        did=setting.number,
        origin="desk" if call.talk_sec else "voicemail",
    )
    story = _Story(call, recording, message, [], [])
    _note(story, Kind.TAKEN, "Message taken", taken)
    _deliver(setting, story)
    if is_open and chance.random() < 0.8:
        _exhaust(story)
    else:
        _acknowledge(story, setting.method.contact.name, chance.randint(20, 1500))
    if chance.random() < setting.scale.failed:
        _fail(story)
    message.activities_count = len(story.activities)
    return story


def _answers(call: Call, caller: Caller, reason: str) -> dict[str, str]:
    return {
        "caller_id": call.caller_id,
        "number_dialed": call.number_dialed,
        "existing_client": "Yes" if caller.first_name else "",
        "content": reason,
    }


def _recording(
    setting: Setting, chance: random.Random, call: Call, reason: str
) -> Recording | None:
    sound = setting.sounds.get(reason)
    if sound is None or chance.random() >= setting.scale.recorded:
        return None
    made = Recording(
        account_id=call.account_id,
        call=call,
        seconds=sound.seconds,
        started_at=call.started_at,
        sha256=hashlib.sha256(sound.wav).hexdigest(),
        transcript=sound.text,
        transcript_state=TranscriptState.DONE,
        heard_seconds=sound.seconds,
    )
    made.audio.save(f"{made.sid}.wav", ContentFile(sound.wav), save=False)
    return made


def _note(story: _Story, kind: Kind, text: str, at: datetime, by: str = "") -> None:
    message = story.message
    story.activities.append(
        Activity(account_id=message.account_id, message=message, at=at, kind=kind, text=text, by=by)
    )


def _deliver(setting: Setting, story: _Story) -> None:
    """The first delivery."""
    message, method, level = story.message, setting.method, setting.level
    sent = message.created_at + timedelta(seconds=2)
    contact = method.contact.name
    _note(story, Kind.ESCALATION, f"Attempt 1 on {level.name}", message.created_at)
    _note(story, Kind.DELIVERED, f"{method.kind.title()} to {contact} delivered", sent)
    story.deliveries.append(
        Delivery(
            account_id=message.account_id,
            message=message,
            method=method,
            kind=method.kind,
            address=method.address,
            contact_name=contact,
            level_id=level.pk,
            level_name=level.name,
            state=DeliveryState.DELIVERED,
            tries=1,
            created_at=message.created_at,
            finished_at=sent,
            answer="250 Kept",
        )
    )
    message.status = MessageStatus.DELIVERED
    message.escalation_level_id = level.pk
    message.contact_id = method.contact_id
    message.receiver_name = message.delivered_to = contact
    message.delivered_at = sent


def _fail(story: _Story) -> None:
    """The mail server would not take it."""
    refused = "550 5.1.1 There is no such mailbox"
    for delivery in story.deliveries:
        delivery.state = DeliveryState.FAILED
        delivery.answer = refused
        text = f"{delivery.kind.title()} to {delivery.contact_name} failed: {refused}"
        _note(story, Kind.FAILED, text, delivery.created_at + timedelta(seconds=2))


def _exhaust(story: _Story) -> None:
    """Nobody took it, so far."""
    message = story.message
    message.status = MessageStatus.EXHAUSTED
    ended = message.updated_at = message.created_at + timedelta(minutes=20)
    _note(story, Kind.EXHAUSTED, "Nobody acknowledged; the operator was told", ended)


def _acknowledge(story: _Story, by: str, seconds: int) -> None:
    message = story.message
    at = message.created_at + timedelta(seconds=seconds)
    message.status = MessageStatus.ACKNOWLEDGED
    message.read = True
    message.acknowledged_at = message.updated_at = at
    message.acknowledged_by = by
    message.acknowledged_from = "email"
    text = f"Acknowledged by {by}, by the link in an email"
    _note(story, Kind.ACKNOWLEDGED, text, at, by)
