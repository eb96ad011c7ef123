"""What the attendant's pages share: the draft and its bar, who may edit, and how edits are saved.

The pages show and edit the account's draft, which is what callers meet until somebody edits it.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib import messages as notices
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from deskbell.accounts.rules import Right
from deskbell.attendant.actions.drafts import edit_draft
from deskbell.attendant.queries import Planned
from deskbell.attendant.queries import planned as read_planned
from deskbell.attendant.rules.differences import differences
from deskbell.attendant.rules.plans import Plan
from deskbell.doctor.findings import Finding
from deskbell.doctor.queries import findings
from deskbell.foundation.clock import now
from deskbell.foundation.errors import Conflict, InvalidInput, NotAllowed, NotFound

from ..acting import doer_of
from ..context import menu_at
from ..pages import View, is_partial, page
from ..tenancy import PortalRequest, held_rights
from .forms import PartChanged, PartForm

P = ParamSpec("P")
Change = Callable[[Plan], Plan]
READ_ONLY = "Changing the auto attendant needs the Auto Attendant access of this account."


def attendant_page(view: Callable[Concatenate[PortalRequest, P], HttpResponseBase]) -> View[P]:
    """A page of the attendant: everybody in the account looks, POSTs need `Right.ATTENDANT`."""

    @functools.wraps(view)
    def guarded(request: PortalRequest, *args: P.args, **named: P.kwargs) -> HttpResponseBase:
        if request.method == "POST":
            only_editors(request)
        if any("\0" in str(value) for value in named.values()):  # PostgreSQL takes none
            raise NotFound("There is nothing with this name")
        return view(request, *args, **named)

    return page(cast(Callable[Concatenate[PortalRequest, P], HttpResponseBase], guarded))


def may_edit(request: PortalRequest) -> bool:
    """Whether the person may edit the attendant."""
    return Right.ATTENDANT in held_rights(request)


def may_edit_extensions(request: PortalRequest) -> bool:
    """Whether the person may change extensions too, which an AA_ADMIN may not."""
    return Right.EXTENSIONS in held_rights(request)


def only_editors(request: PortalRequest) -> None:
    """Refuses whoever may only look: no form is shown that could not be sent. Raises NotAllowed."""
    if not may_edit(request):
        raise NotAllowed(READ_ONLY)


def planned_of(request: PortalRequest) -> Planned:
    """The account's draft, else what callers meet; read once per request, and after a save."""
    known: Planned | None = getattr(request, "planned", None)
    if known is None:
        known = read_planned(request.account.pk)
        request.planned = known  # type: ignore[attr-defined]
    return known


def save(request: PortalRequest, form: PartForm[Any], change: Change) -> bool:
    """Applies a valid form's change to the draft; says whether it is saved.

    Where it is not, the form shows why: beside the field that an error names, and beside every
    field that somebody else saved differently meanwhile.
    """
    try:
        _edit(request, change)
    except PartChanged as error:
        form.show_saved(error.part)
        form.refuse(error)
    except (InvalidInput, NotFound, Conflict) as error:
        form.refuse(error)
    else:
        form.note_changes()
        return True
    return False


def act(request: PortalRequest, change: Change, *, done: str) -> bool:
    """Applies a change that has no form, as a deletion; a notice says `done` or what is wrong."""
    try:
        _edit(request, change)
    except (InvalidInput, NotFound, Conflict) as error:
        notices.error(request, str(error))
        return False
    notices.success(request, done)
    return True


def _edit(request: PortalRequest, change: Change) -> None:
    edit_draft(account=request.account, change=change, at=now(), by=doer_of(request).email)
    request.planned = None  # type: ignore[attr-defined]


def render_page(
    request: PortalRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    planned: Planned | None = None,
    status: int = 0,
) -> HttpResponse:
    """A page inside `portal/attendant/base.html`; a `form` in the context decides the status."""
    form = context.get("form")
    decided = form.http_status if isinstance(form, PartForm) else 200
    whole = _shared(request, planned or planned_of(request)) | dict(context)
    return render(request, template, whole, status=status or decided)


def _shared(request: PortalRequest, planned: Planned) -> dict[str, Any]:
    is_edited = planned.draft is not None
    here = next((entry for entry in menu_at(request) if entry.is_here), None)
    return {
        "tabs": here.inside if here else (),
        "planned": planned,
        "draft_changes": len(differences(planned.live, planned.plan)) if is_edited else 0,
        "may_edit": may_edit(request),
        "may_edit_extensions": may_edit_extensions(request),
    }


def render_dialog(
    request: PortalRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    planned: Planned | None = None,
    status: int = 200,
) -> HttpResponse:
    """A dialog over the page for htmx, and a page of its own without a script.

    The template extends `dialog_base`, which is one or the other.
    """
    whole = _shared(request, planned or planned_of(request)) | dict(context)
    base = "dialog" if is_partial(request) else "dialog_page"
    whole["dialog_base"] = f"portal/attendant/{base}.html"
    return render(request, template, whole, status=status)


@dataclass(frozen=True, slots=True)
class Item:
    """Something that a question lists: words, and where it can be looked at."""

    words: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What a dialog asks before something is destroyed.

    `items` is what else it breaks. Where `refusal` is said, the answer cannot be yes.
    """

    title: str
    words: str
    verb: str
    action: str
    back: str
    items: Sequence[Item] = ()
    refusal: str = ""
    hidden: Mapping[str, str] = field(default_factory=dict)
    is_danger: bool = True


def ask(
    request: PortalRequest, question: Question, *, planned: Planned | None = None
) -> HttpResponse:
    """Asks before something is destroyed; the answer is a POST to `question.action`."""
    context = {"question": question}
    return render_dialog(request, "portal/attendant/ask.html", context, planned=planned)


def findings_of(request: PortalRequest) -> list[Finding]:
    """What Doctor finds in the plan that the pages show; asks the database, so once per page."""
    return findings(request.account.pk, plan=planned_of(request).plan, at=now())


def is_post(request: HttpRequest) -> bool:
    """Whether a form was sent."""
    return request.method == "POST"


def data_of(request: HttpRequest) -> Any:
    """What a form is bound to: the posted values, None where the page is only looked at."""
    return cast(Any, request.POST) if is_post(request) else None
