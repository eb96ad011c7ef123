"""The form of a delivery method: what its transport asks for, and the limit before bundling."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms

from deskbell.accounts.models import Account
from deskbell.contacts.models import DeliveryMethod
from deskbell.delivery.registry import transports
from deskbell.delivery.transport import Field, Transport
from deskbell.foundation.errors import InvalidInput, NotFound
from deskbell.lines.models import Phone

from ..frame import SheetForm
from .shown import USUAL_LIMIT

MOST_RADIOS: Final = 4
MOST_LIMIT: Final = 1000
MOST_NAMED: Final = 5
SHOWN_ONLY: Final = frozenset({"secret"})
WHOLE = f"Type a whole number from 0 to {MOST_LIMIT}; 0 never bundles."


class MethodForm(SheetForm):
    """One way to reach a contact, in the transport's own fields."""

    def __init__(
        self,
        data: Any = None,
        *,
        transport: Transport,
        method: DeliveryMethod | None = None,
        locked: bool = False,
    ) -> None:
        self.transport = transport
        self.asked = [each for each in transport.fields if each.input_type not in SHOWN_ONLY]
        part = None
        if method is not None:
            names = [*(each.name for each in self.asked), "limit"]
            part = {name: getattr(method, name) for name in names}
        made = {each.name: _made(each) for each in self.asked} | {"limit": _limit()}
        super().__init__(data, part=part, made=made, locked=locked)

    @property
    def values(self) -> dict[str, Any]:
        """The fields' values, as `add_checked_method` takes them."""
        return {name: self.cleaned_data[name] for name in (*self._names, "limit")}

    @property
    def _names(self) -> list[str]:
        return [each.name for each in self.asked]


def transport_named(kind: str) -> Transport:
    """The transport of a kind that somebody chose. Raises NotFound."""
    found = transports().get(kind)
    if found is None:
        raise NotFound("There is no such kind of delivery method")
    return found


def only_own_phones(account: Account, transport: Transport, typed: str) -> None:
    """Raises InvalidInput for a call to a SIP phone that the account does not have: messages would
    be lost there, one by one. What cannot be an address at all is the transport's to refuse."""
    if transport.kind != "call":
        return
    address = transport.check_address(typed)
    if address.startswith("+") or Phone.objects.filter(account=account, username=address).exists():
        return
    some = Phone.objects.filter(account=account).values_list("username", flat=True)[:MOST_NAMED]
    names = ", ".join(some)
    raise InvalidInput(
        f"The account has no SIP phone {address}; it has {names or 'none'}",
        field="address",
    )


def _made(asked: Field) -> forms.Field:
    missing = {"required": f"{asked.label} is missing."}
    if asked.choices:
        few = len(asked.choices) <= MOST_RADIOS
        return forms.ChoiceField(
            label=asked.label,
            help_text=asked.help_text,
            required=asked.is_required,
            choices=asked.choices
            if few or asked.is_required
            else [("", "Not said"), *asked.choices],
            initial=asked.choices[0][0] if asked.is_required else asked.preset,
            widget=forms.RadioSelect if few else forms.Select,
            error_messages=missing,
        )
    return forms.CharField(
        label=asked.label,
        help_text=asked.help_text,
        required=asked.is_required,
        max_length=2000,
        widget=_input(asked.input_type),
        error_messages=missing,
    )


def _input(kind: str) -> forms.Widget:
    if kind == "textarea":
        return forms.Textarea(attrs={"rows": 2})
    attrs: Mapping[str, Any] = {"type": kind, "autocomplete": "off", "autofocus": True}
    return forms.TextInput(attrs=dict(attrs))


def _limit() -> forms.IntegerField:
    return forms.IntegerField(
        label="Messages in ten minutes before more come bundled",
        initial=USUAL_LIMIT,
        min_value=0,
        max_value=MOST_LIMIT,
        help_text="In a storm the rest come together, every two minutes; nothing is left out,"
        " and emergencies never wait. 0 never bundles.",
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), WHOLE),
    )
