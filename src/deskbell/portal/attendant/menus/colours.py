"""A menu's colour as a field: one of a palette, or any that is written as #rrggbb."""

from __future__ import annotations

import re
from typing import Any, Final

from django import forms

from ..flow.colours import PALETTE

OTHER: Final = "other"
NAMES: Final = ("Blue", "Orange", "Green", "Violet", "Rose", "Teal", "Ochre", "Grey")
NAMED: Final = dict(zip(PALETTE, NAMES, strict=True))
_HEX: Final = re.compile(r"#[0-9a-f]{6}")


class ColourWidget(forms.MultiWidget):
    """The palette and the field for another colour, drawn by `menus/colour.html`."""

    template_name = "portal/attendant/menus/colour.html"

    def __init__(self) -> None:
        choices = [("", "By itself"), *NAMED.items(), (OTHER, "Another")]
        super().__init__(
            {
                "choice": forms.RadioSelect(choices=choices),
                "other": forms.TextInput(
                    attrs={
                        "class": "form-control colour-other",
                        "placeholder": "#e56052",
                        "maxlength": "16",
                        "autocomplete": "off",
                        "spellcheck": "false",
                        "aria-label": "Another colour, as #rrggbb",
                    }
                ),
            }
        )

    def decompress(self, value: str | None) -> list[str]:
        """What is marked for a colour, and what stands in the field."""
        colour = (value or "").lower()
        if not colour or colour in NAMED:
            return [colour, ""]
        return [OTHER, value or ""]


class ColourField(forms.MultiValueField):
    """A colour as `#rrggbb`, or empty: the pages then choose one by the menu's place."""

    widget: ColourWidget

    def __init__(self, **named: Any) -> None:
        fields = [forms.CharField(required=False, max_length=16) for _ in range(2)]
        super().__init__(
            fields, require_all_fields=False, required=False, widget=ColourWidget(), **named
        )

    def compress(self, data_list: list[str]) -> str:
        """The colour; `#` and large letters are a matter of taste."""
        choice, other = data_list or ["", ""]
        if choice != OTHER:
            if choice and choice not in NAMED:
                raise forms.ValidationError("Choose one of the colours, or type another.")
            return choice
        colour = f"#{other.strip().removeprefix('#').lower()}"
        if not _HEX.fullmatch(colour):
            raise forms.ValidationError(
                "A colour is # and six of 0-9 and a-f, as #e56052.", code="invalid"
            )
        return colour

    def in_words(self, value: Any) -> str:
        """The colour's name."""
        colour = str(value or "")
        return NAMED.get(colour, colour or "chosen by itself")
