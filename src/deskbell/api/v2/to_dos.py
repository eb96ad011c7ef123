"""To Dos over the API: make them, list them, read one, delete one.

Source: seed 000, "To Dos API"; design, portal API, "To Dos". The body is read here and not by a
shape, because the first fault in the order of the seed's tables is the one that is told, whether
it is a kind that is wrong or what the rooms below find.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import HttpResponse, JsonResponse
from ninja import Query, Router

from deskbell import audit
from deskbell.foundation import clock
from deskbell.todos import actions, queries
from deskbell.todos.models import ToDo

from . import shapes
from . import to_do_shapes as shown
from .auth import Scope, TokenRequest, needs
from .paging import Paging, lead_on
from .parameters import Id
from .to_do_bodies import read_body

router = Router(tags=["To Dos"])
READ = needs(Scope.TO_DOS_READ)
WRITE = needs(Scope.TO_DOS_WRITE)
FAULTS = {401: shapes.Fault, 403: shapes.Fault}


@router.get("/to-dos", include_in_schema=False, **READ)
@router.get(
    "/to_dos",
    response={200: shown.ToDosAnswer, **FAULTS, 422: shapes.Fault},
    summary="List To Dos",
    **READ,
)
def list_to_dos(request: TokenRequest, paging: Query[Paging]) -> HttpResponse:
    """The account's To Dos, newest first.

    X-Total-Count says how many there are on all pages; Link leads to the first, previous, next and
    last page. `/api/v2/to-dos` is the same.
    """
    found = ToDo.objects.select_related("schedule").order_by("-created_at", "-id")
    answer = JsonResponse({"data": [_shown(each) for each in paging.of(found)]})
    lead_on(answer, request, paging, ToDo.objects.count())
    return answer


@router.post("/to-dos", include_in_schema=False, **WRITE)
@router.post(
    "/to_dos",
    response={
        201: shown.ToDoAnswer,
        400: shapes.Fault,
        **FAULTS,
        409: shapes.Fault,
        422: shapes.Fault,
    },
    summary="Create a To Do",
    **WRITE,
)
def create_to_do(request: TokenRequest, given: shown.Given) -> HttpResponse:
    """Sends a text or an email, or calls and speaks: now, today, or again and again.

    The first fault in the order of the fields is told: 422 with "Missing parameter: contact" or
    "Invalid parameter: days"; 400 where the body is not a JSON object, 409 where the account has
    10,000 that are still to run. An account's To Dos send 1,000 texts, emails and calls an hour
    each, unless the operator allows another number.
    """
    asked = read_body(given, request.auth.account)
    made = actions.add_to_do(
        account_id=request.auth.account_id,
        fields=asked.fields,
        when=asked.schedule,
        account_number=asked.account_number,
        at=clock.now(),
        by=request.auth.name or "an API token",
    )
    audit.note(request, subject=f"to do {made.pk}")
    return _answer(made.pk, status=201)


@router.get("/to-dos/{to_do_id}", include_in_schema=False, **READ)
@router.get(
    "/to_dos/{to_do_id}",
    response={200: shown.ToDoAnswer, **FAULTS, 404: shapes.Fault},
    summary="Get a single To Do",
    **READ,
)
def get_to_do(request: TokenRequest, to_do_id: Id) -> HttpResponse:  # noqa: ARG001 ninja passes it
    """One To Do, and when it runs."""
    return _answer(to_do_id)


@router.delete("/to-dos/{to_do_id}", include_in_schema=False, **WRITE)
@router.delete(
    "/to_dos/{to_do_id}",
    response={204: None, **FAULTS, 404: shapes.Fault},
    summary="Delete a To Do",
    **WRITE,
)
def delete_to_do(request: TokenRequest, to_do_id: Id) -> HttpResponse:  # noqa: ARG001 ninja passes it
    """Takes a To Do away, with its schedule and the history of its runs; it runs no more."""
    actions.delete_to_do(to_do=queries.one(to_do_id))
    return HttpResponse(status=204)


def _answer(to_do_id: int, *, status: int = 200) -> HttpResponse:
    return JsonResponse({"data": _shown(queries.one(to_do_id))}, status=status)


def _shown(to_do: ToDo) -> dict[str, Any]:
    """A To Do in the shape of the seed's Response Example 1."""
    schedule = to_do.schedule
    return {
        "to_do": {
            "id": to_do.pk,
            "phone_id": to_do.phone_id,
            "delivery_type": to_do.delivery_type,
            "instructions": to_do.instructions,
            "contact": to_do.contact,
            "created_at": _time(to_do.created_at),
            "updated_at": _time(to_do.updated_at),
            "message_text": to_do.message_text,
            "times": None,
            "is_sending": to_do.is_sending,
            "run_at": _time(to_do.run_at),
            "from": to_do.from_number,
            "subject": to_do.subject,
            "from_email": to_do.from_email,
            "sendgrid_authenticated_domain_id": None,
            "sender_name": to_do.sender_name,
        },
        "schedule": {
            "id": schedule.pk,
            "schedulable_id": to_do.pk,
            "schedulable_type": "ToDo",
            "rule": schedule.rule,
            "times": schedule.times,
            "previous_occurrence": _time(schedule.previous_occurrence),
            "next_occurrence": _time(schedule.next_occurrence),
            "created_at": _time(schedule.created_at),
            "updated_at": _time(schedule.updated_at),
        },
    }


def _time(at: datetime | None) -> str | None:
    """2024-11-28T17:28:12.723Z (seed 000, "Response Example 1")."""
    if at is None:
        return None
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z"
