"""What a message's panel says: where it stands, who was tried and what came back, what happened."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from deskbell.accounts.queries import can_hear_recordings
from deskbell.delivery.models import Delivery, DeliveryState
from deskbell.delivery.queries import deliveries_of
from deskbell.foundation.numbers import for_people
from deskbell.messages.models import Activity, ActivityKind, Message, MessageStatus
from deskbell.messages.places import in_words
from deskbell.messages.queries import activities_of
from deskbell.oncall.models import EscalationLevel
from deskbell.oncall.queries import levels

from ..oncall.contacts.shown import address_words, icon_of
from ..tenancy import PortalRequest


@dataclass(frozen=True, slots=True)
class Mark:
    """How something looks: an icon and a tone (one of the badge colours)."""

    icon: str
    tone: str


_NUMBER = re.compile(r"\+?[0-9]{10,15}")
_QUIET = Mark(icon="point", tone="secondary")
ACTIVITY_MARKS = {
    ActivityKind.TAKEN: Mark(icon="message-plus", tone="primary"),
    ActivityKind.ESCALATION: Mark(icon="stairs-up", tone="secondary"),
    ActivityKind.DELIVERED: Mark(icon="send", tone="primary"),
    ActivityKind.RETRY: Mark(icon="refresh", tone="warning"),
    ActivityKind.FAILED: Mark(icon="alert-triangle", tone="danger"),
    ActivityKind.ACKNOWLEDGED: Mark(icon="circle-check", tone="success"),
    ActivityKind.EXHAUSTED: Mark(icon="bell-off", tone="danger"),
    ActivityKind.READ: Mark(icon="eye", tone="secondary"),
}
DELIVERY_TONES = {
    DeliveryState.DELIVERED: "success",
    DeliveryState.FAILED: "danger",
    DeliveryState.RETRYING: "warning",
    DeliveryState.UNANSWERED: "warning",
    DeliveryState.UNDER_WAY: "primary",
}


REPEATED = {"caller_id", "number_dialed"}


@dataclass(frozen=True, slots=True)
class Line:
    """Something that happened, and how it looks."""

    activity: Activity
    mark: Mark


@dataclass(frozen=True, slots=True)
class Try:
    """A delivery, how it looks, and its address without what is secret of it."""

    delivery: Delivery
    icon: str
    tone: str
    address: str


def lines(activities: Sequence[Activity]) -> list[Line]:
    """Activities with their marks."""
    return [Line(each, ACTIVITY_MARKS.get(ActivityKind(each.kind), _QUIET)) for each in activities]


def proof_context(message: Message) -> dict[str, Any]:
    """Standing, deliveries and timeline of a message: three queries at most."""
    tries = [
        Try(
            each,
            icon_of(each.kind),
            DELIVERY_TONES.get(DeliveryState(each.state), "secondary"),
            address_words(each.kind, each.address),
        )
        for each in deliveries_of(message.pk)
    ]
    level = None
    if message.escalation_level_id is not None:
        found = EscalationLevel.objects.select_related("next_level")
        level = found.filter(pk=message.escalation_level_id).first()
    return {
        "message": message,
        "level": level,
        "attempt": message.escalation_counter,
        "is_exhausted": message.status == MessageStatus.EXHAUSTED,
        "tries": tries,
        "lines": lines(list(activities_of(message))),
        "acknowledged_where": in_words(message.acknowledged_from, message.acknowledged_address),
    }


def answers_of(message: Message) -> list[tuple[str, str]]:
    """The script's answers in its order, with words for names.

    Left out are the empty ones, and those that say again what the panel shows above them.
    """
    shown = {for_people(number) for number in (message.phone, _called(message)) if number}
    said = {
        name: _readable(str(value))
        for name, value in (message.answers or {}).items()
        if str(value).strip() and name != "content"
    }
    return [
        (name.replace("_", " ").capitalize(), value)
        for name, value in said.items()
        if not (name in REPEATED and value in shown)
    ]


def _called(message: Message) -> str:
    return message.did.number if message.did else ""


def _readable(value: str) -> str:
    return for_people(value) if _NUMBER.fullmatch(value) else value


def panel_context(request: PortalRequest, message: Message) -> dict[str, Any]:
    """All that the panel shows of a message."""
    recording = message.recording
    return proof_context(message) | {
        "answers": answers_of(message),
        "recording": recording,
        "has_audio": bool(recording and recording.audio),
        "may_hear": bool(recording) and can_hear_recordings(request.user, request.account),
        "send_to_levels": list(levels()) if message.is_open else [],
    }
