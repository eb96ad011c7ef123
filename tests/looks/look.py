"""What a look is, and what there is to look at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page


@dataclass(frozen=True, slots=True)
class Look:
    """A page to be examined: who looks, where, and what they do there first."""

    path: str
    prepare: Callable[[Page], object] = Page.title
    person: str = ""


@dataclass(frozen=True, slots=True)
class Demo:
    """The demo, filled, with a link and a mail to look at."""

    link: str
    mail: str
    recorded: int
