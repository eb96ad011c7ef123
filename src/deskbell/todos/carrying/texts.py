"""A To Do as a text, word for word."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from deskbell.delivery import texting
from deskbell.delivery.transport import Outcome, delivered, lasting_failure, passing_failure
from deskbell.delivery.wording import one_line
from deskbell.foundation.errors import Refused, Unreachable
from deskbell.foundation.http import NoAnswer
from deskbell.foundation.numbers import for_people

from ..models import Run, ToDo
from .known import Known, number_of

_MOST_WORDS: Final = 300


def prepare(run: Run, known: Known) -> Callable[[], Outcome]:
    """What sends the text.

    Raises Refused, for good: nobody is texted who answered STOP, or whom the account may not reach.
    """
    to_do = run.to_do
    to = number_of(to_do)
    sender = _checked_sender(to_do, to, known)
    text = texting.Text(sender, to, to_do.message_text or "", run.key)
    return lambda: _sent(text)


def _checked_sender(to_do: ToDo, to: str, known: Known) -> str:
    sender = known.sender_of(to_do)
    if not sender:
        raise Refused("The account has no number that a text could come from")
    if not known.may_text(to_do.account, to):
        raise Refused(f"The account may not reach {to}: its prefixes say so")
    if known.wants_none(to_do.account, ours=sender, theirs=to):
        raise Refused(
            f"Somebody answered STOP there; START to {for_people(sender)} lets texts through"
        )
    return sender


def _sent(text: texting.Text) -> Outcome:
    try:
        carrier = texting.sending()
        provider_id = carrier.send(text)
    except NoAnswer as error:
        return passing_failure(_words(error), may_have_arrived=True)
    except (Unreachable, texting.NotOurs) as error:
        return passing_failure(_words(error))
    except Refused as error:
        return lasting_failure(_words(error))
    return delivered(f"{carrier.label} took it", provider_id=provider_id, sender=text.sender)


def _words(error: Exception) -> str:
    return one_line(str(error), _MOST_WORDS)
