"""Selects of a plan's parts, drawn in one go: a page of keys has thousands of options."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe


class Picker(forms.Select):
    """A select of plain choices, without groups."""

    template_name = "portal/attendant/parts/picker.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The select with its options as one piece of HTML."""
        context = forms.Widget.get_context(self, name, value, attrs)
        context["widget"]["options"] = self._options(set(self.format_value(value)))
        return context

    def _options(self, chosen: set[str]) -> SafeString:
        drawn = "".join(
            f'<option value="{escape(value)}"{" selected" if str(value) in chosen else ""}>'
            f"{escape(label)}</option>"
            for value, label in self.choices
        )
        return mark_safe(drawn)  # noqa: S308 every value and label is escaped above
