"""What a shot is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture: its name, the page's path, what to do there first, and who looks."""

    name: str
    path: str
    prepare: Callable[[Page], object] = Page.title
    person: str = ""
    is_long: bool = True
