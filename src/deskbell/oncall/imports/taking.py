"""Bringing a calendar that was looked at onto a level.

Needs the tenancy scope of the account, as all actions. Source: design, on call, "Feeds".
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from deskbell.contacts.models import Contact, DeliveryMethod
from deskbell.contacts.queries import listed
from deskbell.foundation.errors import InvalidInput
from deskbell.platform.changes import touch

from ..actions import Scope, add_event, edit_event
from ..models import EscalationLevel, Event
from ..rules import Shift
from .previews import Found, Named, Preview

_BETWEEN = re.compile(r"\s*(?:[,;/&+|]|\band\b|\bon call:|\(|\))\s*", re.IGNORECASE)


def matched(preview: Preview, *, account_id: int) -> dict[str, list[Contact]]:
    """The contacts whom events are about, by `Named.label`; labels without any are left out.

    A contact is found by its whole name, or by the address of one of its delivery methods, among
    the attendees and the words of the title. Two queries.
    """
    known: dict[str, Contact] = {}
    for contact in listed().filter(account_id=account_id):
        for method in contact.methods.all():
            known.setdefault(method.address.casefold(), contact)
        known[contact.name.casefold()] = contact
    found = {}
    for named in preview.named:
        words = [*named.people, named.summary, *_BETWEEN.split(named.summary)]
        contacts = {known[word.casefold()].pk: known[word.casefold()]
                    for word in words if word.casefold() in known}  # fmt: skip
        if contacts:
            found[named.label] = list(contacts.values())
    return found


def take(
    *,
    level: EscalationLevel,
    preview: Preview,
    at: datetime,
    methods: Sequence[DeliveryMethod] = (),
    methods_by_summary: Mapping[str, Sequence[DeliveryMethod]] | None = None,
    keys: Collection[str] | None = None,
    replace: bool = False,
) -> int:
    """Adds the events of a preview to a level, all or none; gives how many.

    Who is on call: the methods chosen for the event's `Named.label` in `methods_by_summary`, else
    all methods of the contacts that it names, else `methods`. `keys` are the events to take, all
    where it is None. `replace` takes all other events off the level. Raises InvalidInput where
    nobody is chosen for an event.
    """
    wanted = [found for found in preview.found if keys is None or found.key in keys]
    if not wanted:
        raise InvalidInput("Choose at least one event to import", field="keys")
    chosen = _Choice(preview, level, methods, methods_by_summary or {})
    with transaction.atomic():
        if replace:
            Event.objects.filter(level=level).delete()
        for found in wanted:
            _take(level, found, chosen, at)
        touch(level.account_id)
    return len(wanted)


class _Choice:
    """Which methods are on call for an event."""

    def __init__(
        self,
        preview: Preview,
        level: EscalationLevel,
        methods: Sequence[DeliveryMethod],
        by_label: Mapping[str, Sequence[DeliveryMethod]],
    ) -> None:
        self._by_label: dict[str, Sequence[DeliveryMethod]] = {
            label: [method for contact in contacts for method in contact.methods.all()]
            for label, contacts in matched(preview, account_id=level.account_id).items()
        }
        self._by_label |= {label: given for label, given in by_label.items() if given}
        self._otherwise = methods

    def methods(self, named: Named) -> Sequence[DeliveryMethod]:
        """Raises InvalidInput where there are none."""
        found = self._by_label.get(named.label) or self._otherwise
        if not found:
            raise InvalidInput(f"Choose who is on call for “{named.label}”", field="methods")
        return found


def _take(level: EscalationLevel, found: Found, chosen: _Choice, at: datetime) -> None:
    methods = chosen.methods(found.named)
    event = add_event(level=level, methods=methods, at=at, **_fields(found.shift))
    for changed in found.changed:
        edit_event(
            event=event,
            scope=Scope.THIS,
            day=changed.day,
            at=at,
            starts=changed.starts,
            ends=changed.ends,
            methods=chosen.methods(changed.named),
        )


def _fields(shift: Shift) -> dict[str, Any]:
    return {name: getattr(shift, name) for name in Shift.__slots__}
