"""Every URL of the web side, and `/empty`, whose view does nothing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt


@csrf_exempt
def empty(_request: HttpRequest) -> HttpResponse:
    """Passes through the same server and middleware as every other view."""
    return HttpResponse("ok", content_type="text/plain")


urlpatterns = [
    path("empty", empty),
    path("", include("deskbell.config.urls")),
]
