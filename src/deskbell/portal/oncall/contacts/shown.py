"""Contacts and their delivery methods as people read them; no secret of an address is told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

from deskbell.contacts.models import DeliveryMethod, PhoneType
from deskbell.delivery.registry import transports
from deskbell.delivery.texting.stops import stopped_among
from deskbell.delivery.verification import GOOD_FOR, trouble
from deskbell.foundation.clock import now
from deskbell.foundation.numbers import for_people

USUAL_LIMIT: Final = 10


def _drawn(*, icon: str) -> str:
    """The name of an icon, said so that the bundle takes the icon in."""
    return icon


ICONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "call": _drawn(icon="phone"),
        "sms": _drawn(icon="message"),
        "email": _drawn(icon="mail"),
        "fax": _drawn(icon="printer"),
        "webhook": _drawn(icon="webhook"),
        "apprise": _drawn(icon="bell"),
    }
)
_OTHER: Final = _drawn(icon="send")
_DIALLED: Final = frozenset({"call", "sms", "fax"})


@dataclass(frozen=True, slots=True)
class MethodLine:
    """One way to reach a contact.

    `address` is fit to be seen by everybody in the account; `details` are words about what else is
    set. `is_stopped` says that its owner wants no texts any more, `has_code` that a code was sent
    there that can still be entered, and `trouble` why that did not arrive.
    """

    method: DeliveryMethod
    label: str
    icon: str
    address: str
    details: Sequence[str]
    is_stopped: bool = False
    has_code: bool = False
    trouble: str = ""

    @property
    def is_verified(self) -> bool:
        """Whether a code that was sent there came back."""
        return self.method.verified_at is not None


def lines_of(methods: Iterable[DeliveryMethod]) -> list[MethodLine]:
    """Delivery methods for people, in the scope of their account; two queries at most."""
    found = list(methods)
    stopped = stopped_among(found)
    return [line_of(each, is_stopped=each.pk in stopped) for each in found]


def lines_by_contact(methods: Iterable[DeliveryMethod]) -> Mapping[int, list[MethodLine]]:
    """The same, by the ids of their contacts."""
    found: dict[int, list[MethodLine]] = defaultdict(list)
    for line in lines_of(methods):
        found[line.method.contact_id].append(line)
    return found


def line_of(method: DeliveryMethod, *, is_stopped: bool = False) -> MethodLine:
    """One delivery method for people."""
    transport = transports().get(method.kind)
    has_code = method.verified_at is None and code_is_fresh(method, now())
    return MethodLine(
        method=method,
        label=transport.label if transport else method.kind,
        icon=ICONS.get(method.kind, _OTHER),
        address=address_words(method.kind, method.address),
        details=_details(method),
        is_stopped=is_stopped,
        has_code=has_code,
        trouble=trouble(method) if has_code else "",
    )


def icon_of(kind: str) -> str:
    """The icon of a kind of delivery method."""
    return ICONS.get(kind, _OTHER)


def address_words(kind: str, address: str) -> str:
    """An address fit to be seen: phone numbers as people write them, secrets left out."""
    transport = transports().get(kind)
    shown = transport.shown(address) if transport else address
    return for_people(shown) if kind in _DIALLED else shown


def _details(method: DeliveryMethod) -> list[str]:
    said = []
    if method.phone_type:
        said.append(f"{PhoneType(method.phone_type).label} phone")
    if method.instructions:
        said.append(f"voicemail: {_chosen(method, 'instructions', method.instructions).lower()}")
    if method.by_receptionist:
        said.append("a receptionist calls")
    if method.limit == 0:
        said.append("never bundled")
    elif method.limit != USUAL_LIMIT:
        said.append(f"bundled after {method.limit} in ten minutes")
    return said


def _chosen(method: DeliveryMethod, name: str, value: str) -> str:
    """What a choice is called in its transport's own form."""
    transport = transports().get(method.kind)
    fields = transport.fields if transport else ()
    choices = {key: label for field in fields if field.name == name for key, label in field.choices}
    return choices.get(value, method.get_instructions_display())


def code_is_fresh(method: DeliveryMethod, at: datetime) -> bool:
    """Whether the code that was sent can still be entered at an instant."""
    sent = method.code_sent_at
    return sent is not None and at < sent + GOOD_FOR
