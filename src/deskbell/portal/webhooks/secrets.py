"""A secret on its way from where it is made to the one page that shows it.

It waits in the session, sealed, so that a reload of that page makes no second webhook.
"""

from __future__ import annotations

from typing import Final

from deskbell.lines.vault import Sealed, seal, unseal
from deskbell.webhooks.models import Subscription

from ..tenancy import PortalRequest

_KEY: Final = "webhook_secret"


def put(request: PortalRequest, webhook: Subscription, secret: str) -> None:
    """Keeps it for the next page."""
    request.session[_KEY] = [webhook.pk, seal(secret)]


def take(request: PortalRequest, webhook: Subscription) -> str:
    """The webhook's secret, the first time it is asked for; then an empty text."""
    kept = request.session.pop(_KEY, None)
    if not kept or kept[0] != webhook.pk:
        return ""
    try:
        return unseal(kept[1])
    except Sealed:
        return ""
