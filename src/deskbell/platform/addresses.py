"""Where a request comes from, for the proof of who answered."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The IP address of whoever asks; empty where it is not known.

    Where the public URL is https, a proxy of the operator's stands before us, and its last entry in
    X-Forwarded-For is whom it saw. Anything before that entry may be made up.
    """
    seen = str(request.META.get("REMOTE_ADDR", ""))
    if settings.IS_HTTPS:
        forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2]
        return _checked(forwarded) or _checked(seen)
    return _checked(seen)


def _checked(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text.strip()))
    except ValueError:
        return ""
