"""Passing a call on: to who is on call, a contact, an extension, or any number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from deskbell.accounts.models import PhoneNumber
from deskbell.contacts import queries as contacts
from deskbell.contacts.models import Contact
from deskbell.desk.actions import passing
from deskbell.desk.models import DeskCall
from deskbell.desk.rules.hands import How
from deskbell.foundation.clock import now
from deskbell.foundation.errors import InvalidInput
from deskbell.foundation.numbers import for_people
from deskbell.platform.tenancy import account_scope

from ..duty import on_call_now
from ..oncall.frame import read_id
from ..pages import is_partial
from .frame import DeskRequest, desk_page
from .hands import REFUSALS, own_call, sentence
from .regions import after_action
from .shown import caller_of

MOST_CONTACTS: Final = 300
MOST_EXTENSIONS: Final = 300
NOBODY: Final = "Choose somebody from the list, or write a number."
_CALL: Final = "call"
_BY_TELEPHONE: Final = {"call", "sms"}


@dataclass(frozen=True, slots=True)
class Target:
    """Somebody to whom a call may be passed on; `value` is what the form sends."""

    value: str
    name: str
    facts: str

    @property
    def words(self) -> str:
        """What it is found by."""
        return f"{self.name} {self.facts}"


@require_http_methods(["GET", "HEAD", "POST"])
@desk_page
def transfer(request: DeskRequest, call_id: int) -> HttpResponseBase:
    """The dialog, and what it sends: `to` says whom, `how` announced or at once."""
    desk_call = own_call(request, call_id)
    if request.method != "POST":
        return _dialog(request, desk_call)
    try:
        with account_scope(desk_call.account_id):
            _pass_on(request, desk_call)
    except REFUSALS as error:
        return _dialog(request, desk_call, sentence(str(error)))
    return after_action(request)


def _pass_on(request: DeskRequest, desk_call: DeskCall) -> None:
    kind, _, rest = request.POST.get("to", "").partition(":")
    how = How.BLIND if request.POST.get("how") == "blind" else How.ANNOUNCED
    number = request.POST.get("number", "").replace("\0", "").strip()
    if kind == "level":
        level_id = read_id(rest)
        passing.pass_on(desk_call=desk_call, how=How.LIVE_PATCH, level_id=level_id, at=now())
    elif kind == "contact":
        contact = contacts.one(read_id(rest) or 0)
        passing.pass_on(desk_call=desk_call, how=how, contact=contact, at=now())
    elif kind == "extension" or number:
        address = rest if kind == "extension" else number
        passing.pass_on(desk_call=desk_call, how=how, address=address, at=now())
    else:
        raise InvalidInput(NOBODY, field="address")


def _dialog(request: DeskRequest, desk_call: DeskCall, fault: str = "") -> HttpResponse:
    with account_scope(desk_call.account_id):
        context: dict[str, Any] = {
            "call": desk_call,
            "caller": caller_of(desk_call),
            "on_call": _on_call(desk_call.account_id, now()),
            "people": _people(),
            "extensions": _extensions(),
            "chosen": request.POST.get("to", ""),
            "number": request.POST.get("number", ""),
            "fault": fault,
        }
    base = "dialog" if is_partial(request) else "dialog_page"
    context["dialog_base"] = f"portal/desk/{base}.html"
    return render(request, "portal/desk/transfer.html", context, status=422 if fault else 200)


def _on_call(account_id: int, at: datetime) -> list[Target]:
    """The levels on which somebody is on call now who can be called."""
    return [
        Target(
            f"level:{duty.level.pk}",
            duty.level.name,
            ", ".join(watch.name for watch in duty.now if _CALL in watch.ways),
        )
        for duty in on_call_now(account_id, at)
        if any(_CALL in watch.ways for watch in duty.now)
    ]


def _people() -> list[Target]:
    made = [(each, _phones(each)) for each in contacts.listed()[:MOST_CONTACTS]]
    return [
        Target(f"contact:{each.pk}", each.name, ", ".join(phones))
        for each, phones in made
        if phones
    ]


def _phones(contact: Contact) -> list[str]:
    telephones = [each for each in contact.methods.all() if each.kind in _BY_TELEPHONE]
    shown = [
        "SIP phone" if any(map(str.isalpha, each.address)) else for_people(each.address)
        for each in telephones
    ]
    return list(dict.fromkeys(shown))


def _extensions() -> list[Target]:
    found = PhoneNumber.objects.filter(is_extension=True).order_by("extension", "id")
    return [
        Target(
            f"extension:{each.number}",
            each.extension_spoken_name or each.company_name or for_people(each.number),
            f"extension {each.extension}" if each.extension else for_people(each.number),
        )
        for each in found[:MOST_EXTENSIONS]
    ]
