"""Select boxes look the same however they are drawn."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates, get_default_renderer
from django.utils.safestring import mark_safe

from deskbell.portal.select_boxes import Renderer

EVIL = """<b>"&'</b>"""
GAPS = re.compile(r">\s+<")
CHOICES: list[Any] = [
    ("", "Choose one"),
    (1, "One"),
    (EVIL, EVIL),
    (EVIL, [(2, "Two"), (None, mark_safe("&amp; safe"))]),
]


@pytest.mark.parametrize("value", ["", 1, 2, EVIL, None, "no choice", ("1", "2")])
@pytest.mark.parametrize(
    "widget",
    [
        forms.Select(choices=CHOICES),
        forms.Select(attrs={"required": True, "hidden": False, "title": EVIL}, choices=CHOICES),
        forms.SelectMultiple(choices=CHOICES),
        forms.NullBooleanSelect(),
        forms.Select(),
    ],
)
def test_as_django_draws_them(widget: forms.Select, value: object) -> None:
    drawn = widget.render("a name", value, renderer=Renderer())
    djangos = widget.render("a name", value, renderer=DjangoTemplates())
    assert GAPS.sub("><", drawn) == GAPS.sub("><", djangos).strip()


def test_it_is_the_one_that_pages_use() -> None:
    assert isinstance(get_default_renderer(), Renderer)
