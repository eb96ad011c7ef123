"""What mail services report later: that a mailbox took a mail, or sent it back.

Read by django-anymail's view of that service, which also checks that the service says so: by its
signature, or by `DESKBELL_EMAIL_REPORT_SECRET` as the name and password of the address.
Source: https://anymail.dev/en/stable/sending/tracking/
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.module_loading import import_string
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from deskbell.delivery import actions
from deskbell.delivery.transport import Outcome, delivered, lasting_failure
from deskbell.foundation.clock import now
from deskbell.platform.tenancy import account_scope

_CAME_BACK = {"bounced", "rejected", "failed"}


@csrf_exempt
@require_http_methods(["HEAD", "POST"])
def report(request: HttpRequest, service: str) -> HttpResponse:
    """200 for what was read; 403 where nobody can say who sends it, 400 for nonsense, 404 for a
    service that is not the one we send by. HEAD is how some check that we are there.
    """
    if service != settings.EMAIL_SERVICE or not settings.EMAIL_REPORTS:
        raise Http404
    if request.method == "POST":
        from anymail.exceptions import AnymailError, AnymailWebhookValidationFailure

        try:
            events = _read(request)
        except AnymailWebhookValidationFailure:
            return HttpResponse("This is not signed as it should be\n", status=403)
        except (AnymailError, ValueError, LookupError, TypeError, AttributeError):
            return HttpResponse("This cannot be read\n", status=400)
        for event in events:
            _hear(event)
    return HttpResponse()


def _read(request: HttpRequest) -> Sequence[Any]:
    view = import_string(f"anymail.webhooks.{settings.EMAIL_REPORTS}")()
    view.setup(request)
    view.run_validators(request)
    return list(view.parse_events(request))


def _hear(event: Any) -> None:
    """Keeps what is said of one of our deliveries; of any other mail nothing is kept."""
    about = str((event.metadata or {}).get("deskbell", ""))
    account_id, _, delivery_id = about.partition(".")
    outcome = _outcome(event)
    if outcome is None or not (account_id.isdecimal() and delivery_id.isdecimal()):
        return
    with account_scope(int(account_id)):
        actions.correct(delivery_id=int(delivery_id), outcome=outcome, at=now())


def _outcome(event: Any) -> Outcome | None:
    if event.event_type == "delivered":
        return delivered("The mailbox took it")
    if event.event_type in _CAME_BACK:
        why = event.mta_response or event.description or event.reject_reason or event.event_type
        return lasting_failure(str(why))
    return None
