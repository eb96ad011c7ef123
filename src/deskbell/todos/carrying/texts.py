"""A To Do as a text, word for word."""

from __future__ import annotations

from typing import Final

from deskbell.delivery import texting
from deskbell.delivery.transport import Outcome, delivered, lasting_failure, passing_failure
from deskbell.delivery.wording import one_line
from deskbell.foundation.errors import Refused, Unreachable
from deskbell.foundation.http import NoAnswer
from deskbell.foundation.numbers import for_people, to_e164
from deskbell.lines.queries import may_call

from ..models import Run, ToDo
from .senders import sender_of

_MOST_WORDS: Final = 300


def send(run: Run) -> Outcome:
    """Sends the text; nobody is texted who answered STOP, or whom the account may not reach."""
    to_do = run.to_do
    to = to_e164(to_do.contact, region=to_do.account.country)
    try:
        sender = _checked_sender(to_do, to)
        carrier = texting.sending()
        text = texting.Text(sender, to, to_do.message_text or "", run.key)
        provider_id = carrier.send(text)
    except NoAnswer as error:
        return passing_failure(_words(error), may_have_arrived=True)
    except (Unreachable, texting.NotOurs) as error:
        return passing_failure(_words(error))
    except Refused as error:
        return lasting_failure(_words(error))
    return delivered(f"{carrier.label} took it", provider_id=provider_id, sender=sender)


def _checked_sender(to_do: ToDo, to: str) -> str:
    sender = sender_of(to_do)
    if not sender:
        raise Refused("The account has no number that a text could come from")
    if not may_call(to_do.account, to):
        raise Refused(f"The account may not reach {to}: its prefixes say so")
    if texting.wants_none(ours=sender, theirs=to):
        raise Refused(
            f"Somebody answered STOP there; START to {for_people(sender)} lets texts through"
        )
    return sender


def _words(error: Exception) -> str:
    return one_line(str(error), _MOST_WORDS)
