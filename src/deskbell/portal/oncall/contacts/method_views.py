"""Delivery methods of a contact: adding, editing, deleting and verifying them.

Source: seed 000, "Add Delivery Methods" to "Delete Delivery Methods"; design, on call, "Calendars".
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.contrib import messages as notices
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from deskbell.contacts import actions, queries
from deskbell.contacts.models import Contact, DeliveryMethod
from deskbell.delivery.actions import add_checked_method, edit_checked_method
from deskbell.delivery.registry import transports
from deskbell.delivery.verification import confirm, send_code
from deskbell.foundation.clock import now
from deskbell.foundation.errors import InvalidInput, NotFound

from ...tenancy import PortalRequest
from ..frame import (
    Question,
    act,
    ask,
    data_of,
    is_post,
    may_edit,
    oncall_page,
    only_editors,
    render_page,
    save,
)
from .method_forms import MethodForm, only_own_phones, transport_named
from .shown import icon_of, line_of
from .uses import lost_with_method
from .views import FOLDER, FOREVER, render_contact


def _both(contact_id: int, method_id: int) -> tuple[Contact, DeliveryMethod]:
    """A contact and one of its methods. Raises NotFound."""
    contact = queries.one(contact_id)
    for method in contact.methods.all():
        if method.pk == method_id:
            return contact, method
    raise NotFound("No such delivery method")


@require_http_methods(["GET", "POST"])
@oncall_page
def new(request: PortalRequest, contact_id: int) -> HttpResponse:
    """Adds a delivery method of the kind that `kind` in the URL names; asks where none is named."""
    only_editors(request)
    contact = queries.one(contact_id)
    if "kind" not in request.GET:
        kinds = [(each.kind, each.label, icon_of(each.kind)) for each in transports().values()]
        context = {"contact": contact, "kinds": kinds}
        return render_page(request, f"{FOLDER}/which_kind.html", context)
    transport = transport_named(request.GET["kind"])
    form = MethodForm(data_of(request), transport=transport)
    if not is_post(request) and request.GET.get("address"):
        form.initial["address"] = request.GET["address"]
    if is_post(request) and form.is_valid():

        def add() -> None:
            only_own_phones(request.account, transport, form.values["address"])
            add_checked_method(contact=contact, kind=transport.kind, at=now(), **form.values)

        if save(form, add):
            done = f"{transport.label} is added. Send a code there to see that it arrives."
            notices.success(request, done)
            return redirect("oncall:contact", contact_id)
    context = {"form": form, "contact": contact, "transport": transport, "method": None}
    return render_page(request, f"{FOLDER}/method.html", context)


@require_http_methods(["GET", "POST"])
@oncall_page
def method(request: PortalRequest, contact_id: int, method_id: int) -> HttpResponse:
    """One delivery method, to look at and to edit."""
    contact, found = _both(contact_id, method_id)
    transport = transport_named(found.kind)
    only_editors(request)  # the address stands in the form whole, with what is secret of it
    form = MethodForm(data_of(request), transport=transport, method=found)
    if is_post(request) and form.is_valid():

        def change() -> None:
            _, there = _both(contact_id, method_id)
            form.unchanged({name: getattr(there, name) for name in form.values})
            if form.values["address"] != there.address:
                only_own_phones(request.account, transport, form.values["address"])
            edit_checked_method(method=there, at=now(), **form.values)

        if save(form, change):
            notices.success(request, f"{transport.label} is saved.")
            return redirect("oncall:contact", contact_id)
    context = {
        "form": form,
        "contact": contact,
        "transport": transport,
        "method": found,
        "line": line_of(found),
        "may_edit": may_edit(request),
    }
    return render_page(request, f"{FOLDER}/method.html", context)


@require_http_methods(["GET", "POST"])
@oncall_page
def delete(request: PortalRequest, contact_id: int, method_id: int) -> HttpResponse:
    """Asks before a delivery method is deleted, saying what loses it; then deletes it."""
    only_editors(request)
    contact, found = _both(contact_id, method_id)
    line = line_of(found)
    if is_post(request):
        act(
            request,
            lambda: actions.remove_method(method=found),
            done=f"{line.label} {line.address} is deleted, and out of every event.",
        )
        return redirect("oncall:contact", contact_id)
    today = now().astimezone(ZoneInfo(request.account.time_zone)).date()
    lost = lost_with_method(found, today)
    question = Question(
        title=f"Delete {line.label} {line.address}?",
        words=f"“{contact.name}” is not reached this way any more, and it is taken out of"
        f" everything below. {FOREVER}"
        if lost
        else f"“{contact.name}” is not reached this way any more; no event has it. {FOREVER}",
        items=lost,
        verb="Delete delivery method",
        action=reverse("oncall:delete_method", args=[contact_id, method_id]),
        back=reverse("oncall:contact", args=[contact_id]),
    )
    return ask(request, question)


@require_POST
@oncall_page
def send(request: PortalRequest, contact_id: int, method_id: int) -> HttpResponse:
    """Sends a code to a delivery method, to be entered on the contact's page."""
    _, found = _both(contact_id, method_id)
    line = line_of(found)
    done = f"A code is on its way to {line.address}. Enter it below within ten minutes."
    act(request, lambda: send_code(method=found, at=now()), done=done)
    return redirect(f"{reverse('oncall:contact', args=[contact_id])}#method-{method_id}")


@require_http_methods(["GET", "POST"])
@oncall_page
def enter(request: PortalRequest, contact_id: int, method_id: int) -> HttpResponse:
    """Takes the code that was sent; says beside its field what is wrong with it.

    A wrong code leaves the browser at this address, so it also leads back to the contact.
    """
    contact, found = _both(contact_id, method_id)
    if not is_post(request):
        return redirect(f"{reverse('oncall:contact', args=[contact_id])}#method-{method_id}")
    wrong = _wrong(found, request.POST.get("code", ""))
    if wrong:
        return render_contact(request, contact, code_error=(method_id, wrong))
    notices.success(request, f"{line_of(found).address} is verified.")
    return redirect(f"{reverse('oncall:contact', args=[contact_id])}#method-{method_id}")


def _wrong(found: DeliveryMethod, typed: str) -> str:
    code = typed.strip().replace(" ", "")
    if not code:
        return "Type the six digits that arrived."
    try:
        is_right = confirm(method=found, code=code, at=now())
    except InvalidInput as error:
        return str(error)
    return "" if is_right else "That is not the code that was sent. Look again, or send a new one."
