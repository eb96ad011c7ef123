"""What a shot is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture: its name, the page's path, what to do there first, and who looks.

    `is_long` ones are scrolled to their end where the screen is narrow. `is_once` is for steps that
    cannot be taken twice: one page shows both sizes and themes, since the step has ended the
    sessions of the others, or a link, or has shown a secret.
    """

    name: str
    path: str
    prepare: Callable[[Page], object] = Page.title
    person: str = ""
    is_long: bool = True
    is_once: bool = False
