"""Two doors to one view: our gateways come through the one, hosted carriers through the other.

Both send a token in the address that names what a call is about; the request is signed by whoever
carries the call.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from deskbell.attendant.ways import Way

from ..errors import with_errors
from .carriers import carrier_named, check_genuine
from .requests import check_size, signed

Act = Callable[[HttpRequest, str, Way], HttpResponseBase]
View = Callable[[HttpRequest, Way], HttpResponseBase]


def both_doors(
    act: Act, view: Callable[..., object]
) -> tuple[Callable[..., HttpResponseBase], ...]:
    """The view for our gateways, and for hosted carriers: POST only, signed.

    `act` is given the request, its token and who carries the call; `view` gives both their name.
    """

    @signed("POST")
    @functools.wraps(view)
    def ours(request: HttpRequest, /, token: str) -> HttpResponseBase:
        return act(request, token, Way.GATEWAY)

    @csrf_exempt
    @with_errors
    @functools.wraps(view)
    def hosted(request: HttpRequest, /, carrier: str, token: str) -> HttpResponseBase:
        return _checked(request, carrier, lambda way: act(request, token, way))

    return ours, hosted


def both_ways(view: View) -> tuple[Callable[..., HttpResponseBase], ...]:
    """As `both_doors`, for addresses without a token: the caller's own call is asked about."""

    @signed("POST")
    @functools.wraps(view)
    def ours(request: HttpRequest, /) -> HttpResponseBase:
        return view(request, Way.GATEWAY)

    @csrf_exempt
    @with_errors
    @functools.wraps(view)
    def hosted(request: HttpRequest, /, carrier: str) -> HttpResponseBase:
        return _checked(request, carrier, lambda way: view(request, way))

    return ours, hosted


def _checked(
    request: HttpRequest, carrier: str, answer: Callable[[Way], HttpResponseBase]
) -> HttpResponseBase:
    if request.method != "POST":
        return HttpResponse(status=405, headers={"Allow": "POST"})
    check_size(request)
    way = carrier_named(carrier)
    check_genuine(request, way)
    return answer(way)
