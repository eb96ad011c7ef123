"""What every provider of faxes is asked, and which of them is connected here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Protocol

from django.conf import settings

from deskbell.delivery.transport import Outcome, lasting_failure, passing_failure
from deskbell.delivery.wording import one_line
from deskbell.foundation.errors import Refused, Unreachable
from deskbell.foundation.http import NoAnswer

_MAX_WORDS: Final = 300


@dataclass(frozen=True, slots=True)
class Fax:
    """A fax on its way: numbers in E.164, `key` the same in every try, `state` comes back with
    what is reported of it."""

    sender: str
    to: str
    pdf: bytes
    key: str
    state: str = ""


class Provider(Protocol):
    """Somebody who sends faxes."""

    @property
    def label(self) -> str:
        """Its name for people."""

    def send(self, fax: Fax) -> Outcome:
        """Takes a fax. Raises Refused where it will not, in words; Unreachable where another try
        may help, NoAnswer where it may have been taken."""


def provider() -> Provider:
    """The one that sends here."""
    from .spool import Spool  # they know this module
    from .telnyx import Telnyx

    environment = settings.ENVIRONMENT
    keys = environment.carriers.get("telnyx")
    if keys is not None and environment.telnyx_fax:
        return Telnyx(keys, environment.telnyx_fax, environment.public_url)
    return Spool(environment.data_dir / "fax" / "outgoing")


def sent(fax: Fax) -> Outcome:
    """What the provider makes of a fax; never raises what a provider may raise."""
    try:
        return provider().send(fax)
    except NoAnswer as error:
        return passing_failure(_words(error), may_have_arrived=True)
    except Unreachable as error:
        return passing_failure(_words(error))
    except Refused as error:
        return lasting_failure(_words(error))


def _words(error: Exception) -> str:
    return one_line(str(error), _MAX_WORDS)
