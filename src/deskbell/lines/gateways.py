"""Has the gateways ask for their configuration now, instead of within ten seconds."""

from __future__ import annotations

from contextlib import suppress

from django.conf import settings

from deskbell.foundation.errors import DeskbellError
from deskbell.voice import client


def tell_gateways() -> None:
    """Tells every gateway, a second each at most; one that does not run asks when it starts.

    Call it after the transaction: a gateway reads what is committed.
    """
    environment = settings.ENVIRONMENT
    for url in environment.voice_urls:
        with suppress(DeskbellError):
            client.reload(url, environment.secrets.voice, timeout=1.0)
