"""A real browser, for the journeys through the pages."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from tests.browser import PATIENT_CHROMIUM, SOON
from tests.house import House, running_house
from tests.workers import AS_A_PROGRAM, Hook, Worker, empty_the_queue, listening_hook

if TYPE_CHECKING:  # read before Django is set up
    from deskbell.accounts.models import Account
    from deskbell.messages.models import Message


@pytest.fixture(scope="session")
def house() -> Iterator[House]:
    """A running demo, one for all journeys of a worker: each looks for what itself has done."""
    with running_house() as running:
        yield running


@pytest.fixture(scope="session")
def bundle() -> None:
    """The script and the style as they are served, made where they are missing or old."""
    from deskbell.cli.assets import build_assets
    from deskbell.cli.output import Log

    asyncio.run(build_assets(Log()))


@pytest.fixture(scope="module")
def playwright(bundle: None) -> Iterator[Playwright]:
    # Playwright keeps a loop in this thread, which Django would take for asynchronous code; it is
    # gone with this module's last test, since others run loops of their own.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    expect.set_options(timeout=SOON)
    with sync_playwright() as started:
        yield started
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    made = playwright.chromium.launch(
        executable_path=PATIENT_CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"]
    )
    yield made
    made.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser's console said that it should not have."""
    return []


@pytest.fixture
def tab(browser: Browser, live_server: Any, complaints: list[str]) -> Iterator[Page]:
    """An empty page of a wide window; what its console complains of fails the test."""
    context = browser.new_context(
        base_url=live_server.url, viewport={"width": 1440, "height": 900}, locale="en-US"
    )
    page = context.new_page()
    page.set_default_timeout(SOON)
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


@pytest.fixture
def take(acme: Account) -> Callable[..., Message]:
    """Takes a message of Acme now."""
    from deskbell.foundation.clock import now
    from deskbell.messages import actions
    from deskbell.platform.tenancy import account_scope

    def make(content: str, **details: Any) -> Message:
        age = details.pop("age", timedelta())
        with account_scope(acme.pk):
            return actions.take(
                account_id=acme.pk, taken=actions.Taken(content, **details), at=now() - age
            )

    return make


@pytest.fixture
def in_acme(acme: Account) -> Iterator[Account]:
    """The scope of Acme around the whole test."""
    from deskbell.platform.tenancy import account_scope

    with account_scope(acme.pk):
        yield acme


@pytest.fixture
def hook() -> Iterator[Hook]:
    """A webhook that remembers what it was sent."""
    with listening_hook() as found:
        yield found


@pytest.fixture
def start_worker(acme: Account, tmp_path: Path, hook: Hook) -> Iterator[Callable[..., Worker]]:
    """Starts workers that reach the hook; takes what Python runs where that is not the worker."""
    started: list[Worker] = []

    def start(*program: str) -> Worker:
        folder = tmp_path / f"worker-{len(started)}"
        started.append(Worker(folder, hook, program or AS_A_PROGRAM))
        started[-1].wait_ready()
        return started[-1]

    empty_the_queue()
    yield start
    for worker in started:
        worker.kill()
    empty_the_queue()
