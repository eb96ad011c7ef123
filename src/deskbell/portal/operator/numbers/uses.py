"""What a number is used for, and so what else breaks where it goes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from deskbell.accounts.models import PhoneNumber
from deskbell.attendant.models import SystemNumber
from deskbell.calls.models import Call
from deskbell.desk.models import Answering
from deskbell.lines.models import Phone
from deskbell.messages.models import Message
from deskbell.scripts.models import ScriptOfNumber
from deskbell.todos.models import ToDo

from ...attendant.frame import Item


@dataclass(frozen=True, slots=True)
class Uses:
    """What a number is used for: each use in words, as what breaks without it."""

    breaks: tuple[str, ...]
    stays: str

    @property
    def items(self) -> list[Item]:
        """What breaks, as a question lists it."""
        return [Item(each) for each in self.breaks]


def uses_of(number: PhoneNumber) -> Uses:
    """What a number is used for, in eight queries. Needs a system scope."""
    return Uses(tuple(_breaking(number)), _staying(number))


def _breaking(number: PhoneNumber) -> Iterator[str]:
    for link in SystemNumber.objects.filter(phone_number=number).select_related("system"):
        if number.is_extension:
            yield f"Callers of the system “{link.system.name}” cannot dial it any more."
        else:
            yield f"The system “{link.system.name}” is not reached by it any more."
    for read in ScriptOfNumber.objects.filter(number=number).select_related("script"):
        yield f"Receptionists do not read the script “{read.script.name}” for it any more."
    if Answering.objects.filter(number=number).exists():
        yield "Its own terms of answering go."
    for phone in Phone.objects.filter(number=number):
        yield f"The SIP phone “{phone.name}” stays, and rings for no number."
    texting = ToDo.objects.filter(phone=number).count()
    if texting:
        yield (
            "1 To Do that sends texts from it fails until it names another."
            if texting == 1
            else f"{texting:,} To Dos that send texts from it fail until they name another."
        )
    calling = Call.objects.filter(phone_number=number, ended_at=None).count()
    if calling:
        yield f"Of the calls that came by it, {calling:,} under way end as they would have."


def _staying(number: PhoneNumber) -> str:
    calls = Call.objects.filter(phone_number=number).count()
    messages = Message.objects.filter(did=number).count()
    if not calls and not messages:
        return "Nobody has called it yet."
    return (
        f"{_many(calls, 'call')} and {_many(messages, 'message')} that came by it stay"
        f" with {number.account.name}."
    )


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}" if count == 1 else f"{count:,} {what}s"
