"""The message's form: saved as it is typed, sent once, and what becomes of it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages as notices
from django.http import HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from deskbell.desk.actions.forms import save_form, submit_form
from deskbell.desk.models import DeskCall, Form
from deskbell.desk.queries.forms import Shown, shown_of
from deskbell.foundation.clock import now
from deskbell.foundation.errors import Conflict, InvalidInput, NotFound
from deskbell.messages.models import Message
from deskbell.platform.tenancy import account_scope
from deskbell.scripts.models import Publication
from deskbell.scripts.queries import content_of
from deskbell.scripts.rules import UnfitAnswers

from ..lists import count
from ..oncall.frame import read_id
from ..pages import is_partial
from ..scripts.form_part import posted_answers
from .frame import DeskRequest, desk_page
from .hands import REFUSALS, own_call, sentence, zone_of
from .keys import KEYS
from .regions import after_action
from .shown import form_context, spoken_of

MOST_REVISIONS = 10**9


@require_POST
@desk_page
def save(request: DeskRequest, call_id: int, form_uuid: UUID) -> HttpResponseBase:
    """Keeps what is typed so far: JSON for the script, else the page again.

    409 with what another window saved meanwhile; 410 for a form that was sent already.
    """
    desk_call = own_call(request, call_id, may_be_over=True)
    try:
        form = _save(request, desk_call, form_uuid)
    except (Conflict, InvalidInput) as error:
        return _not_saved(request, desk_call, form_uuid, error)
    if not is_partial(request):
        notices.success(request, "The form is saved.")
        return redirect(_page_of(form))
    with zone_of(desk_call):
        saved = timezone.localtime(form.saved_at).strftime("%I:%M:%S %p").lstrip("0")
    return JsonResponse({"revision": form.revision, "saved": saved})


def _save(request: DeskRequest, desk_call: DeskCall, form_uuid: UUID) -> Form:
    with account_scope(desk_call.account_id):
        return save_form(
            form_uuid=form_uuid,
            desk_call=desk_call,
            account_id=desk_call.account_id,
            receptionist=request.receptionist,
            answers=posted_answers(request.POST),
            revision=count(request.POST, "revision", least=0, most=MOST_REVISIONS),
            publication_id=_publication_id(request),
            at=now(),
        )


def _publication_id(request: DeskRequest) -> int | None:
    return read_id(request.GET.get("publication"))


def _page_of(form: Form) -> str:
    is_over = form.desk_call is not None and form.desk_call.state == "over"
    return f"/desk/forms/{form.uuid}/" if is_over else "/desk/"


def _not_saved(
    request: DeskRequest, desk_call: DeskCall, form_uuid: UUID, error: Exception
) -> HttpResponseBase:
    if not is_partial(request):
        notices.error(request, sentence(str(error)))
        return redirect("desk")
    if not isinstance(error, Conflict):
        return JsonResponse({"error": sentence(str(error))}, status=422)
    found = Form.objects.get(uuid=form_uuid, account_id=desk_call.account_id)
    told = {
        "error": sentence(str(error)),
        "revision": found.revision,
        "answers": found.answers,
    }
    return JsonResponse(told, status=409 if found.submitted_at is None else 410)


@require_POST
@desk_page
def send(request: DeskRequest, call_id: int, form_uuid: UUID) -> HttpResponseBase:
    """Takes the message; where answers are missing, the form says so beside its fields."""
    desk_call = own_call(request, call_id, may_be_over=True)
    try:
        message = _send(request, desk_call, form_uuid)
    except UnfitAnswers as error:
        return _show_faults(request, desk_call, form_uuid, dict(error.faults))
    except REFUSALS as error:
        notices.error(request, sentence(str(error)))
        return after_action(request, status=422)
    notices.success(request, _told(message))
    return after_action(request)


def _send(request: DeskRequest, desk_call: DeskCall, form_uuid: UUID) -> Message:
    to = request.POST.get("to", "")
    with account_scope(desk_call.account_id):
        return submit_form(
            form_uuid=form_uuid,
            desk_call=desk_call,
            account_id=desk_call.account_id,
            receptionist=request.receptionist,
            answers=posted_answers(request.POST),
            level_id=read_id(to.removeprefix("level:")) if to.startswith("level:") else None,
            for_check_in=to == "check-in",
            disposition=request.POST.get("disposition", "").replace("\0", "").strip(),
            publication_id=_publication_id(request),
            at=now(),
        )


def _told(message: Message) -> str:
    if message.is_for_check_in:
        return f"Message {message.pk} is kept until they call in."
    if message.non_message_type:
        return f"Message {message.pk} is kept; nobody is told."
    return f"Message {message.pk} is sent."


def _show_faults(
    request: DeskRequest, desk_call: DeskCall, form_uuid: UUID, faults: dict[str, str]
) -> HttpResponseBase:
    """The form as it was sent, also without a script, with what is wrong beside each field."""
    notices.error(request, "The message is not sent: some answers are missing or wrong.")
    shown = _shown(desk_call, form_uuid, _publication_id(request))
    answers = posted_answers(request.POST)
    more = _context(request, desk_call, shown) | {"answers": answers, "faults": faults}
    if is_partial(request):
        return after_action(request, more, status=422)
    return _page(request, desk_call, more, status=422)


def _shown(desk_call: DeskCall, form_uuid: UUID, publication_id: int | None) -> Shown:
    found = Form.objects.select_related("publication").filter(uuid=form_uuid).first()
    if found is not None:
        return shown_of(found)
    publication = Publication.objects.filter(
        pk=publication_id or 0, account_id=desk_call.account_id
    ).first()
    return Shown(form_uuid, content_of(publication), publication_id, {}, 0)


def _context(request: DeskRequest, desk_call: DeskCall, shown: Shown) -> dict[str, object]:
    spoken = spoken_of(desk_call, request.receptionist, now())
    return {"call": desk_call, **form_context(desk_call, shown, spoken)}


@require_safe
@desk_page
def unsent(request: DeskRequest, form_uuid: UUID) -> HttpResponseBase:
    """A form of a call that is over, to be finished and sent."""
    found = Form.objects.select_related("publication", "account", "desk_call").filter(
        uuid=form_uuid, receptionist=request.receptionist
    )
    form = found.first()
    if form is None or form.desk_call is None:
        raise NotFound("There is no such form, or it is somebody else's.")
    if form.submitted_at is not None:
        notices.success(request, "That form was sent already.")
        return redirect("desk")
    desk_call = own_call(request, form.desk_call.pk, may_be_over=True)
    return _page(request, desk_call, _context(request, desk_call, shown_of(form)))


def _page(
    request: DeskRequest, desk_call: DeskCall, more: dict[str, object], *, status: int = 200
) -> HttpResponseBase:
    context = more | {"keys": KEYS, "is_alone": True}
    with zone_of(desk_call):
        return render(request, "portal/desk/unsent_page.html", context, status=status)
