"""What one desk shows: the call that rings or is in hand, its form, and what is known beside it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from django.urls import reverse
from django.utils import timezone

from deskbell.delivery.models import Delivery
from deskbell.desk.models import DeskCall, DeskCallKind, DeskCallState, Form, Receptionist
from deskbell.desk.queries import AtDesk
from deskbell.desk.queries.forms import Shown, form_to_fill, forms_of
from deskbell.desk.rules.hands import Hand
from deskbell.foundation.numbers import for_people
from deskbell.messages.models import Message
from deskbell.oncall.models import EscalationLevel
from deskbell.platform.tenancy import account_scope
from deskbell.scripts.queries import content_of, script_for
from deskbell.scripts.rules import Content, Faq, Spoken, said

from ..context import initials_of
from ..shared import Shared
from .about import about_context
from .hands import InHand, call_of, in_hand, zone_of
from .mine import RESULTS, my_tasks
from .queue import company_of, number_of

UNSENT_FOR: Final = timedelta(days=7)
MOST_UNSENT: Final = 10
_RUNG: Final[Shared[tuple[dict[str, Any], Content]]] = Shared()
_RUNG_SECONDS: Final = 5
DISPOSITIONS: Final = (
    "Message taken",
    "Transferred",
    "Answered a question",
    "Wrong number",
    "Unwanted call",
    "Caller hung up",
)
HANDS: Final = {
    Hand.DIALLING: "Calling",
    Hand.TALKING: "Talking",
    Hand.HELD: "On hold: the caller hears music",
    Hand.CALLING: "The caller hears music while {party} is called",
    Hand.CONSULTING: "You talk with {party}; the caller hears music",
    Hand.CONFERRING: "You, the caller and {party} talk",
    Hand.PASSING: "Passed on: {party} is called",
    Hand.PASSED: "Passed on: {party} and the caller talk",
}


def shown(at_desk: AtDesk, at: datetime) -> dict[str, Any]:
    """All that the desk's own parts show.

    `attributes` and `states` are the parts' own, `zone_scope` the time zone to show them in.
    """
    call = call_of(at_desk)
    context: dict[str, Any] = {
        "receptionist": at_desk.receptionist,
        "call": call,
        "kind": _kind(at_desk),
        "offer": at_desk.offer,
        "unsent": unsent_forms(at_desk.receptionist, at),
        "my_tasks": my_tasks(at_desk.receptionist, at),
        "results": RESULTS,
        "attributes": {"call": {"says": _standing_says(at_desk.receptionist)}},
        "states": {},
        "zone_scope": nullcontext(),
    }
    return context if call is None else context | _of_call(at_desk, call, at)


def _kind(at_desk: AtDesk) -> str:
    if at_desk.in_hand is not None:
        return "in_hand"
    if at_desk.wrapping is not None:
        return "wrapping"
    return "ringing" if at_desk.offer is not None else "idle"


def _standing_says(receptionist: Receptionist) -> str:
    because = f" {receptionist.away_because}." if receptionist.away_because else ""
    return f"You are {receptionist.get_standing_display().lower()}.{because}"


def _of_call(at_desk: AtDesk, call: DeskCall, at: datetime) -> dict[str, Any]:
    with account_scope(call.account_id), zone_of(call):
        stand = in_hand(call)
        spoken = spoken_of(call, at_desk.receptionist, at)
        context = {
            "zone_scope": zone_of(call),
            "stand": stand,
            "standing_words": words_of(stand),
            "company": company_of(call),
            "initials_of_company": initials_of(company_of(call)),
            "called": number_of(call),
            "caller": caller_of(call),
            "local": timezone.localtime(at),
        }
        kind = _kind(at_desk)
        if kind == "ringing":
            told, content = _rung(call, at)
            context |= told | {"greeting": _greeting(call, content, spoken)}
            context |= {"faqs": _faqs(content, spoken)}
            return context | {"attributes": {"call": _rings(at_desk, call)}}
        context |= _told(call, at)
        form = form_to_fill(call)
        context |= form_context(call, form, spoken)
        context |= {"faqs": _faqs(form.content, spoken)}
        says = f"{company_of(call)}: {words_of(stand) if kind == 'in_hand' else 'the call is over'}"
        title = f"{company_of(call)} · Desk"
        return context | {"attributes": {"call": {"says": says, "title": title}}}


def _rung(call: DeskCall, at: datetime) -> tuple[dict[str, Any], Content]:
    """What is known of a call that rings, and its script: read once for all desks that it rings at,
    and kept for some seconds."""

    def read() -> tuple[dict[str, Any], Content]:
        return _told(call, at), content_of(script_for(call.number))

    return _RUNG.get((call.pk, int(at.timestamp()) // _RUNG_SECONDS), read)


def _told(call: DeskCall, at: datetime) -> dict[str, Any]:
    return {"about_message": _about_message(call), **about_context(call, at)}


def _rings(at_desk: AtDesk, call: DeskCall) -> dict[str, str]:
    """What the page needs to ring."""
    who, caller = company_of(call), caller_of(call)
    return {
        "rings": str(at_desk.offer.pk if at_desk.offer else ""),
        "who": who,
        "from": caller,
        "says": f"A call for {who}, from {caller}. Alt and A answers.",
    }


def caller_of(call: DeskCall) -> str:
    """The caller as a receptionist reads it: name, and number where there is one."""
    number = for_people(call.caller_id) if call.caller_id else "a withheld number"
    return f"{call.caller_name}, {number}" if call.caller_name else number


def words_of(stand: InHand) -> str:
    """How a call stands, in words."""
    party = (stand.party.name or for_people(stand.party.address)) if stand.party else "somebody"
    return HANDS.get(stand.hand, "Over").format(party=party)


def spoken_of(call: DeskCall, receptionist: Receptionist, at: datetime) -> Spoken:
    """What a script's variables stand for, in the account's time zone."""
    return Spoken(
        company=company_of(call),
        receptionist=str(receptionist.user),
        number=number_of(call),
        account=call.account.name,
        local=timezone.localtime(at),
    )


def _greeting(call: DeskCall, content: Content, spoken: Spoken) -> str:
    return "" if call.kind == DeskCallKind.OUTGOING else said(content.greeting, spoken)


def _faqs(content: Content, spoken: Spoken) -> list[Faq]:
    """Questions and answers as they are said on this call."""
    return [replace(each, answer=said(each.answer, spoken)) for each in content.faqs]


def _about_message(call: DeskCall) -> Message | None:
    """The message that a call back, or a call that we make, is about."""
    if call.delivery_id is None:
        return None
    found = Delivery.objects.select_related("message").filter(pk=call.delivery_id).first()
    return found.message if found else None


def form_context(
    call: DeskCall,
    form: Shown,
    spoken: Spoken,
    *,
    answers: Mapping[str, str] | None = None,
    faults: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """A form with where it may be sent, and the messages that the call has brought already."""
    before = [each for each in forms_of(call) if each.submitted_at is not None]
    named = {each.disposition for each in form.content.closings if each.disposition}
    return {
        "form": form,
        "content": form.content,
        "answers": form.answers if answers is None else answers,
        "faults": faults or {},
        "spoken": spoken,
        "greeting": _greeting(call, form.content, spoken),
        "levels_by_id": _levels(call.account_id),
        "taken": [each.message for each in before if each.message],
        "is_another": bool(before) and form.revision == 0,
        "dispositions": [*sorted(named), *(each for each in DISPOSITIONS if each not in named)],
        "save_url": _address("desk:save_form", call, form),
        "send_url": _address("desk:send_form", call, form),
        "states": {"work": str(form.form_uuid)},
    }


def _levels(account_id: int) -> dict[int, str]:
    found = EscalationLevel.objects.filter(account_id=account_id).order_by("position", "id")
    return {each.pk: each.name for each in found}


def _address(view: str, call: DeskCall, form: Shown) -> str:
    """Where a form goes; it stays with the publication that its page shows."""
    query = f"?publication={form.publication_id}" if form.publication_id else ""
    return reverse(view, args=[call.pk, form.form_uuid]) + query


def unsent_forms(receptionist: Receptionist, at: datetime) -> list[Form]:
    """Forms with answers that were never sent, of calls that are over; the newest first."""
    found = Form.objects.filter(
        receptionist=receptionist,
        submitted_at=None,
        saved_at__gte=at - UNSENT_FOR,
        desk_call__state=DeskCallState.OVER,
    )
    rows = found.select_related("account", "desk_call__number").order_by("-saved_at")
    return [each for each in rows[: 3 * MOST_UNSENT] if any(each.answers.values())][:MOST_UNSENT]
