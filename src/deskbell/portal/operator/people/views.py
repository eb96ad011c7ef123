"""The staff, and everybody who signs in: who they are, and whether they may."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages as notices
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from deskbell import audit
from deskbell.accounts import actions
from deskbell.accounts.models import Invitation, Membership, Staff, User
from deskbell.accounts.queries import leads_alone, staff_invitations
from deskbell.desk.models import Receptionist
from deskbell.foundation.clock import now
from deskbell.foundation.errors import NotFound

from ... import mfa
from ...asking import act
from ...attendant.frame import Item, Question, data_of, is_post
from ...attendant.listing import Asked
from ...mfa.resetting import may_reset
from ...oncall.frame import save
from ...tenancy import PortalRequest
from ..frame import ask, operator_page, show
from ..listing import context_of, wants_csv
from .forms import InviteForm, ServingForm
from .rows import EVERYONE, TABLE, people_shown

ROOM: Final = "operator:person"


@require_safe
@operator_page
def people(request: PortalRequest) -> HttpResponse:
    """The staff, or everybody who signs in; searched and sorted, or all of them as a table."""
    asked = Asked.read(request.GET)
    rows = people_shown(asked.show)
    if wants_csv(request):
        return TABLE.csv(rows, asked, "people")
    context = {
        **context_of(TABLE.page(rows, asked), rows),
        "filters": [(asked.showing(""), "Staff"), (asked.showing(EVERYONE), "Everyone")],
        "invitations": [
            (each, each.expires_at <= now()) for each in staff_invitations().order_by("email")
        ],
    }
    return show(request, "people/people", context)


@require_http_methods(["GET", "HEAD", "POST"])
@operator_page
def invite(request: PortalRequest) -> HttpResponse:
    """Invites somebody to the staff, by mail."""
    form = InviteForm(data_of(request))
    if is_post(request) and form.is_valid():
        given = form.cleaned_data

        def make() -> None:
            actions.invite(
                email=given["email"],
                name=given["name"],
                staff=given["staff"],
                by=request.user,
                at=now(),
            )

        if save(form, make):
            audit.note(request, subject=given["email"])
            notices.success(request, f"{given['email']} is invited. The link works for seven days.")
            return redirect("operator:people")
    return show(request, "people/invite", {"form": form, "back": reverse("operator:people")})


@require_POST
@operator_page
def invite_again(request: PortalRequest, staff_invitation_id: int) -> HttpResponse:
    """Mails a new link to somebody who was invited to the staff."""
    found = _invitation(staff_invitation_id)
    audit.note(request, subject=found.email)
    act(
        request,
        lambda: actions.invite_again(invitation=found, by=request.user, at=now()),
        done=f"{found.email} gets a new link; the one of before stops.",
    )
    return redirect("operator:people")


@require_http_methods(["GET", "HEAD", "POST"])
@operator_page
def withdraw(request: PortalRequest, staff_invitation_id: int) -> HttpResponse:
    """Asks before an invitation to the staff is withdrawn."""
    found = _invitation(staff_invitation_id)
    if is_post(request):
        audit.note(request, subject=found.email)
        act(
            request,
            lambda: actions.withdraw_invitation(invitation=found, by=request.user, at=now()),
            done=f"The invitation of {found.email} is withdrawn.",
        )
        return redirect("operator:people")
    question = Question(
        title=f"Withdraw the invitation of {found.email}?",
        words="The link that was mailed stops working.",
        verb="Withdraw it",
        action=reverse("operator:withdraw_staff_invitation", args=[found.pk]),
        back=reverse("operator:people"),
    )
    return ask(request, question)


@require_http_methods(["GET", "HEAD", "POST"])
@operator_page
def person(request: PortalRequest, user_id: int) -> HttpResponse:
    """One person: which accounts they belong to, what they serve as, and changing that."""
    found = _one(user_id)
    form = ServingForm(data_of(request), part=found)
    if is_post(request) and form.is_valid() and save(form, lambda: _serve(request, form, found)):
        audit.note(request, subject=found.email)
        notices.success(request, "Saved. It holds from now on, and they sign in anew.")
        return redirect(ROOM, user_id)
    fresh = _one(user_id)
    context = {
        "form": form,
        "person": fresh,
        "memberships": Membership.objects.filter(user=fresh)
        .select_related("account")
        .order_by("account__number"),
        "has_mfa": mfa.has_mfa(fresh),
        "may_reset": may_reset(fresh, request.user),
        "has_desk": Receptionist.objects.filter(user=fresh).exists(),
        "is_oneself": fresh.pk == request.user.pk,
        "back": reverse("operator:people"),
    }
    return show(request, "people/person", context)


@require_http_methods(["GET", "HEAD", "POST"])
@operator_page
def suspend(request: PortalRequest, user_id: int) -> HttpResponse:
    """Asks before a person cannot sign in any more."""
    found = _one(user_id)
    return _asked(
        request,
        found,
        Question(
            title=f"Suspend {found}?",
            words=f"{found.email} is signed out everywhere and cannot sign in, neither here nor"
            " with tokens, until somebody makes them active again.",
            items=_items_of(found),
            verb="Suspend",
            action=reverse("operator:suspend_person", args=[found.pk]),
            back=reverse(ROOM, args=[found.pk]),
        ),
        lambda: actions.suspend(user=found, by=request.user, at=now()),
        done=f"{found} is suspended.",
    )


@require_POST
@operator_page
def reactivate(request: PortalRequest, user_id: int) -> HttpResponse:
    """Lets a person sign in again."""
    found = _one(user_id)
    _note(request, found)
    act(
        request,
        lambda: actions.reactivate(user=found, by=request.user, at=now()),
        done=f"{found} may sign in again.",
    )
    return redirect(ROOM, user_id)


@require_http_methods(["GET", "HEAD", "POST"])
@operator_page
def reset_mfa(request: PortalRequest, user_id: int) -> HttpResponse:
    """Asks before a person's MFA is removed, because their device is lost."""
    found = _one(user_id)
    return _asked(
        request,
        found,
        Question(
            title=f"Remove the MFA of {found}?",
            words="Do it only where you know that it is they who ask: by a call to a number that"
            " you know, not by a mail. They are signed out everywhere, and told by mail.",
            verb="Remove it",
            action=reverse("operator:reset_mfa", args=[found.pk]),
            back=reverse(ROOM, args=[found.pk]),
        ),
        lambda: mfa.reset(user=found, by=request.user, at=now()),
        done=f"{found} has no MFA any more, and is told by mail.",
    )


def _asked(
    request: PortalRequest,
    found: User,
    question: Question,
    change: Callable[[], Any],
    *,
    done: str,
) -> HttpResponse:
    if not is_post(request):
        return ask(request, question)
    _note(request, found)
    act(request, change, done=done)
    return redirect(ROOM, found.pk)


def _note(request: PortalRequest, found: User) -> None:
    """Stands in the log of the account where the person belongs to one alone."""
    theirs = list(Membership.objects.filter(user=found).values_list("account_id", flat=True)[:2])
    audit.note(request, subject=found.email, account_id=theirs[0] if len(theirs) == 1 else None)


def _serve(request: PortalRequest, form: ServingForm, found: User) -> None:
    """Makes the person what was chosen."""
    with transaction.atomic():
        form.unchanged(_one(found.pk))
        actions.set_staff(user=found, staff=form.cleaned_data["staff"], by=request.user, at=now())


def _items_of(found: User) -> list[Item]:
    """What goes with the person, in words."""
    items = []
    if found.staff == Staff.RECEPTIONIST or Receptionist.objects.filter(user=found).exists():
        items.append(Item("Calls do not ring at their desk any more."))
    theirs = Membership.objects.filter(user=found).select_related("account")
    items += [Item(_of_account(each)) for each in theirs[:10]]
    sent = Invitation.objects.filter(
        invited_by=found.email, accepted_at=None, withdrawn_at=None, expires_at__gt=now()
    ).count()
    if sent:
        items.append(Item(f"Their open invitations stop working ({sent})."))
    return items


def _of_account(place: Membership) -> str:
    words = f"They cannot enter {place.account.name}"
    if leads_alone(place):
        return f"{words}, which has no administrator then. Invite somebody else to it."
    return f"{words}."


def _one(user_id: int) -> User:
    found = User.objects.filter(pk=user_id).first()
    if found is None:
        raise NotFound("There is no such person")
    return found


def _invitation(staff_invitation_id: int) -> Invitation:
    found = staff_invitations().filter(pk=staff_invitation_id).first()
    if found is None:
        raise NotFound("There is no such invitation any more")
    return found
