"""Every transport there is, a line each."""

from __future__ import annotations

import functools

from deskbell.foundation.errors import InvalidInput

from .transport import Transport
from .transports.apprise.transport import AppriseTransport
from .transports.call.transport import CallTransport
from .transports.email.transport import EmailTransport
from .transports.fax.transport import FaxTransport
from .transports.sms.transport import SmsTransport
from .transports.webhook.transport import WebhookTransport


@functools.cache
def transports() -> dict[str, Transport]:
    """All transports by their kind, in the order in which people are offered them."""
    every: tuple[Transport, ...] = (
        CallTransport(),
        SmsTransport(),
        EmailTransport(),
        FaxTransport(),
        WebhookTransport(),
        AppriseTransport(),
    )
    return {transport.kind: transport for transport in every}


def transport_of(kind: str) -> Transport:
    """The transport of a kind. Raises InvalidInput, naming those that there are."""
    found = transports().get(kind)
    if found is None:
        raise InvalidInput(
            f"There is no way to deliver called {kind!r}; there is {', '.join(transports())}",
            field="kind",
        )
    return found
