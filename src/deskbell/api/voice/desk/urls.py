"""The desk's URLs: below `/voice/desk/` for our gateways, `/voice/CARRIER/desk/` for carriers."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponseBase
from django.urls import URLPattern, path

from . import leaving, offers, parties, waiting

View = Callable[..., HttpResponseBase]
_VIEWS: dict[str, tuple[View, View]] = {
    "wait": (waiting.wait, waiting.hosted_wait),
    "hold": (waiting.hold, waiting.hosted_hold),
    "ringing": (waiting.ringing, waiting.hosted_ringing),
    "closed": (waiting.closed, waiting.hosted_closed),
    "back": (waiting.back, waiting.hosted_back),
    "left": (leaving.left, leaving.hosted_left),
    "offers/<str:token>/answer": (offers.answer, offers.hosted_answer),
    "offers/<str:token>/keys": (offers.keys, offers.hosted_keys),
    "offers/<str:token>/status": (offers.status, offers.hosted_status),
    "parties/<str:token>/answer": (parties.answer, parties.hosted_answer),
    "parties/<str:token>/keys": (parties.keys, parties.hosted_keys),
    "parties/<str:token>/status": (parties.status, parties.hosted_status),
}


def _pattern(route: str, view: View, *, start: str, name: str) -> URLPattern:
    named = route.replace("/<str:token>/", "-")
    return path(f"{start}desk/{route}", view, name=f"{name}-desk-{named}")


urlpatterns = [
    *(_pattern(route, ours, start="", name="voice") for route, (ours, _) in _VIEWS.items()),
    *(
        _pattern(route, hosted, start="<str:carrier>/", name="carrier")
        for route, (_, hosted) in _VIEWS.items()
    ),
]
