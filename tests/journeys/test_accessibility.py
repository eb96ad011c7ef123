"""Pages for everybody: axe finds nothing on any of them, and no step needs a mouse.

Source: design, look, "Works at 390 px wide and by keyboard; focus visible; axe finds nothing".
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import groupby
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from deskbell.accounts.models import Account, PhoneNumber, User
from deskbell.delivery.links import acknowledge_token
from deskbell.delivery.models import Delivery
from deskbell.delivery.parcels import RELATED, parcel_of
from deskbell.delivery.transports.email.transport import compose
from deskbell.demo import fill, history
from deskbell.demo.cast import ALICE, STAFF
from deskbell.demo.folders import MAILBOX, WEBHOOKS
from deskbell.foundation.clock import now
from deskbell.foundation.environment import ROOT
from deskbell.messages.models import Message, MessageStatus
from deskbell.platform.tenancy import account_scope
from deskbell.reports.actions import ask_export, make
from tests.at_the_desk import open_desk
from tests.browser import SOON, sign_in
from tests.cast import PASSWORD
from tests.looks import Demo, Look, every_look

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
# Colours that are still changing are nobody's.
SETTLED = """Promise.allSettled(document.getAnimations()
    .filter(each => each instanceof CSSTransition).map(each => each.finished))"""
WIDE, NARROW = 1440, 390
# Colours know no width, and all else no theme.
SEEN: tuple[tuple[int, Literal["light", "dark"]], ...] = ((WIDE, "light"), (NARROW, "dark"))
ONLY_FAULTS = {"resultTypes": ["violations"]}
# A mail stands inside a mail program's page.
MAILS = {"rules": {name: {"enabled": False} for name in ("landmark-one-main", "region")}}
PEOPLE = {each.name: (each.email, each.password) for each in (ALICE, *STAFF)}
Take = Callable[..., Message]


@pytest.fixture
def demo(db: None, monkeypatch: pytest.MonkeyPatch) -> Demo:
    monkeypatch.setattr(fill, "SPOKEN", 1)  # one recording is enough to look at
    monkeypatch.setattr(history, "DAYS", 20)
    fill.fill_demo()
    give_rita_a_call()
    give_alice_an_export()
    with account_scope(Account.objects.get(number="W0411").pk):
        message = Message.objects.filter(status=MessageStatus.EXHAUSTED).earliest("pk")
        delivery = Delivery.objects.select_related(*RELATED).get(message=message, kind="email")
        mail = MAILBOX.keep(compose(parcel_of(delivery, sent_at=now())).message().as_bytes())
        WEBHOOKS.keep(json.dumps({"body": '{"type": "message.delivery"}'}).encode())
        recorded = Message.objects.exclude(recording=None).latest("pk")
        return Demo(f"/ack/{acknowledge_token(delivery)}", mail, recorded.pk)


def give_rita_a_call() -> None:
    """rita has a desk, and a call of alice's account in hand."""
    account = Account.objects.get(number="W0411")
    with account_scope(account.pk):
        number = PhoneNumber.objects.filter(is_extension=False).earliest("pk")
    open_desk(account, number, User.objects.get(name="rita")).answer()


def give_alice_an_export() -> None:
    """One that is done, as a worker would make it."""
    account = Account.objects.get(number="W0411")
    with account_scope(account.pk):
        export = ask_export(
            account=account,
            kind="messages",
            format="csv",
            asked={},
            words="All messages",
            by=User.objects.get(name="alice"),
            at=now(),
        )
        make(export_id=export.pk, clock=now, days=7)


def faults(tab: Page, look: Look) -> Iterator[str]:
    """What axe finds on the page that is shown, a line each, wide in the light and narrow in the
    dark.
    """
    tab.evaluate(AXE.read_text())
    of_page = MAILS if look.path.endswith("/html") else {}
    for width, theme in SEEN:
        tab.set_viewport_size({"width": width, "height": 900})
        tab.emulate_media(color_scheme=theme, reduced_motion="reduce")
        tab.evaluate(SETTLED)
        found = tab.evaluate("options => axe.run(document, options)", of_page | ONLY_FAULTS)
        place = f"{look.path} {getattr(look.prepare, '__name__', '')} {width} {theme}"
        for each in found["violations"]:
            yield f"{place}: {each['id']}: {each['help']}: {each['nodes'][0]['target']}"


@pytest.mark.skipif(not AXE.exists(), reason="axe-core is not there: `npm ci` fetches it")
@pytest.mark.timeout(1800)  # every page there is
def test_axe_finds_nothing(browser: Browser, live_server: Any, demo: Demo) -> None:
    found: list[str] = []
    for person, looks in groupby(sorted(every_look(demo), key=by_person), key=by_person):
        context = browser.new_context(
            base_url=live_server.url,
            bypass_csp=True,  # a mail's page lets no script run, axe neither
        )
        tab = context.new_page()
        tab.set_default_timeout(SOON)
        if person:
            sign_in(tab, *PEOPLE[person])
            expect(tab).not_to_have_url(re.compile("sign-in"))
        for look in looks:
            tab.set_viewport_size({"width": WIDE, "height": 900})
            tab.goto(look.path)
            look.prepare(tab)
            found += faults(tab, look)
        context.close()
    assert not found, "\n".join(found)


def by_person(look: Look) -> str:
    """Who looks, for sorting; the order of one's own looks stays."""
    return look.person


def tab_to(tab: Page, wanted: Locator) -> None:
    """Goes to an element as people without a mouse do."""
    for _ in range(60):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        tab.keyboard.press("Tab")
    raise AssertionError(f"60 tabs do not lead to {wanted}")


def test_all_of_it_without_a_mouse(tab: Page, alice: User, take: Take) -> None:
    message = take("Please call back", first_name="Ines", age=timedelta(minutes=2))
    other = take("And me", first_name="Otto")
    tab.goto("/sign-in/")
    expect(tab.get_by_label("Email Address")).to_be_focused()
    tab.keyboard.type("alice@example.com")
    tab.keyboard.press("Tab")
    tab.keyboard.type(PASSWORD)
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("heading", name="Dashboard")).to_be_visible()
    tab.keyboard.press("Tab")
    expect(tab.get_by_role("link", name="Skip to the content")).to_be_focused()
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("main")).to_be_focused()
    tab.keyboard.press("Tab")
    expect(tab.get_by_role("link", name="New Messages")).to_be_focused()
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("heading", name="Messages")).to_be_visible()
    tab.keyboard.press("/")
    tab.keyboard.type("call")
    expect(tab.locator(f"#open-{other.pk}")).to_have_count(0)
    tab_to(tab, tab.locator(f"#open-{message.pk}"))
    tab.keyboard.press("Enter")
    panel = tab.get_by_role("complementary", name="Message")
    expect(panel).to_be_focused()
    tab_to(tab, panel.get_by_role("button", name="Acknowledge"))
    tab.keyboard.press("Enter")
    expect(panel).to_contain_text("Acknowledged by Alice")
    expect(tab.get_by_text("No new message has")).to_be_visible(timeout=SOON)
    expect(panel).to_be_focused()
    tab.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    expect(tab.get_by_role("main")).to_be_focused()


def test_one_after_the_other_by_keyboard(tab: Page, alice: User, take: Take) -> None:
    taken = [take(f"no {number}", age=timedelta(minutes=number)) for number in range(3)]
    sign_in(tab)
    tab.get_by_role("link", name="New Messages").click()
    tab.locator(f"#ack-{taken[0].pk}").focus()
    for message in taken[1:]:
        tab.keyboard.press("Enter")
        expect(tab.locator(f"#ack-{message.pk}")).to_be_focused()
    tab.keyboard.press("Enter")
    expect(tab.get_by_text("Every message is acknowledged")).to_be_visible()
    expect(tab.get_by_role("main")).to_be_focused()
