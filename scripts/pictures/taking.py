"""Signs people in, takes them to their pages, and writes the pictures."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, Page, ViewportSize, expect
from playwright.sync_api import Error as PageFailed

from .shot import Shot

SIZES: dict[str, ViewportSize] = {
    "wide": {"width": 1440, "height": 900},
    "narrow": {"width": 390, "height": 844},
}
SOON = 15_000
expect.set_options(timeout=SOON)
Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")
Look = tuple[str, Theme]
LOOKS: list[Look] = list(itertools.product(SIZES, THEMES))


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
    page.goto("/sign-in/")
    page.fill("#login", email)
    page.fill("#password", password)
    page.click("button.btn-primary")
    page.wait_for_url(lambda address: "/sign-in/" not in address)
    expect(page.locator("main h1").first).to_be_attached()


@contextmanager
def pages(browser: Browser, url: str, look: Look) -> Iterator[Page]:
    """A page of a size and theme whose console must stay free of errors."""
    context = browser.new_context(
        base_url=url,
        viewport=SIZES[look[0]],
        color_scheme=look[1],
        reduced_motion="reduce",
        locale="en-US",
    )
    page = context.new_page()
    page.set_default_timeout(SOON)
    page.on("console", lambda said: complain(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complain(str(error)))
    yield page
    context.close()


def prepare(page: Page, shot: Shot) -> bool:
    """Goes to the page and takes the step; complains and gives False where that cannot be done."""
    page.goto(shot.path)
    try:
        shot.prepare(page)
    except (PageFailed, AssertionError) as error:
        complain(f"{shot.name}: cannot be prepared: {str(error).splitlines()[0]}")
        return False
    return True


def keep(page: Page, path: Path, *, whole: bool = False) -> None:
    """Writes the picture once the page has settled: what the screen shows, or the whole page."""
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
        with ExitStack() as open_pages:
            seen = {
                look: open_pages.enter_context(pages(browser, demo["url"], look)) for look in LOOKS
            }
            for page in seen.values():
                if person:
                    sign_in(page, demo, person)
            for shot in shots:
                if shot.person == person:
                    take(seen, shot, folder)


def take(seen: Mapping[Look, Page], shot: Shot, folder: Path) -> None:
    """The four pictures of a shot, from a page each; from the first alone if it goes only once."""
    first = seen[LOOKS[0]]
    if shot.is_once and not prepare(first, shot):
        return
    for look in reversed(LOOKS):  # so that the first page ends as it was
        page = first if shot.is_once else seen[look]
        if shot.is_once:
            page.set_viewport_size(SIZES[look[0]])
            page.emulate_media(color_scheme=look[1])
        elif not prepare(page, shot):
            continue
        path = folder / f"{'-'.join((shot.name, *look))}.png"
        keep(page, path, whole=look[0] == "narrow" and shot.is_long)


def take_readme(
    demo: dict[str, Any], shots: Collection[Shot], folder: Path, browser: Browser
) -> None:
    """Pictures as README.md shows them: wide, light, what alice sees without scrolling."""
    with pages(browser, demo["url"], LOOKS[0]) as page:
        sign_in(page, demo, "alice")
        for shot in shots:
            if prepare(page, shot):
                keep(page, folder / f"{shot.name}.png")
