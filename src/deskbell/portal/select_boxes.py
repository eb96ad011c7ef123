"""Draws select boxes without templates: pages with hundreds of choices spend half their time there.

What comes out is what Django's `select.html`, `select_option.html` and `attrs.html` give, but for
empty lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

_SELECT = "django/forms/widgets/select.html"
_OPTION = "django/forms/widgets/select_option.html"


class Renderer(DjangoTemplates):
    """Django's, but for select boxes."""

    def render(
        self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None
    ) -> SafeString:
        """The HTML of a widget."""
        if template_name == _SELECT and _is_plain(context["widget"]):
            return mark_safe("".join(_select(context["widget"])))  # noqa: S308 each part is escaped
        return mark_safe(super().render(template_name, context, request))  # noqa: S308 a template's


def _is_plain(widget: Mapping[str, Any]) -> bool:
    """Whether its choices are drawn as Django draws them."""
    return all(
        option["template_name"] == _OPTION
        for _, options, _ in widget["optgroups"]
        for option in options
    )


def _select(widget: Mapping[str, Any]) -> Iterator[str]:
    yield f'<select name="{conditional_escape(widget["name"])}"{_attributes(widget["attrs"])}>'
    for group, options, _ in widget["optgroups"]:
        if group:
            yield f'\n  <optgroup label="{conditional_escape(group)}">'
        for option in options:
            value = conditional_escape(str(option["value"]))
            attributes = _attributes(option["attrs"]) if option["attrs"] else ""
            label = conditional_escape(option["label"])
            yield f'\n  <option value="{value}"{attributes}>{label}</option>'
        if group:
            yield "\n  </optgroup>"
    yield "\n</select>"


def _attributes(attributes: Mapping[str, Any]) -> str:
    return "".join(
        f" {name}" if value is True else f' {name}="{conditional_escape(str(value))}"'
        for name, value in attributes.items()
        if value is not False
    )
