"""Calls that are to be made about messages: taken, made, and what came of them."""

from __future__ import annotations

from django.http import Http404, HttpResponseBase
from django.views.decorators.http import require_POST

from deskbell.delivery.models import Delivery
from deskbell.desk.actions.dialling import call_out
from deskbell.desk.actions.tasks import drop_task, take_task, task_done
from deskbell.desk.rules.tasks import Result
from deskbell.foundation.clock import now
from deskbell.foundation.errors import NotFound

from ..lists import written
from .dialling import PICK_UP
from .frame import DeskRequest, desk_page
from .hands import act
from .regions import after_action


def _task(delivery_id: int) -> Delivery:
    found = Delivery.objects.select_related("message", "account", "method")
    task = found.filter(pk=delivery_id, by_receptionist=True).first()
    if task is None:
        raise NotFound("There is no such call to make.")
    return task


@require_POST
@desk_page
def take(request: DeskRequest, delivery_id: int) -> HttpResponseBase:
    """Keeps a call to make for this receptionist."""
    task, own = _task(delivery_id), request.receptionist
    act(
        request,
        task.account_id,
        lambda: take_task(delivery=task, receptionist=own, at=now()),
    )
    return after_action(request)


@require_POST
@desk_page
def drop(request: DeskRequest, delivery_id: int) -> HttpResponseBase:
    """Gives it back to the others."""
    task, own = _task(delivery_id), request.receptionist
    act(
        request,
        task.account_id,
        lambda: drop_task(delivery=task, receptionist=own, at=now()),
    )
    return after_action(request)


@require_POST
@desk_page
def call(request: DeskRequest, delivery_id: int) -> HttpResponseBase:
    """Calls: the own telephone first, then whom the message is for."""
    task, own = _task(delivery_id), request.receptionist

    def place() -> None:
        take_task(delivery=task, receptionist=own, at=now())
        call_out(
            receptionist=own,
            account_id=task.account_id,
            number=task.message.did,
            to=task.address,
            at=now(),
            delivery=task,
        )

    act(request, task.account_id, place, PICK_UP)
    return after_action(request)


@require_POST
@desk_page
def end(request: DeskRequest, delivery_id: int) -> HttpResponseBase:
    """Notes what came of it."""
    task, own = _task(delivery_id), request.receptionist
    result = request.POST.get("result", "")
    if result not in set(Result):
        raise Http404
    act(
        request,
        task.account_id,
        lambda: task_done(
            delivery=task,
            receptionist=own,
            result=Result(result),
            words=written(request.POST, "words", 200),
            at=now(),
        ),
        "Noted.",
    )
    return after_action(request)
