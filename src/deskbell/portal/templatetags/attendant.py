"""What the attendant's templates share: a field with all that belongs to it, swatches, findings."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from django import forms, template
from django.forms import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from ..attendant.action_forms import ActionField
from ..attendant.forms import PartForm
from ..attendant.history.words import difference_words

register = template.Library()
COLOUR: Final = re.compile(r"#[0-9a-fA-F]{6}")


@register.inclusion_tag("portal/attendant/parts/field.html")
def field(bound: BoundField, wide: str = "") -> dict[str, Any]:
    """A field with its label, control, help and errors, and what somebody else saved meanwhile."""
    kind = bound.field
    shape = "control"
    if isinstance(kind, ActionField):
        shape = "action"
    elif isinstance(kind.widget, forms.CheckboxInput):
        shape = "check"
    elif isinstance(kind.widget, (forms.CheckboxSelectMultiple, forms.RadioSelect)):
        shape = "group"
        kind.widget.attrs.setdefault("class", "form-check-input")
    saved = bound.form.saved if isinstance(bound.form, PartForm) else {}
    return {
        "field": bound,
        "shape": shape,
        "is_radio": type(kind.widget) is forms.RadioSelect,
        "wide": wide,
        "saved": saved.get(bound.name, ""),
        "control": _drawn(bound, shape),
    }


def _drawn(bound: BoundField, shape: str) -> SafeString:
    if shape == "group":
        return mark_safe("")
    widget = bound.field.widget
    style = {
        "check": "form-check-input",
        "control": "form-select" if isinstance(widget, forms.Select) else "form-control",
    }.get(shape, "")
    said = [widget.attrs.get("class", ""), style, "is-invalid" if bound.errors else ""]
    attrs: dict[str, str | bool] = {}
    if shape != "action":
        attrs["class"] = " ".join(filter(None, said))
    return bound.as_widget(attrs=attrs)


@register.simple_tag
def swatch(colour: str, name: str = "") -> SafeString:
    """A menu's colour as a small square; `name` says it to those who do not see it."""
    shown = colour if COLOUR.fullmatch(colour or "") else ""
    said = format_html('role="img" aria-label="{}"', name) if name else 'aria-hidden="true"'
    paint = format_html('fill="{}"', shown) if shown else 'class="swatch-none"'
    return format_html(
        '<svg class="swatch" width="12" height="12" viewBox="0 0 12 12" {}>'
        '<rect x=".5" y=".5" width="11" height="11" rx="3" {}></rect></svg>',
        mark_safe(said),  # noqa: S308 made above, with what people typed escaped
        mark_safe(paint),  # noqa: S308 made above, and only a colour of six hex digits gets in
    )


@register.filter
def about(findings: Iterable[Any], sid: str) -> list[Any]:
    """Those of Doctor's findings that are about the thing with this sid."""
    return [each for each in findings or () if each.sid == sid]


THROUGH: Final = {
    "portal": "in the portal",
    "api": "through the API",
    "import": "by an import",
    "rollback": "by rolling back",
}


@register.filter
def through(way: str) -> str:
    """How something was published, in words."""
    return THROUGH.get(way, way)


@register.filter
def difference(found: Any) -> str:
    """A difference in a line: "Menu “Night”: keys, announcement"."""
    return difference_words(found)
