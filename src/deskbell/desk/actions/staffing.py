"""Skills and receptionists, as the operator sets them. They are no account's rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction

from deskbell.accounts.models import PhoneNumber, User
from deskbell.foundation.errors import Conflict, InvalidInput
from deskbell.foundation.numbers import to_e164
from deskbell.foundation.text import checked_text
from deskbell.lines.models import StaffPhone
from deskbell.platform.beat import wake
from deskbell.platform.changes import touch
from deskbell.platform.tenancy import system_scope

from ..models import Receptionist, Skill

FLOOR: Final = 0  # whose version the floor has: no account's
LONGEST_SKILL: Final = 60
_NUMBER: Final = re.compile(r"\+?[0-9 ().\-]{7,30}")


def add_skill(*, name: str, at: datetime) -> Skill:
    """A new skill. Raises InvalidInput for an empty name and one that is taken."""
    return _kept(Skill(name=_name(name), created_at=at))


def rename_skill(*, skill: Skill, name: str) -> Skill:
    """Gives a skill another name. Raises InvalidInput."""
    skill.name = _name(name)
    return _kept(skill)


def delete_skill(*, skill: Skill) -> None:
    """Deletes a skill: who has it loses it, and numbers that asked for it ask for none."""
    skill.delete()
    touch(FLOOR)
    wake()


def add_receptionist(
    *, user: User, phone: str, skills: Sequence[Skill], at: datetime
) -> Receptionist:
    """Gives one of the operator's people a desk, who is away at first.

    `phone` is what rings: a number with its country code, or the user name of the person's own
    staff phone; empty for none yet. Raises InvalidInput, Conflict where the person has a desk.
    """
    if not user.is_staff_member:
        raise InvalidInput(
            f"{user} is a client; receptionists and operators can have a desk", field="user"
        )
    made = Receptionist(user=user, phone=_phone(user, phone), since=at)
    try:
        with transaction.atomic():
            made.save()
            made.skills.set(skills)
    except IntegrityError as error:
        raise Conflict(f"{user} has a desk already") from error
    touch(FLOOR)
    return made


def edit_receptionist(
    *, receptionist: Receptionist, phone: str, skills: Sequence[Skill]
) -> Receptionist:
    """Changes what rings for a receptionist, and the skills; from the next ring on.

    Raises InvalidInput, as `add_receptionist`.
    """
    checked = _phone(receptionist.user, phone)
    with transaction.atomic():
        kept = Receptionist.objects.select_for_update().get(pk=receptionist.pk)
        kept.phone = checked
        kept.version += 1
        kept.save(update_fields=["phone", "version"])
        kept.skills.set(skills)
        touch(FLOOR)
        wake()
    return kept


def remove_receptionist(*, receptionist: Receptionist) -> None:
    """Takes a desk away; the person stays. Raises Conflict while they have a call."""
    with transaction.atomic():
        kept = Receptionist.objects.select_for_update().filter(pk=receptionist.pk).first()
        if kept is None:
            return
        if not kept.is_idle:
            raise Conflict(f"{kept} has a call just now; try again when it is over")
        kept.delete()
        touch(FLOOR)


def _name(text: str) -> str:
    return checked_text(text.strip(), field="name", most=LONGEST_SKILL, needed=True)


def _kept(skill: Skill) -> Skill:
    try:
        with transaction.atomic():
            skill.save()
    except IntegrityError as error:
        raise InvalidInput(
            f"There is a skill {skill.name!r} already; give it another name", field="name"
        ) from error
    touch(FLOOR)
    return skill


def _refuse_loop(number: str) -> None:
    """A number whose calls come to the attendant rings for callers who wait by making another."""
    with system_scope("receptionists answer for every account"):
        found = PhoneNumber.objects.filter(e164=number).select_related("account").first()
    if found is not None:
        raise InvalidInput(
            f"{number} is a number of {found.account.name}: the call would come here again; give "
            "the receptionist's own telephone",
            field="phone",
        )


def _phone(user: User, text: str) -> str:
    given = text.strip()
    if not given:
        return ""
    number = to_e164(given) if _NUMBER.fullmatch(given) else ""
    if number:
        _refuse_loop(number)
        return number
    if StaffPhone.objects.filter(user=user, username=given.lower()).exists():
        return given.lower()
    raise InvalidInput(
        "What rings is a number with its country code, as +1 212 555 0134, or the user name of "
        "a SIP phone that was made for this person",
        field="phone",
    )
