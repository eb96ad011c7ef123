"""All numbers of all accounts: added, changed, moved to another account, and removed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.contrib import messages as notices
from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localtime
from django.views.decorators.http import require_http_methods, require_safe

from deskbell import audit
from deskbell.accounts.actions import add_number, edit_number, remove_number
from deskbell.accounts.actions.moving import move_number
from deskbell.accounts.locks import lock_account
from deskbell.accounts.models import Account, PhoneNumber
from deskbell.attendant.models import SystemNumber
from deskbell.audit import actions as audit_actions
from deskbell.foundation.clock import now
from deskbell.foundation.errors import NotFound
from deskbell.foundation.numbers import digits_of, for_people
from deskbell.lines.gateways import tell_gateways
from deskbell.platform.tenancy import account_scope
from deskbell.scripts.models import ScriptOfNumber

from ...asking import act
from ...attendant.frame import Question, data_of, is_post
from ...attendant.listing import Asked, Column
from ...lists import written
from ...oncall.frame import save
from ...tenancy import PortalRequest
from ..frame import ask, operator_page, show
from ..listing import Table, any_has, context_of, wants_csv
from ..picking import numbered
from .forms import MoveForm, NewNumberForm, NumberForm
from .uses import uses_of

ROOM: Final = "operator:number"
_LEAST_DIGITS: Final = 3


@dataclass(frozen=True, slots=True)
class Line:
    """A number in the list, with the systems that it leads to, and its script."""

    number: PhoneNumber
    systems: str
    script: str

    @property
    def kind(self) -> str:
        """What it is, in words."""
        if not self.number.is_extension:
            return "Attendant number"
        return f"Extension {self.number.extension}".strip()


def _has(word: str) -> Q:
    found = any_has(
        word, "account__number", "account__name", "extension_spoken_name", "company_name"
    ) | Q(extension=word)
    digits = digits_of(word)
    if len(digits) >= _LEAST_DIGITS:
        found |= Q(digits__contains=digits)
    return found


def _shown(numbers: Sequence[PhoneNumber]) -> list[Line]:
    systems: dict[int, list[str]] = {}
    rows = SystemNumber.objects.filter(phone_number__in=numbers).order_by("system__name")
    for number_id, name in rows.values_list("phone_number_id", "system__name"):
        systems.setdefault(number_id, []).append(name)
    read = ScriptOfNumber.objects.filter(number__in=numbers)
    scripts = dict(read.values_list("number_id", "script__name"))
    return [
        Line(each, ", ".join(systems.get(each.pk, [])), scripts.get(each.pk, ""))
        for each in numbers
    ]


TABLE: Final[Table[PhoneNumber, Line]] = Table(
    columns=[
        Column("number", "Number", lambda row: row.number.number),
        Column(
            "account",
            "Account",
            lambda row: f"{row.number.account.number} {row.number.account.name}",
        ),
        Column("kind", "Kind", lambda row: row.kind),
        Column("name", "Spoken name", lambda row: row.number.extension_spoken_name),
        Column("systems", "System", lambda row: row.systems),
        Column("script", "Script", lambda row: row.script),
        Column(
            "added",
            "Added",
            lambda row: f"{localtime(row.number.created_at):%Y-%m-%d}",
            first="desc",
        ),
    ],
    orders={
        "number": ["digits"],
        "account": ["account__number", "digits"],
        "kind": ["is_extension", "extension"],
        "name": ["extension_spoken_name"],
        "systems": ["first_system", "digits"],
        "script": ["script_name", "digits"],
        "added": ["created_at"],
    },
    has=_has,
    shown=_shown,
)


@require_safe
@operator_page
def numbers(request: PortalRequest) -> HttpResponse:
    """Every number of every account, searched and sorted, or all of them as a table."""
    asked, rows = Asked.read(request.GET), _with_names()
    if wants_csv(request):
        return TABLE.csv(rows, asked, "numbers")
    return show(request, "numbers/numbers", context_of(TABLE.page(rows, asked), rows))


@require_http_methods(["GET", "HEAD", "POST"])
@operator_page
def new(request: PortalRequest) -> HttpResponse:
    """Gives an account a number; `account` in the address fills its number in."""
    form = NewNumberForm(data_of(request))
    if not is_post(request):
        form.initial = {"account": written(request.GET, "account", 16), "kind": "attendant"}
    if is_post(request) and form.is_valid():
        made: list[PhoneNumber] = []
        if save(form, lambda: made.append(_added(form, request.user.email))):
            tell_gateways()
            _note(request, made[0], made[0].account_id)
            notices.success(
                request, f"{for_people(made[0].number)} is a number of {made[0].account.name}."
            )
            return redirect(ROOM, made[0].pk)
    context = {"form": form, "back": reverse("operator:numbers"), "picked": numbered()}
    return show(request, "numbers/new", context)


@require_http_methods(["GET", "HEAD", "POST"])
@operator_page
def number(request: PortalRequest, number_id: int) -> HttpResponse:
    """One number: what it is, what it is used for, and changing that."""
    found = _one(number_id)
    form = NumberForm(data_of(request), part=found)
    if is_post(request) and form.is_valid() and save(form, lambda: _change(form, found)):
        tell_gateways()
        _note(request, found, found.account_id)
        notices.success(request, "Saved.")
        return redirect(ROOM, number_id)
    [line] = _shown([_one(number_id)])
    context = {
        "form": form,
        "line": line,
        "number": line.number,
        "back": reverse("operator:numbers"),
        "delete": reverse("operator:remove_number", args=[number_id]),
    }
    return show(request, "numbers/number", context)


@require_http_methods(["GET", "HEAD", "POST"])
@operator_page
def move(request: PortalRequest, number_id: int) -> HttpResponse:
    """Gives the number to another account, after saying what breaks."""
    found = _one(number_id)
    form = MoveForm(data_of(request))
    if is_post(request) and form.is_valid():
        moved: list[PhoneNumber] = []
        to, left = form.cleaned_data["account"], found.account

        def change() -> None:
            moved.append(move_number(number=found, to=to, at=now(), by=request.user.email))

        if save(form, change):
            tell_gateways()
            _note_move(request, moved[0], left)
            notices.success(
                request,
                f"{for_people(found.number)} is a number of {to.name} now. It leads nowhere yet:"
                " work in that account, and let it lead to a system.",
            )
            return redirect(ROOM, moved[0].pk)
    context = {
        "form": form,
        "number": _one(number_id),
        "uses": uses_of(found),
        "back": reverse(ROOM, args=[number_id]),
        "picked": numbered(),
    }
    return show(request, "numbers/move", context)


@require_http_methods(["GET", "HEAD", "POST"])
@operator_page
def remove(request: PortalRequest, number_id: int) -> HttpResponse:
    """Asks before a number is taken from its account, and says what breaks."""
    found = _one(number_id)
    if is_post(request):
        done = act(
            request,
            lambda: _remove(found),
            done=f"{for_people(found.number)} is no number of {found.account.name} any more.",
        )
        if done:
            tell_gateways()
            _note(request, found, found.account_id)
        return redirect("operator:numbers")
    uses = uses_of(found)
    question = Question(
        title=f"Remove {for_people(found.number)} from {found.account.name}?",
        words=f"Whoever calls it reaches nobody. {uses.stays}",
        items=uses.items,
        verb="Remove it",
        action=reverse("operator:remove_number", args=[number_id]),
        back=reverse(ROOM, args=[number_id]),
    )
    return ask(request, question)


def _note(request: PortalRequest, number: PhoneNumber, account_id: int) -> None:
    audit.note(request, subject=number.number, account_id=account_id)


def _note_move(request: PortalRequest, number: PhoneNumber, left: Account) -> None:
    """Each account learns that the number left, or came, and nothing of the other account."""
    audit.note(
        request, subject=number.number, changes={"account": (left.number, number.account.number)}
    )
    for account_id, words in ((left.pk, "left"), (number.account_id, "came")):
        audit_actions.write(
            door=audit.door(request),
            act="operator:move_number",
            words=f"A phone number {words}",
            at=now(),
            account_id=account_id,
            who=request.user,
            subject=number.number,
        )


def _all() -> QuerySet[PhoneNumber]:
    return PhoneNumber.objects.select_related("account")


def _with_names() -> QuerySet[PhoneNumber]:
    """With what the list sorts by: the first of a number's systems, and its script."""
    systems = SystemNumber.objects.filter(phone_number=OuterRef("pk")).order_by("system__name")
    scripts = ScriptOfNumber.objects.filter(number=OuterRef("pk"))
    return _all().annotate(
        first_system=Subquery(systems.values("system__name")[:1]),
        script_name=Subquery(scripts.values("script__name")[:1]),
    )


def _one(number_id: int) -> PhoneNumber:
    found = _all().filter(pk=number_id).first()
    if found is None:
        raise NotFound("There is no such number any more")
    return found


def _added(form: NewNumberForm, by: str) -> PhoneNumber:
    given = form.cleaned_data
    with account_scope(given["account"].pk):
        return add_number(
            account=given["account"],
            number=given["number"].strip(),
            is_extension=form.is_extension,
            extension=given["extension"],
            spoken_name=given["spoken_name"],
            company_name=given["company_name"],
            at=now(),
            by=by,
        )


def _change(form: NumberForm, found: PhoneNumber) -> None:
    with account_scope(found.account_id), transaction.atomic():
        lock_account(found.account_id)
        form.unchanged(_one(found.pk))
        edit_number(
            number=found,
            at=now(),
            is_extension=form.is_extension,
            extension=form.cleaned_data["extension"],
            spoken_name=form.cleaned_data["spoken_name"],
        )


def _remove(found: PhoneNumber) -> None:
    with account_scope(found.account_id):
        remove_number(number=found, at=now())
