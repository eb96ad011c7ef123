"""Links that leave the house in a delivery, and the tokens in them.

An acknowledge link is a key: whoever has it may read the message's essentials and acknowledge it.
It is signed with the deployment's key, names account, message and delivery, and lasts 30 days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core import signing

from deskbell.foundation.errors import DeskbellError, NotFound

from .models import Delivery

MAX_AGE = timedelta(days=30)
_SALT = "deskbell.delivery.acknowledge"


class LinkExpired(DeskbellError):
    """The link was good once; 30 days have passed."""


@dataclass(frozen=True, slots=True)
class Named:
    """What a token names."""

    account_id: int
    message_id: int
    delivery_id: int


def acknowledge_token(delivery: Delivery) -> str:
    """The signed token of a delivery's link, fit for a URL's path."""
    named = [delivery.account_id, delivery.message_id, delivery.pk]
    return signing.dumps(named, salt=_SALT)


def read_token(token: str) -> Named:
    """What a token names. Raises NotFound for one that is not ours, LinkExpired for an old one."""
    try:
        parts = signing.loads(token, salt=_SALT, max_age=MAX_AGE)
        account_id, message_id, delivery_id = (int(part) for part in parts)
    except signing.SignatureExpired as error:
        raise LinkExpired("This link has expired: it was good for 30 days") from error
    except (signing.BadSignature, TypeError, ValueError) as error:
        raise NotFound("This link is not one of ours, or is not complete") from error
    return Named(account_id, message_id, delivery_id)


def acknowledge_url(delivery: Delivery) -> str:
    """The link to the page that acknowledges a delivery's message."""
    return f"{_public_url()}/ack/{acknowledge_token(delivery)}"


def message_url(message_id: int) -> str:
    """The message's page in the portal, where its recording can be heard after signing in."""
    return f"{_public_url()}/messages/{message_id}/"


def _public_url() -> str:
    return str(settings.ENVIRONMENT.public_url)
