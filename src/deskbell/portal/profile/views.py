"""My Profile, and what is changed there of the person. Source: seed 000, "My Profile"."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib import messages as notices
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from deskbell.accounts import actions
from deskbell.accounts.models import User
from deskbell.contacts.queries import linked_to
from deskbell.delivery.actions import add_checked_method
from deskbell.foundation.clock import now
from deskbell.foundation.errors import NotFound

from ..acting import own_hands
from ..asking import act, ask
from ..attendant.frame import Question, data_of, is_post
from ..oncall.frame import save
from ..pages import page
from ..pictures.uploads import count_upload, crop_of
from ..sign_in.sessions import end_other_sessions
from ..tenancy import PortalRequest
from . import proving
from .forms import NameForm, NoticesForm, NumbersForm, PasswordForm, PictureForm, shown_numbers
from .page import WAYS, name_part, notices_part, numbers_part, show

ALONE = "portal/profile/dialog_page.html"


def back() -> HttpResponse:
    """To My Profile."""
    return redirect("profile")


def done(request: PortalRequest, words: str) -> HttpResponse:
    """To My Profile, with a notice of what was done."""
    notices.success(request, words)
    return back()


@require_safe
@page
def profile(request: PortalRequest) -> HttpResponse:
    """All that the person knows and changes of themselves."""
    return show(request)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def name(request: PortalRequest) -> HttpResponse:
    """Another name."""
    user = request.user
    form = NameForm(data_of(request), part=name_part(user))
    if not is_post(request):
        return back()
    if form.is_valid() and save(form, lambda: _name(form, user)):
        return done(request, "Your name is saved.")
    return show(request, name_form=form)


def _name(form: NameForm, user: User) -> None:
    form.unchanged(name_part(User.objects.get(pk=user.pk)))
    actions.change_name(user=user, name=form.cleaned_data["name"], at=now())


@require_http_methods(["GET", "HEAD", "POST"])
@page
def picture(request: PortalRequest) -> HttpResponse:
    """Another picture."""
    if not is_post(request):
        return back()
    form = PictureForm(data_of(request), files=request.FILES)
    if form.is_valid() and not form.cleaned_data["picture"]:
        form.add_error("picture", "Choose a picture first.")
    if form.is_valid() and save(form, lambda: _picture(request, form.cleaned_data["picture"])):
        return done(request, "Your picture is saved.")
    return show(request, picture_form=form)


def _picture(request: PortalRequest, upload: bytes) -> None:
    at = now()
    count_upload(request.user.pk, at=at)
    actions.change_picture(user=request.user, upload=upload, crop=crop_of(request.POST), at=at)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def remove_picture(request: PortalRequest) -> HttpResponse:
    """Asks before the picture goes."""
    if is_post(request):
        actions.remove_picture(user=request.user, at=now())
        return done(request, "Your picture is removed.")
    question = Question(
        title="Remove your picture?",
        words="Your initials stand in its place.",
        verb="Remove",
        action=reverse("profile:remove_picture"),
        back=reverse("profile"),
    )
    return ask(request, question, alone=ALONE)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def numbers(request: PortalRequest) -> HttpResponse:
    """The person's phone numbers."""
    user, region = request.user, request.account.country
    if not is_post(request):
        return back()
    form = NumbersForm(data_of(request), part=numbers_part(user), region=region)
    if form.is_valid() and save(form, lambda: _numbers(form, user, region)):
        return done(request, "Your contact numbers are saved.")
    return show(request, numbers_form=form)


def _numbers(form: NumbersForm, user: User, region: str) -> None:
    there = numbers_part(User.objects.get(pk=user.pk))
    form.unchanged(shown_numbers(there, region))
    primary = form.cleaned_data["primary"]
    actions.change_numbers(
        user=user, primary=primary, secondary=form.secondary, region=region, at=now()
    )


@require_POST
@page
def take_number(request: PortalRequest) -> HttpResponse:
    """Takes one of the person's numbers into the delivery methods of the contact that they are.

    It needs no right: the contact is the person's own, and so is the number.
    """
    user, kind, number = request.user, request.POST.get("way", ""), request.POST.get("number", "")
    contact = linked_to(user.pk)
    if contact is None or kind not in WAYS:
        raise NotFound("There is no such contact or way")
    if number not in {user.primary_number, *user.secondary_numbers} - {""}:
        raise NotFound("This is none of your numbers; save it first")
    act(
        request,
        lambda: add_checked_method(contact=contact, kind=kind, address=number, at=now()),
        done=f"{WAYS[kind]} is among your delivery methods now.",
    )
    return back()


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@own_hands
@page
def password(request: PortalRequest) -> HttpResponse:
    """Another password; all other sessions of the person end."""
    if not is_post(request):
        return back()
    form = PasswordForm(data_of(request), user=request.user)
    if form.is_valid() and (asked := proving.ask(request, form)):
        return asked
    if form.is_valid() and save(form, _password(request, form)):
        update_session_auth_hash(request, request.user)
        end_other_sessions(request)
        UserSession.objects.create_from_request(request)  # of the key that it has now
        return done(request, "Your password is changed. You are signed out everywhere else.")
    return show(request, password_form=form)


def _password(request: PortalRequest, form: PasswordForm) -> Callable[[], Any]:
    typed = form.cleaned_data
    return lambda: actions.change_password(
        user=request.user,
        current=typed.get("current", ""),
        password=typed["password"],
        at=now(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@own_hands
@page
def chosen_notices(request: PortalRequest) -> HttpResponse:
    """The time zone, and which mails the person wants."""
    user, zone = request.user, request.account.time_zone
    if not is_post(request):
        return back()
    form = NoticesForm(data_of(request), user=user, part=notices_part(user), zone=zone)
    if form.is_valid() and save(form, lambda: _notices(form, user)):
        return done(request, "Your time zone and emails are saved.")
    return show(request, notices_form=form)


def _notices(form: NoticesForm, user: User) -> None:
    form.unchanged(notices_part(User.objects.get(pk=user.pk)))
    typed, at = form.cleaned_data, now()
    actions.change_time_zone(user=user, time_zone=typed["time_zone"], at=at)
    actions.choose_notices(user=user, notices=typed["notices"], at=at)
