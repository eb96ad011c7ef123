"""The demo's webhook, whose program is a page of the demo: it checks what it is told, and keeps it.

Source: design, portal API, "Messages": webhooks.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from deskbell.accounts.models import Account
from deskbell.delivery.transports.webhook.signature import is_signed
from deskbell.foundation.environment import environment
from deskbell.lines.vault import unseal
from deskbell.webhooks import actions
from deskbell.webhooks.models import Subscription

PROGRAM: Final = "/demo/webhooks/told/"


def add_webhook(*, account: Account, by: str, at: datetime) -> None:
    """Has the demo's page told of all that happens from now on. Needs the scope."""
    actions.subscribe(
        account_id=account.pk, url=_url(account.pk), events=actions.EVENTS, by=by, at=at
    )


def follow_told() -> None:
    """Points them at where the demo is served now. Needs a system scope."""
    for found in Subscription.objects.filter(url__contains=PROGRAM):
        if found.url != (url := _url(found.account_id)):
            Subscription.objects.filter(pk=found.pk).update(url=url)


def is_for(account_id: int, body: bytes, header: str, at: datetime) -> bool:
    """Whether a request is signed with the secret of one of the account's webhooks that lead here.

    Needs a system scope.
    """
    found = Subscription.objects.filter(account_id=account_id, url__contains=PROGRAM)
    secrets = [unseal(each) for each in found.values_list("secret", flat=True)]
    return any(is_signed(secret, body, header, at=at) for secret in secrets)


def _url(account_id: int) -> str:
    return f"{environment().public_url}{PROGRAM}{account_id}"
