"""Events of payments' providers, signed by them.

An event acts once however often it comes: it is kept by its id, and then the provider is asked
how the payment stands. Source: https://docs.stripe.com/webhooks
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from deskbell.billing.actions import take_event
from deskbell.billing.providers.chosen import provider_named
from deskbell.foundation import clock

from ..errors import with_errors
from ..voice.requests import check_size


@csrf_exempt
@with_errors
def event(request: HttpRequest, /, provider: str) -> HttpResponseBase:
    """Takes what a provider of the deployment's tells, also one that takes no new payments any
    more; 204, also for a payment that is none of ours.

    Others than POST get 405, a provider that tells nothing here 404, a forged or old event 403, a
    broken one 400, one of more than 256 KiB 413. Where the provider itself does not answer how the
    payment stands, 503 has it tell the event again.
    """
    if request.method != "POST":
        return HttpResponse(status=405, headers={"Allow": "POST"})
    check_size(request)
    found, at = provider_named(provider), clock.now()
    headers = {name.lower(): value for name, value in request.headers.items()}
    for each in found.events(request.body, headers, at):
        take_event(found.name, each, at)
    return HttpResponse(status=204)
