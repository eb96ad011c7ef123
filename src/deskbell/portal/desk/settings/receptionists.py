"""Who has a desk, what rings for them, and what they can."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as notices
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from deskbell.accounts.models import Staff, User, UserStatus
from deskbell.desk.actions import staffing
from deskbell.desk.models import Receptionist
from deskbell.foundation.clock import now
from deskbell.foundation.errors import InvalidInput, NotFound

from ...asking import act
from ...attendant.frame import Question, data_of, is_post
from ...attendant.listing import Asked, Column, as_csv, in_order, listed
from ...oncall.frame import save
from ...operator.frame import operator_page
from ...tenancy import PortalRequest
from .forms import ReceptionistForm, staff_phones
from .frame import ask, show

ROOM = "desk:receptionists"


COLUMNS: list[Column[Receptionist]] = [
    Column("name", "Name", lambda each: f"{each} {each.user.email}"),
    Column("phone", "Telephone", lambda each: each.phone),
    Column("skills", "Skills", lambda each: ", ".join(str(one) for one in each.skills.all())),
    Column("now", "Now", lambda each: each.get_standing_display()),
]


@require_GET
@operator_page
def receptionists(request: PortalRequest) -> HttpResponse:
    """Everybody with a desk, by name."""
    asked = Asked.read(request.GET)
    rows = list(Receptionist.objects.select_related("user").prefetch_related("skills"))
    if request.GET.get("format") == "csv":
        return as_csv(in_order(rows, COLUMNS, asked), COLUMNS, "receptionists")
    context = {"list": listed(rows, COLUMNS, asked), "is_empty": not rows}
    return show(request, "receptionists", context)


@require_http_methods(["GET", "HEAD", "POST"])
@operator_page
def new(request: PortalRequest) -> HttpResponse:
    """Gives somebody of the operator's people a desk."""
    form = ReceptionistForm(data_of(request), people=_without_desk())
    if is_post(request) and form.is_valid():

        def make() -> None:
            user = _without_desk().filter(pk=form.cleaned_data["user"]).first()
            if user is None:
                raise InvalidInput("Choose one of the people.", field="user")
            staffing.add_receptionist(
                user=user,
                phone=form.cleaned_data["phone"],
                skills=form.chosen_skills(),
                at=now(),
            )

        if save(form, make):
            notices.success(request, "They have a desk now.")
            return redirect(ROOM)
    return show(request, "receptionist", _form(form, None))


@require_http_methods(["GET", "HEAD", "POST"])
@operator_page
def edit(request: PortalRequest, receptionist_id: int) -> HttpResponse:
    """Changes what rings for a receptionist, and the skills."""
    found = _one(receptionist_id)
    form = ReceptionistForm(data_of(request), part=found)
    if is_post(request) and form.is_valid():

        def change() -> None:
            form.unchanged(_one(receptionist_id))
            staffing.edit_receptionist(
                receptionist=found, phone=form.cleaned_data["phone"], skills=form.chosen_skills()
            )

        if save(form, change):
            notices.success(request, "Saved.")
            return redirect(ROOM)
    return show(request, "receptionist", _form(form, found))


@require_http_methods(["GET", "HEAD", "POST"])
@operator_page
def remove(request: PortalRequest, receptionist_id: int) -> HttpResponse:
    """Asks before a desk is taken away."""
    found = _one(receptionist_id)
    if is_post(request):
        done = f"{found} has no desk any more."
        act(request, lambda: staffing.remove_receptionist(receptionist=found), done=done)
        return redirect(ROOM)
    return ask(
        request,
        Question(
            title=f"Take {found}'s desk away?",
            words="They can sign in as before, and no call rings for them.",
            verb="Take it away",
            action=reverse("desk:remove_receptionist", args=[receptionist_id]),
            back=reverse(ROOM),
        ),
    )


def _form(form: ReceptionistForm, found: Receptionist | None) -> dict[str, Any]:
    return {
        "form": form,
        "receptionist": found,
        "phones": staff_phones(),
        "back": reverse(ROOM),
        "delete": reverse("desk:remove_receptionist", args=[found.pk]) if found else "",
    }


def _without_desk() -> QuerySet[User]:
    staff = User.objects.exclude(staff=Staff.NONE).filter(status=UserStatus.ACTIVE)
    return staff.filter(receptionist=None).order_by("name", "email")


def _one(receptionist_id: int) -> Receptionist:
    rows = Receptionist.objects.select_related("user").prefetch_related("skills")
    found = rows.filter(pk=receptionist_id).first()
    if found is None:
        raise NotFound("There is no such receptionist any more")
    return found
