"""Texts that people send to our numbers: answers to deliveries, STOP and START.

A text names no account: the pair of numbers says which deliveries it may answer. Each text acts
once, however often its carrier brings it, and is answered in the same words each time.
Source: design, on call, "Escalation" (SMS).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from deskbell.delivery import replies, wording
from deskbell.delivery.links import MAX_AGE
from deskbell.delivery.models import Delivery, HeardText
from deskbell.delivery.registry import transport_of
from deskbell.delivery.transport import Meaning, Reply
from deskbell.foundation.numbers import for_people, to_e164
from deskbell.messages.models import Message
from deskbell.platform.jobs import enqueue
from deskbell.platform.tenancy import account_scope, system_scope

from .carriers import Carrier, Heard
from .jobs import answer_text
from .limits import may_answer
from .segments import cut_to_fit, plain
from .stops import KIND, start, stop

ALL: Final = "all"
_KEPT: Final = timedelta(days=30)  # as long as links last
_RECENT: Final = timedelta(days=1)
_MOST_NAMED: Final = 8
_MOST_AT_ONCE: Final = 50
_LONGEST_NAME: Final = 40
_HOW: Final = "Reply 1 to acknowledge, 2 to pass on"
_NOTHING_OPEN: Final = "No message to you is open now; there is nothing to acknowledge."


@dataclass(frozen=True, slots=True)
class _Said:
    """What somebody texted, read, between which numbers."""

    ours: str
    theirs: str
    reply: Reply
    at: datetime
    is_hosted: bool

    def open(self) -> list[Delivery]:
        """What it may answer, newest first."""
        return replies.open_deliveries(address=self.theirs, sender=self.ours, at=self.at)


def hear(*, carrier: Carrier, heard: Heard, at: datetime) -> str:
    """Does what a text means, once; what to text back, empty for nothing.

    Where the carrier takes no answer to its request, a job texts it back; one that asks too often
    gets none. Enters the scopes it
    needs. Writes what the text does, and a row that remembers it for a week, without its words.
    """
    with system_scope("a text names no account"), transaction.atomic():
        HeardText.objects.filter(heard_at__lt=at - _KEPT).delete()
        ours, theirs = _number(heard.ours), _number(heard.theirs)
        kept, is_new = HeardText.objects.get_or_create(
            carrier=carrier.name,
            provider_id=heard.provider_id,
            defaults={"heard_at": at, "ours": ours, "theirs": theirs},
        )
        if is_new:
            said = _Said(
                ours=ours,
                theirs=theirs,
                reply=transport_of(KIND).read_reply(heard.text),
                at=at,
                is_hosted=carrier.is_hosted,
            )
            words = plain(_ACTS.get(said.reply.meaning, _help)(said))
            kept.answer = words if may_answer(ours=ours, theirs=theirs, at=at) else ""
            kept.save(update_fields=["answer"])
            _text_back(carrier, heard, kept)
    return kept.answer


def _text_back(carrier: Carrier, heard: Heard, kept: HeardText) -> None:
    """Queues the answer where it does not go into the answer to the carrier's request."""
    if carrier.answers_in_document or not kept.answer:
        return
    enqueue(
        answer_text,
        carrier=carrier.name,
        sender=heard.ours,
        to=heard.theirs,
        body=kept.answer,
        reply_to=heard.provider_id,
        heard_at=kept.heard_at.isoformat(),
    )


def _number(text: str) -> str:
    return to_e164(text) or text[:32]


def _stop(said: _Said) -> str:
    """A hosted carrier confirms it itself, and would let no answer through."""
    stop(ours=said.ours, theirs=said.theirs, at=said.at)
    if said.is_hosted:
        return ""
    return f"You get no more texts from {for_people(said.ours)}. Reply START to get them again."


def _start(said: _Said) -> str:
    if not start(ours=said.ours, theirs=said.theirs):
        return _help(said)
    if said.is_hosted:
        return ""
    return f"You get texts from {for_people(said.ours)} again. Reply STOP to get no more."


def _help(said: _Said) -> str:
    """What is possible now; also for words that nobody understands."""
    found = said.open()
    if not found:
        return f"{_NOTHING_OPEN} Reply STOP to get no more texts."
    if len(found) == 1:
        return f"1 message is open: {_caller(found[0])}. {_HOW}. Reply STOP to get no more texts."
    return _which(found)


def _answer(said: _Said) -> str:
    found, code = said.open(), said.reply.code
    if not code and len(found) > 1:
        return _which(found)
    meant = [each for each in found if code in {"", ALL, each.code}][:_MOST_AT_ONCE]
    if not meant:
        return _answer_closed(said, found)
    _lock_messages(meant)
    return cut_to_fit("", " ".join(_answered(each, said) for each in meant), "")


def _lock_messages(found: list[Delivery]) -> None:
    """Has all their messages before any is answered: an answer holds the account's version, for
    which whoever has one of the others may wait."""
    rows = Message.objects.select_for_update().filter(pk__in=[each.message_id for each in found])
    list(rows.order_by("pk").values_list("pk"))


def _answered(delivery: Delivery, said: _Said) -> str:
    with account_scope(delivery.account_id):
        words = replies.answer(
            delivery=delivery, reply=said.reply, at=said.at, through=KIND, address=said.theirs
        )
    return f"{_caller(delivery)}: {words}"


def _answer_closed(said: _Said, found: list[Delivery]) -> str:
    """The words on a message that somebody has already, where the text means one; else why not."""
    code = said.reply.code
    lately = said.at - (_RECENT if not code else MAX_AGE)
    sent = Delivery.objects.select_related("message__account", "method").filter(
        address=said.theirs, sender=said.ours, created_at__gt=lately
    )
    named = sent.exclude(code="").order_by("-id")
    closed = named.filter(code=code).first() if code else named.first()
    if closed is not None:
        return _answered(closed, said)
    if found:
        return f"No open message has the code {code}. {_which(found)}"
    return _NOTHING_OPEN


def _which(found: list[Delivery]) -> str:
    """Asks which of several is meant."""
    named = "; ".join(f"{each.code} {_caller(each)}" for each in found[:_MOST_NAMED])
    more = f" and {len(found) - _MOST_NAMED} more" if len(found) > _MOST_NAMED else ""
    count = "1 message is" if len(found) == 1 else f"{len(found)} messages are"
    example = found[0].code
    after = f". Reply 1 {example} to acknowledge, 2 {example} to pass on, 1 ALL to have them all."
    return cut_to_fit(f"{count} open: ", named + more, after)


def _caller(delivery: Delivery) -> str:
    message = delivery.message
    number = for_people(message.caller_name, region=message.account.country)
    return wording.one_line(number, _LONGEST_NAME)


_ACTS: Final[Mapping[Meaning, Callable[[_Said], str]]] = {
    Meaning.STOP: _stop,
    Meaning.START: _start,
    Meaning.ACKNOWLEDGE: _answer,
    Meaning.NEXT_LEVEL: _answer,
}
