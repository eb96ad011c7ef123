"""What receptionists write down: saved as it is typed, and sent as a message, once.

A form is kept by the uuid that its page was given, so that however often it comes, from however
many pages, it is one form and one message. It stays with the publication that its page showed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from deskbell.accounts.models import Account, Staff
from deskbell.foundation.errors import Conflict, InvalidInput, NotAllowed, NotFound
from deskbell.messages import actions as messages
from deskbell.messages.models import Message
from deskbell.oncall.models import EscalationLevel
from deskbell.scripts.models import ClosingActionGroup, Publication
from deskbell.scripts.queries import content_of, script_for
from deskbell.scripts.rules import LONGEST_LONG, Ending, UnfitAnswers, longest

from ..models import DeskCall, Form, Receptionist
from ..rules.forms import Filled, Wish, filled, kept, left_over
from .availability import show
from .locks import locked_call, locked_receptionists

LONGEST_DISPOSITION = 64
LONGEST_NAME = 200


def save_form(
    *,
    form_uuid: UUID,
    desk_call: DeskCall | None,
    account_id: int,
    receptionist: Receptionist,
    answers: Mapping[str, str],
    revision: int,
    at: datetime,
    publication_id: int | None = None,
) -> Form:
    """Keeps what stands in a form so far, faults and all; its first saving makes it.

    `revision` is the last that the page had (0 before the first saving), and the form's is one
    higher afterwards. `publication_id` is what the page shows, from its first saving on; without it
    the script of the call's number now. A saving that came already changes nothing.

    Raises Conflict where somebody saved since, or where it was sent already; InvalidInput for an
    answer that is too long; NotAllowed for somebody else's call; NotFound.
    """
    with transaction.atomic():
        form = _locked(form_uuid, desk_call, account_id, receptionist, publication_id, at)
        if form.submitted_at is not None:
            raise Conflict("This form was sent already; what you write now is a new message")
        content = content_of(form.publication)
        wanted = kept(content, answers, form.answers)
        _check_length(form, wanted)
        if wanted == form.answers and form.revision > revision:
            return form
        if form.revision > revision:
            raise Conflict(
                "This form was saved elsewhere meanwhile; load it again to see what it says now"
            )
        form.answers, form.revision, form.saved_at = wanted, form.revision + 1, at
        form.receptionist = receptionist
        form.save(update_fields=["answers", "revision", "saved_at", "receptionist"])
    return form


def submit_form(
    *,
    form_uuid: UUID,
    desk_call: DeskCall | None,
    account_id: int,
    receptionist: Receptionist,
    answers: Mapping[str, str],
    at: datetime,
    level_id: int | None = None,
    disposition: str = "",
    for_check_in: bool = False,
    publication_id: int | None = None,
) -> Message:
    """Takes the message that a form says, and sends it where the script, or the receptionist, says.

    `for_check_in` keeps it until the client calls in; else `level_id` is where it goes; else the
    script's relay triggers and closings decide. `disposition`, where given, stands for the
    closing's, in the message and at the call. However often it comes, and from however many pages,
    there is one message: the later ones get the first's.

    Raises UnfitAnswers (all faults by key), InvalidInput for an unknown level or a long
    disposition, NotAllowed for somebody else's call, Conflict where the message is removed since,
    NotFound.
    """
    if len(disposition) > LONGEST_DISPOSITION:
        raise InvalidInput(
            f"A disposition has at most {LONGEST_DISPOSITION} characters", field="disposition"
        )
    with transaction.atomic():
        desk_call = _locked_desk(desk_call, receptionist)
        form = _locked(form_uuid, desk_call, account_id, receptionist, publication_id, at)
        if form.submitted_at is not None:
            return _sent(form)
        message = messages.take(
            account_id=account_id,
            taken=_taken(
                _says(form, answers),
                form,
                desk_call,
                receptionist,
                Wish(level_id, disposition, for_check_in),
            ),
            at=at,
        )
        _close(form, message, receptionist, at)
    return message


def hand_over(*, message: Message, receptionist: Receptionist, to: str, at: datetime) -> Message:
    """A message was read out to the client who called in: they have it, and it is acknowledged.

    `to` is who, by name. Raises InvalidInput without a name, NotFound, and AlreadyAcknowledged.
    """
    who = to.strip()
    if not who or len(who) > LONGEST_NAME:
        raise InvalidInput(
            f"Say who it was read out to, in 1 to {LONGEST_NAME} characters", field="to"
        )
    with transaction.atomic():
        messages.mark_delivered(
            message=message, to=who, contact_id=None, at=at, by_user_id=receptionist.user_id
        )
        return messages.acknowledge(message=message, by=who, at=at, through="desk")


def _locked_desk(desk_call: DeskCall | None, receptionist: Receptionist) -> DeskCall | None:
    """Locks what a sent form changes at the desk, before all else, as everybody there does; gives
    the call as it is now."""
    kept = locked_call(desk_call.pk) if desk_call else None
    if desk_call is not None and kept is None:
        raise NotFound("There is no such call")
    locked_receptionists({receptionist.pk})
    return kept


def _locked(
    form_uuid: UUID,
    desk_call: DeskCall | None,
    account_id: int,
    receptionist: Receptionist,
    publication_id: int | None,
    at: datetime,
) -> Form:
    """The form, made where it is new; two who come at once wait for each other."""
    if desk_call is not None and desk_call.account_id != account_id:
        raise NotFound("There is no such call")
    rows = Form.objects.select_for_update(of=("self",)).select_related("publication", "message")
    mine = rows.filter(uuid=form_uuid, account_id=account_id)
    found = mine.first()
    _check_hands(found, desk_call, receptionist)
    if found is None:
        new = Form(
            uuid=form_uuid,
            account_id=account_id,
            desk_call=desk_call,
            receptionist=receptionist,
            publication=_publication(desk_call, account_id, publication_id),
            saved_at=at,
        )
        Form.objects.bulk_create([new], ignore_conflicts=True)
        found = mine.first()
    if found is None:
        raise NotFound("There is no such form")
    if found.desk_call_id != (desk_call.pk if desk_call else None):
        raise InvalidInput("This form belongs to another call; open it again from the call")
    return found


def _check_hands(form: Form | None, desk_call: DeskCall | None, receptionist: Receptionist) -> None:
    """A form is written by whoever has its call; while nobody has, by whoever wrote it last, so
    that nothing is lost where the call went back into the queue."""
    holder = desk_call.receptionist_id if desk_call else None
    if holder is None and form is not None:
        holder = form.receptionist_id
    is_new_elsewhere = holder is None and desk_call is not None
    if (holder in {None, receptionist.pk} and not is_new_elsewhere) or _is_operator(receptionist):
        return
    raise NotAllowed("Somebody else has this call; its form is theirs")


def _is_operator(receptionist: Receptionist) -> bool:
    return receptionist.user.staff == Staff.OPERATOR


def _publication(
    desk_call: DeskCall | None, account_id: int, publication_id: int | None
) -> Publication | None:
    if publication_id is not None:
        rows = Publication.objects.filter(pk=publication_id, account_id=account_id)
        if found := rows.first():
            return found
    return script_for(desk_call.number) if desk_call else None


def _check_length(form: Form, answers: Mapping[str, str]) -> None:
    steps = {step.key: step for step in content_of(form.publication).steps}
    for key, text in answers.items():
        step = steps.get(key)
        most, title = (longest(step), step.title) if step else (LONGEST_LONG, key)
        if len(text) > most:
            raise InvalidInput(f"{title} takes at most {most:,} characters", field=key)


def _says(form: Form, answers: Mapping[str, str]) -> Filled:
    content = content_of(form.publication)
    region = Account.objects.values_list("country", flat=True).get(pk=form.account_id)
    says = filled(content, answers, left=left_over(content, answers, form.answers), region=region)
    if says.faults:
        raise UnfitAnswers(says.faults)
    return says


def _taken(
    says: Filled,
    form: Form,
    desk_call: DeskCall | None,
    receptionist: Receptionist,
    wish: Wish,
) -> messages.Taken:
    end = says.ending
    fields: dict[str, Any] = {**says.fields}
    return messages.Taken(
        content=says.content,
        answers=says.answers,
        call=desk_call.call if desk_call else None,
        number=desk_call.number if desk_call else None,
        escalation_level_id=_level(form.account_id, end, wish),
        is_emergency=end.is_emergency,
        agent_id=receptionist.user_id,
        taken_by=str(receptionist.user),
        closing_action_group_id=_closing_id(form, end),
        disposition=wish.disposition or end.disposition,
        is_for_check_in=wish.holds(end),
        non_message_type=wish.type_of_none(end),
        **fields,
    )


def _sent(form: Form) -> Message:
    if form.message is None:
        raise Conflict("This form was sent, and its message has been removed since")
    return form.message


def _level(account_id: int, end: Ending, wish: Wish) -> int | None:
    """Where the message goes; a level of the script that is gone is the account's first (None)."""
    if wish.for_check_in:
        return None
    wanted = end.level_id if wish.level_id is None else wish.level_id
    rows = EscalationLevel.objects.filter(account_id=account_id, pk=wanted or 0)
    if rows.exists():
        return wanted
    if wish.level_id is not None:
        raise InvalidInput("There is no such escalation level; choose another", field="level_id")
    return None


def _closing_id(form: Form, end: Ending) -> int | None:
    if end.closing is None or form.publication is None:
        return None
    group, _ = ClosingActionGroup.objects.get_or_create(
        script_id=form.publication.script_id,
        key=end.closing.key,
        defaults={"account_id": form.account_id},
    )
    return group.pk


def _close(form: Form, message: Message, receptionist: Receptionist, at: datetime) -> None:
    form.answers, form.message = {}, message  # the message has them, and is kept its time
    form.submitted_at, form.revision = at, form.revision + 1
    form.receptionist = receptionist
    form.save(update_fields=["answers", "message", "submitted_at", "revision", "receptionist"])
    if form.desk_call_id and message.disposition:
        DeskCall.objects.filter(pk=form.desk_call_id).update(disposition=message.disposition)
    show([receptionist.pk])
