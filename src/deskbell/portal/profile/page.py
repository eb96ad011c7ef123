"""The page of My Profile: all its parts, one of which may show what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render

from deskbell.accounts.models import User
from deskbell.accounts.queries import open_email_change
from deskbell.contacts.models import Contact
from deskbell.contacts.queries import linked_to
from deskbell.foundation.clock import now
from deskbell.reports.queries import summary_of

from ..acting import acting_operator
from ..attendant.forms import PartForm
from ..attendant.systems.forms import zones
from ..mfa import has_mfa
from ..tenancy import PortalRequest
from .forms import (
    EmailForm,
    NameForm,
    NoticesForm,
    NumbersForm,
    PasswordForm,
    PictureForm,
    SummaryForm,
)

FOLDER: Final = "portal/profile"
SUMMARY_AT: Final = time(7)
# The two ways in which a number can reach somebody: a call, a text.
WAYS: Final = {"call": "Call", "sms": "Text message"}


@dataclass(frozen=True, slots=True)
class Reach:
    """One of the person's numbers, by which ways it is among their delivery methods, and by which
    it could be; each is a kind and its name."""

    number: str
    has: list[tuple[str, str]]
    lacks: list[tuple[str, str]]


def name_part(user: User) -> Mapping[str, Any]:
    """What the form of the name shows."""
    return {"name": user.name}


def numbers_part(user: User) -> Mapping[str, Any]:
    """What the form of the numbers shows."""
    return {"primary": user.primary_number, "secondary": user.secondary_numbers}


def notices_part(user: User) -> Mapping[str, Any]:
    """What the form of notices shows."""
    return {"time_zone": user.time_zone, "notices": list(user.notices)}


def summary_part(request: PortalRequest) -> Mapping[str, Any]:
    """What the form of the daily summary shows: off, and seven o'clock, until somebody chooses."""
    found = summary_of(request.account.pk, request.user.pk)
    return {"wants": found is not None, "time": found.time if found else SUMMARY_AT}


def forms_of(request: PortalRequest) -> dict[str, PartForm[Any]]:
    """All forms of the page, as they are before anybody types."""
    user, account = request.user, request.account
    return {
        "name_form": NameForm(part=name_part(user)),
        "picture_form": PictureForm(),
        "email_form": EmailForm(user=user),
        "numbers_form": NumbersForm(part=numbers_part(user), region=account.country),
        "password_form": PasswordForm(user=user),
        "notices_form": NoticesForm(user=user, part=notices_part(user), zone=account.time_zone),
    } | _of_members(request)


def _of_members(request: PortalRequest) -> dict[str, PartForm[Any]]:
    """Staff belong to no account, and have no summary of one."""
    if request.user.is_staff_member:
        return {}
    return {"summary_form": SummaryForm(part=summary_part(request))}


def show(request: PortalRequest, **bound: PartForm[Any]) -> HttpResponse:
    """My Profile; a form in `bound` takes the place of its like, and decides the status."""
    user = User.objects.get(pk=request.user.pk)  # not as a form that failed left it
    contact = linked_to(user.pk)
    context = {
        **forms_of(request),
        **bound,
        "person": user,
        "change": open_email_change(user, at=now()),
        "contact": contact,
        "reaches": reaches(user, contact),
        "mfa_is_on": has_mfa(user),
        "zones": zones(),
        "is_acted": acting_operator(request) is not None,
        "may_edit": True,
    }
    status = max((form.http_status for form in bound.values()), default=200)
    return render(request, f"{FOLDER}/profile.html", context, status=status)


def reaches(user: User, contact: Contact | None) -> list[Reach]:
    """The person's numbers, and how each reaches the contact that they are."""
    if contact is None:
        return []
    known = {(each.kind, each.address) for each in contact.methods.all()}
    numbers = filter(None, [user.primary_number, *user.secondary_numbers])
    return [
        Reach(
            number,
            [way for way in WAYS.items() if (way[0], number) in known],
            [way for way in WAYS.items() if (way[0], number) not in known],
        )
        for number in numbers
    ]
