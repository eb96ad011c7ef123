"""What a message's panel says: where it stands, who was tried and what came back, what happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from django.db.models import Model, QuerySet

from deskbell.accounts.models import User
from deskbell.delivery.models import UNFINISHED, Delivery, DeliveryState
from deskbell.delivery.queries import deliveries_of
from deskbell.messages.actions import UNDO_SECONDS
from deskbell.messages.models import Activity, ActivityKind, Message, MessageStatus
from deskbell.messages.places import in_words
from deskbell.messages.queries import activities_of
from deskbell.oncall.models import EscalationLevel

from ..oncall.contacts.shown import address_words, icon_of

T = TypeVar("T", bound=Model)
# A message that went round for days has hundreds; all of them are in its proof.
MOST_TRIES: Final = 50
MOST_LINES: Final = 100


@dataclass(frozen=True, slots=True)
class Mark:
    """How something looks: an icon and a tone (one of the badge colours)."""

    icon: str
    tone: str


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
    ActivityKind.NOTE: Mark(icon="note", tone="secondary"),
    ActivityKind.RESUMED: Mark(icon="arrow-back-up", tone="warning"),
    ActivityKind.FORWARDED: Mark(icon="arrow-forward-up", tone="primary"),
}
DELIVERY_TONES = {
    DeliveryState.DELIVERED: "success",
    DeliveryState.FAILED: "danger",
    DeliveryState.RETRYING: "warning",
    DeliveryState.UNANSWERED: "warning",
    DeliveryState.UNDER_WAY: "primary",
}
_GOES_AGAIN: Final = (DeliveryState.FAILED, DeliveryState.UNANSWERED)


@dataclass(frozen=True, slots=True)
class Line:
    """Something that happened, and how it looks."""

    activity: Activity
    mark: Mark


@dataclass(frozen=True, slots=True)
class Try:
    """A delivery, how it looks, and its address without what is secret of it.

    `goes_again` is whether it failed and sending it once more may help.
    """

    delivery: Delivery
    icon: str
    tone: str
    address: str
    goes_again: bool = False


def lines(activities: Sequence[Activity]) -> list[Line]:
    """Activities with their marks."""
    return [Line(each, ACTIVITY_MARKS.get(ActivityKind(each.kind), _QUIET)) for each in activities]


def live_context(message: Message, user: User, *, at: datetime) -> dict[str, Any]:
    """Standing, deliveries and timeline of a message for a person `at` an instant; three queries at
    most."""
    deliveries, has_more_tries = _newest(deliveries_of(message.pk), MOST_TRIES)
    activities, has_more_lines = _newest(activities_of(message), MOST_LINES)
    level = None
    if message.escalation_level_id is not None:
        found = EscalationLevel.objects.select_related("next_level")
        level = found.filter(pk=message.escalation_level_id).first()
    return {
        "message": message,
        "level": level,
        "attempt": message.escalation_counter,
        "is_exhausted": message.status == MessageStatus.EXHAUSTED,
        "tries": _tries(message, deliveries),
        "has_more_tries": has_more_tries,
        "lines": lines(activities),
        "has_more_lines": has_more_lines,
        "acknowledged_where": in_words(message.acknowledged_from, message.acknowledged_address),
        "undo_until": undo_until(message, user, at=at),
    }


def undo_until(message: Message, user: User, *, at: datetime) -> int:
    """The second until which the person may undo their acknowledgement; 0 where they may not."""
    acknowledged_at = message.acknowledged_at
    if message.is_open or acknowledged_at is None or message.before_acknowledged is None:
        return 0
    if message.acknowledged_user_id != user.pk:
        return 0
    until = acknowledged_at + timedelta(seconds=UNDO_SECONDS)
    return int(until.timestamp()) if at < until else 0


def _newest(found: QuerySet[T], most: int) -> tuple[list[T], bool]:
    """The last rows of an ordered list, in its order, and whether there are more before them."""
    rows = list(found.reverse()[: most + 1])
    return rows[:most][::-1], len(rows) > most


def _tries(message: Message, deliveries: Sequence[Delivery]) -> list[Try]:
    made = []
    served: set[int | None] = {None}
    for each in reversed(deliveries):
        can_help = each.state in _GOES_AGAIN and not each.is_over_for(message)
        goes_again = can_help and each.method_id not in served
        if goes_again or each.state in (*UNFINISHED, DeliveryState.DELIVERED):
            served.add(each.method_id)
        tone = DELIVERY_TONES.get(DeliveryState(each.state), "secondary")
        address = address_words(each.kind, each.address)
        made.append(Try(each, icon_of(each.kind), tone, address, goes_again))
    return made[::-1]
