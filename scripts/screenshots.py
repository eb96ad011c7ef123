"""Takes a picture of every page of the portal, to be looked at before anything is shipped.

    ./deskbell up --demo
    .venv/bin/python scripts/screenshots.py var/demo.json /tmp/pictures
    .venv/bin/python scripts/screenshots.py var/demo.json docs/screenshots --readme

Each page in two sizes, light and dark; `--readme` takes only the three pictures of README.md.
Needs Chromium, at /usr/bin/chromium or where CHROMIUM says.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, Page, expect, sync_playwright

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
SIZES = {"wide": (1440, 900), "narrow": (390, 844)}
Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture: its name, the page's path, and what to do there first."""

    name: str
    path: str
    prepare: Callable[[Page], object] = Page.title
    signed_in: bool = True
    is_long: bool = True


def complain(text: str) -> None:
    """Says what is wrong with a page, beside its picture."""
    sys.stderr.write(f"  {text}\n")


def open_first_message(page: Page) -> None:
    """Opens the panel of the list's first message and waits until it is filled."""
    page.locator("a.open").first.click()
    expect(page.locator("#panel .panel-title")).to_be_visible()
    page.mouse.move(0, 0)


def tick_two(page: Page) -> None:
    """Ticks two rows, so that the bulk bar shows."""
    for index in range(2):
        page.locator("[data-tick]").nth(index).check()


def try_wrong_password(page: Page) -> None:
    """Shows what a wrong password looks like."""
    page.fill("#login", "somebody@example.com")
    page.fill("#password", "wrong")
    page.click("button.btn-primary")


def open_menu(page: Page) -> None:
    """Opens the menu where the screen is narrow."""
    button = page.locator("[data-open-menu]")
    if button.is_visible():
        button.click()
        page.wait_for_timeout(300)


SHOTS = [
    Shot("sign-in", "/sign-in/", signed_in=False),
    Shot("sign-in-wrong", "/sign-in/", try_wrong_password, signed_in=False),
    Shot("forgotten", "/password/", signed_in=False),
    Shot("dashboard", "/"),
    Shot("menu", "/", open_menu, is_long=False),
    Shot("messages", "/messages/"),
    Shot("messages-ticked", "/messages/", tick_two),
    Shot("messages-panel", "/messages/", open_first_message, is_long=False),
    Shot("messages-acknowledged", "/messages/?tab=acknowledged"),
    Shot("messages-nothing-found", "/messages/?q=zebra"),
    Shot("oncall", "/oncall/"),
    Shot("attendant", "/attendant/"),
    Shot("not-found", "/no-such-page/"),
]
README = {"dashboard", "messages", "messages-panel"}


def sign_in(page: Page, url: str, person: dict[str, Any]) -> None:
    """Signs a person of demo.json in."""
    page.goto(f"{url}/sign-in/")
    page.fill("#login", person["email"])
    page.fill("#password", person["password"])
    page.click("button.btn-primary")
    expect(page.locator("h1")).to_have_text("Dashboard")


@contextmanager
def pages(browser: Browser, size: str, theme: Theme) -> Iterator[Page]:
    """A page of a size and theme whose console must stay free of errors."""
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=theme, locale="en-US"
    )
    page = context.new_page()
    page.on("console", lambda said: complain(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complain(str(error)))
    yield page
    context.close()


def take(page: Page, shot: Shot, url: str, path: Path, *, whole: bool) -> None:
    """Goes to the page, prepares it, and writes the picture."""
    page.goto(url + shot.path)
    shot.prepare(page)
    page.wait_for_timeout(150)
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    if wide > 0:
        complain(f"{path.name}: {wide} px too wide")
    page.screenshot(path=str(path), full_page=whole)


def take_all(demo: dict[str, Any], folder: Path, browser: Browser) -> None:
    """Every page, both sizes, both themes; the signed-in ones after the others."""
    for size, theme in itertools.product(SIZES, THEMES):
        with pages(browser, size, theme) as page:
            is_signed_in = False
            for shot in sorted(SHOTS, key=lambda each: each.signed_in):
                if shot.signed_in and not is_signed_in:
                    sign_in(page, demo["url"], demo["accounts"][0]["users"][0])
                    is_signed_in = True
                path = folder / f"{shot.name}-{size}-{theme}.png"
                take(page, shot, demo["url"], path, whole=size == "narrow" and shot.is_long)


def take_readme(demo: dict[str, Any], folder: Path, browser: Browser) -> None:
    """The three pictures of README.md."""
    with pages(browser, "wide", "light") as page:
        sign_in(page, demo["url"], demo["accounts"][0]["users"][0])
        for shot in SHOTS:
            if shot.name in README:
                take(page, shot, demo["url"], folder / f"{shot.name}.png", whole=False)


def main() -> None:
    """Reads the arguments and takes the pictures."""
    reader = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    reader.add_argument("demo", type=Path, help="demo.json in the data folder")
    reader.add_argument("folder", type=Path)
    reader.add_argument("--readme", action="store_true", help="only the three of README.md")
    given = reader.parse_args()
    demo = json.loads(given.demo.read_text())
    given.folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        (take_readme if given.readme else take_all)(demo, given.folder, browser)
        browser.close()


if __name__ == "__main__":
    main()
