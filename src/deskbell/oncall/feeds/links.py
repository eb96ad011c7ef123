"""The secret links of feeds, and the tokens in them.

Whoever has a link can read the feed, without signing in: calendar programs cannot. It is signed
with the deployment's key and names account, level or contact, and the revision of the feed; a
raised revision makes the old link lead nowhere. No secret is kept anywhere, and a link is the same
each time it is asked for. Source: design, on call, "Feeds"; seed 000, "Export to Third-Party
Calendar".
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import F

from deskbell.contacts.models import Contact
from deskbell.foundation.errors import NotFound
from deskbell.platform.changes import touch

from ..models import EscalationLevel

_SIGNER = signing.Signer(salt="deskbell.oncall.feeds", sep=".")
_MOST_CHARACTERS = 500


@dataclass(frozen=True, slots=True)
class Named:
    """What a token names: `kind` is `level` or `contact`."""

    account_id: int
    kind: str
    id: int
    revision: int


def level_url(level: EscalationLevel) -> str:
    """The address of a level's feed."""
    return _url(Named(level.account_id, "level", level.pk, level.feed_revision))


def contact_url(contact: Contact) -> str:
    """The address of a contact's feed: its shifts on all levels."""
    return _url(Named(contact.account_id, "contact", contact.pk, contact.feed_revision))


def renew(owner: EscalationLevel | Contact) -> str:
    """Gives a level or a contact a new link, from which moment the old one leads nowhere."""
    with transaction.atomic():
        type(owner).objects.filter(pk=owner.pk).update(feed_revision=F("feed_revision") + 1)
        owner.refresh_from_db(fields=["feed_revision"])
        touch(owner.account_id)
    return contact_url(owner) if isinstance(owner, Contact) else level_url(owner)


def read_token(token: str) -> Named:
    """What a token names. Raises NotFound for one that is not ours, or is not complete."""
    try:
        account_id, kind, number, revision = _SIGNER.unsign_object(token[:_MOST_CHARACTERS])
        return Named(int(account_id), str(kind), int(number), int(revision))
    except (signing.BadSignature, TypeError, ValueError) as error:
        raise NotFound("This link is not one of ours, or is not complete") from error


def _url(named: Named) -> str:
    parts = [named.account_id, named.kind, named.id, named.revision]
    return f"{settings.ENVIRONMENT.public_url}/calendars/{_SIGNER.sign_object(parts)}.ics"
