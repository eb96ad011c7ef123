"""Signs people in, takes them to their pages, and writes the pictures."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, Page, expect
from playwright.sync_api import Error as PageFailed

from .shot import Shot

SIZES = {"wide": (1440, 900), "narrow": (390, 844)}
Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")


def complain(text: str) -> None:
    """Says what is wrong with a page, beside its picture."""
    sys.stderr.write(f"  {text}\n")


def password_of(demo: dict[str, Any], name: str) -> tuple[str, str]:
    """Email address and password of one of the demo's people."""
    people = itertools.chain(demo["staff"], *(each["users"] for each in demo["accounts"]))
    person = next(each for each in people if each["name"] == name)
    return person["email"], person["password"]


def sign_in(page: Page, demo: dict[str, Any], name: str) -> None:
    """Signs a person of demo.json in."""
    email, password = password_of(demo, name)
    page.goto(f"{demo['url']}/sign-in/")
    page.fill("#login", email)
    page.fill("#password", password)
    page.click("button.btn-primary")
    page.wait_for_url(lambda address: "/sign-in/" not in address)
    expect(page.locator("main h1").first).to_be_attached()


@contextmanager
def pages(browser: Browser, size: str, theme: Theme) -> Iterator[Page]:
    """A page of a size and theme whose console must stay free of errors."""
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=theme, locale="en-US"
    )
    page = context.new_page()
    page.set_default_timeout(5_000)
    page.on("console", lambda said: complain(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complain(str(error)))
    yield page
    context.close()


def take(page: Page, shot: Shot, url: str, path: Path, *, whole: bool) -> None:
    """Goes to the page, prepares it, and writes the picture."""
    page.goto(url + shot.path)
    try:
        shot.prepare(page)
    except (PageFailed, AssertionError) as error:
        complain(f"{path.name}: cannot be prepared: {str(error).splitlines()[0]}")
        return
    page.wait_for_timeout(150)
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    if wide > 0:
        complain(f"{path.name}: {wide} px too wide")
    page.screenshot(path=str(path), full_page=whole)


def take_all(demo: dict[str, Any], shots: Collection[Shot], folder: Path, browser: Browser) -> None:
    """Every page, both sizes, both themes, by whoever looks at it.

    Shot by shot, not size by size: what one picture acknowledges was in the others before. Who is
    not signed in comes last, since the link of a mail acknowledges what others look at.
    """
    for person in sorted(dict.fromkeys(shot.person for shot in shots), key="".__eq__):
        mine = [shot for shot in shots if shot.person == person]
        looks = list(itertools.product(SIZES, THEMES)) if mine else []
        with ExitStack() as open_pages:
            seen = {look: open_pages.enter_context(pages(browser, *look)) for look in looks}
            for page in seen.values():
                if person:
                    sign_in(page, demo, person)
            for shot, (look, page) in itertools.product(mine, seen.items()):
                path = folder / f"{'-'.join((shot.name, *look))}.png"
                take(page, shot, demo["url"], path, whole=look[0] == "narrow" and shot.is_long)


def take_readme(
    demo: dict[str, Any], shots: Collection[Shot], folder: Path, browser: Browser
) -> None:
    """Pictures as README.md shows them: wide, light, what alice sees without scrolling."""
    with pages(browser, "wide", "light") as page:
        sign_in(page, demo, "alice")
        for shot in shots:
            take(page, shot, demo["url"], folder / f"{shot.name}.png", whole=False)
