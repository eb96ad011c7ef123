"""Events of payments' providers, signed by them.

An event acts once however often it comes: it is kept by its id, and then the provider is asked
how the payment stands. Source: https://docs.stripe.com/webhooks
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from deskbell.billing.actions import take_event
from deskbell.billing.providers.chosen import provider as chosen
from deskbell.foundation import clock
from deskbell.foundation.errors import NotFound

from ..errors import with_errors
from ..voice.requests import check_size


@csrf_exempt
@with_errors
def event(request: HttpRequest, /, provider: str) -> HttpResponseBase:
    """Takes what the deployment's provider tells; 204, also for a payment that is none of ours.

    Others than POST get 405, another provider 404, a forged or old event 403, a broken one 400.
    """
    if request.method != "POST":
        return HttpResponse(status=405, headers={"Allow": "POST"})
    check_size(request)
    found = chosen()
    if found is None or found.name != provider:
        raise NotFound("No payments are taken through this provider here")
    at = clock.now()
    headers = {name.lower(): value for name, value in request.headers.items()}
    for each in found.events(request.body, headers, at):
        take_event(found.name, each, at)
    return HttpResponse(status=204)
