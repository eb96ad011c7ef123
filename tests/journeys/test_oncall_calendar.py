"""The Oncall Calendar in a real browser: dragging, the keyboard alone, a finger, a small screen."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from deskbell.accounts.models import Account, User
from deskbell.contacts.actions import add_contact, add_method
from deskbell.contacts.models import DeliveryMethod
from deskbell.foundation.clock import now
from deskbell.oncall import actions
from deskbell.oncall.models import EscalationLevel, Event
from deskbell.oncall.queries import shift_of
from deskbell.oncall.rules import in_words
from deskbell.platform.tenancy import account_scope
from tests.browser import SOON, sign_in

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
]
MONDAY = datetime.combine(date(2031, 5, 5), time(8))
WEEK = "/oncall/?view=week&date=2031-05-05"
TIMELINE = "/oncall/?view=timeline&date=2031-05-05"


@dataclass(frozen=True, slots=True)
class Scene:
    """A level, and two people to put on it."""

    account: Account
    level: EscalationLevel
    alice: DeliveryMethod
    bob: DeliveryMethod

    def shift(self, **rule: Any) -> Event:
        """alice, Monday, May 5, 2031, 8 AM to 5 PM."""
        with account_scope(self.account.pk):
            return actions.add_event(
                level=self.level,
                methods=[self.alice],
                starts=MONDAY,
                ends=MONDAY + timedelta(hours=9),
                at=now(),
                **rule,
            )

    def spans(self) -> set[tuple[str, str, str]]:
        """Every event: start, end, rule."""
        with account_scope(self.account.pk):
            return {
                (f"{each.starts:%m-%d %H:%M}", f"{each.ends:%m-%d %H:%M}", in_words(shift_of(each)))
                for each in Event.objects.all()
            }


@pytest.fixture
def scene(acme: Account, at: datetime) -> Scene:
    def method(name: str) -> DeliveryMethod:
        contact = add_contact(account_id=acme.pk, name=name, at=at)
        return add_method(contact=contact, kind="email", address=f"{name}@example.com", at=at)

    with account_scope(acme.pk):
        level = actions.add_level(account_id=acme.pk, name="First line", at=at)
        return Scene(acme, level, method("alice"), method("bob"))


def enter(tab: Page, path: str) -> None:
    """Signs alice in and goes to a page."""
    sign_in(tab)
    expect(tab.get_by_role("heading", name="Dashboard")).to_be_visible()
    tab.goto(path)


def place(tab: Page, day: str, hour: float) -> tuple[float, float]:
    """Where an hour of a day is on the screen."""
    column = tab.locator(f'.hours-in[data-day="{day}"]')
    box = column.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] * hour / 24


def drag(tab: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Presses at a place, goes to another in steps, and lets go."""
    tab.mouse.move(*start)
    tab.mouse.down()
    tab.mouse.move(*end, steps=6)
    tab.mouse.up()


def panel(tab: Page) -> Locator:
    """The panel beside the calendar."""
    return tab.get_by_role("complementary", name="Event")


def block(tab: Page, who: str = "alice") -> Locator:
    """A shift among the hours."""
    return tab.locator(".block", has_text=who)


def saved(tab: Page, words: str) -> None:
    """Waits until the page says so."""
    expect(tab.locator("#notices")).to_contain_text(words)


def test_an_event_is_made_moved_and_stretched_by_dragging(
    tab: Page, alice: User, scene: Scene
) -> None:
    enter(tab, WEEK)
    tab.evaluate("window.stayed = true")
    drag(tab, place(tab, "2031-05-06", 3.05), place(tab, "2031-05-06", 6.2))
    expect(panel(tab).get_by_label("Starts on")).to_have_value("2031-05-06")
    expect(panel(tab).get_by_label("at", exact=True).first).to_have_value("03:00")
    expect(panel(tab).get_by_label("at", exact=True).last).to_have_value("06:15")
    panel(tab).get_by_role("checkbox", name="alice@").check()
    panel(tab).get_by_role("button", name="Create").click()
    saved(tab, "The event is on the calendar")
    expect(panel(tab)).to_be_hidden()
    assert scene.spans() == {("05-06 03:00", "05-06 06:15", "once")}

    drag(tab, place(tab, "2031-05-06", 4), place(tab, "2031-05-08", 5.5))
    saved(tab, "Moved to Thu, May 8")
    assert scene.spans() == {("05-08 04:30", "05-08 07:45", "once")}
    drag(tab, place(tab, "2031-05-08", 7.7), place(tab, "2031-05-08", 10))
    saved(tab, "to 10 AM")
    assert scene.spans() == {("05-08 04:30", "05-08 10:00", "once")}

    tab.mouse.move(*place(tab, "2031-05-08", 6))
    tab.mouse.down()
    tab.mouse.move(*place(tab, "2031-05-09", 6), steps=4)
    expect(tab.locator(".ghost")).to_be_visible()
    tab.keyboard.press("Escape")
    expect(tab.locator(".ghost")).to_have_count(0)
    tab.mouse.up()
    expect(panel(tab)).to_be_hidden()
    assert scene.spans() == {("05-08 04:30", "05-08 10:00", "once")}
    tab.get_by_role("button", name="Undo").click()
    saved(tab, "Moved to")
    expect(block(tab)).to_contain_text("7:45 AM")
    assert scene.spans() == {("05-08 04:30", "05-08 07:45", "once")}
    assert tab.evaluate("window.stayed === true")


@pytest.mark.parametrize(
    ("choice", "left"),
    [
        ("Only this one", {("05-13 08:00", "05-13 17:00", "once")}),
        ("All of them", {("05-06 08:00", "05-06 17:00", "weekly on Tuesday")}),
    ],
)
def test_a_drag_of_one_that_comes_back_asks(
    tab: Page, alice: User, scene: Scene, choice: str, left: set[tuple[str, str, str]]
) -> None:
    scene.shift(frequency="weekly", weekdays=(1,))
    enter(tab, "/oncall/?view=week&date=2031-05-12")
    drag(tab, place(tab, "2031-05-12", 10), place(tab, "2031-05-13", 10))
    dialog = tab.get_by_role("dialog")
    expect(dialog).to_contain_text("Comes back weekly on Monday")
    dialog.get_by_label(choice).check()
    dialog.get_by_role("button", name="Move").click()
    saved(tab, "Moved to Tue, May 13")
    assert left <= scene.spans()


def test_a_drag_that_is_cancelled_moves_nothing(tab: Page, alice: User, scene: Scene) -> None:
    scene.shift(frequency="daily")
    before = scene.spans()
    enter(tab, WEEK)
    drag(tab, place(tab, "2031-05-06", 10), place(tab, "2031-05-07", 12))
    tab.get_by_role("dialog").get_by_role("link", name="Cancel").click()
    expect(tab.locator(".block.is-held")).to_have_count(0)
    assert scene.spans() == before


def test_on_the_timeline(tab: Page, alice: User, scene: Scene) -> None:
    scene.shift()
    enter(tab, TIMELINE)
    row = tab.locator(".line-in").first.bounding_box()
    assert row is not None
    day = row["width"] / 7
    y = row["y"] + 26
    drag(tab, (row["x"] + day * 1.5, y), (row["x"] + day * 3.5, y))
    saved(tab, "Moved to Wed, May 7")
    assert scene.spans() == {("05-07 08:00", "05-07 17:00", "once")}
    drag(tab, (row["x"] + day * 5.25, y), (row["x"] + day * 5.75, y))
    expect(panel(tab).get_by_label("Starts on")).to_have_value("2031-05-09")


def test_the_keyboard_alone(tab: Page, alice: User, scene: Scene) -> None:
    enter(tab, WEEK)
    new = tab.get_by_role("link", name="New Event", exact=True)
    new.focus()
    tab.keyboard.press("Enter")
    expect(panel(tab)).to_be_focused()
    panel(tab).get_by_label("Starts on").fill("2031-05-05")
    expect(panel(tab).get_by_label("Ends on")).to_have_value("2031-05-05")
    panel(tab).get_by_label("at", exact=True).first.fill("08:00")
    panel(tab).get_by_label("at", exact=True).last.fill("17:00")
    panel(tab).get_by_label("Repeats").select_option("weekly")
    expect(panel(tab).locator(".rule-preview")).to_contain_text("Weekly on")
    panel(tab).get_by_role("checkbox", name="bob@").focus()
    tab.keyboard.press("Space")
    tab.keyboard.press("Enter")
    saved(tab, "The event is on the calendar")

    first = block(tab, "bob").first
    first.focus()
    expect(tab.locator(".tip")).to_contain_text("weekly on")
    for key in ("ArrowDown", "ArrowDown", "Shift+ArrowDown"):
        tab.keyboard.press(key)
    expect(tab.locator("#cal-says")).to_contain_text("8:30 AM to 5:45 PM")
    tab.keyboard.press("Escape")
    expect(tab.locator(".ghost")).to_have_count(0)
    tab.keyboard.press("ArrowRight")
    tab.keyboard.press("Enter")
    dialog = tab.get_by_role("dialog")
    expect(dialog).to_be_visible()
    dialog.get_by_label("All of them").check()
    dialog.get_by_role("button", name="Move").focus()
    tab.keyboard.press("Enter")
    saved(tab, "Moved to")

    block(tab, "bob").first.focus()
    tab.keyboard.press("Enter")
    expect(panel(tab)).to_contain_text("Comes back weekly")
    tab.keyboard.press("Escape")
    expect(panel(tab)).to_be_hidden()
    expect(block(tab, "bob").first).to_be_focused()


def test_a_refusal_stays_in_the_panel_with_all_that_was_typed(
    tab: Page, alice: User, scene: Scene, complaints: list[str]
) -> None:
    enter(tab, WEEK)
    tab.get_by_role("link", name="New Event", exact=True).click()
    panel(tab).get_by_label("Note").fill("Ring twice")
    panel(tab).get_by_role("button", name="Create").click()
    expect(panel(tab).locator(".field-says p")).to_have_text("Choose at least one delivery method.")
    expect(panel(tab).get_by_label("Note")).to_have_value("Ring twice")
    assert complaints.pop().startswith("Failed to load resource")  # the 422


def test_a_cover_shows_at_once(tab: Page, alice: User, scene: Scene) -> None:
    local = datetime.now(tz=scene_zone(scene)).replace(tzinfo=None)
    with account_scope(scene.account.pk):
        actions.add_event(
            level=scene.level,
            methods=[scene.alice],
            starts=local.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1),
            ends=local.replace(hour=23, minute=59, second=0, microsecond=0) - timedelta(days=1),
            frequency="daily",
            at=now(),
        )
    enter(tab, "/oncall/?view=day")
    strip = tab.locator("#oncall-now")
    expect(strip).to_contain_text("alice")
    tab.get_by_role("link", name="Cover", exact=True).click()
    cover = panel(tab)
    cover.get_by_label("Who is off call").select_option(label="alice")
    cover.get_by_role("checkbox", name="bob@").check()
    cover.get_by_role("button", name="Cover").click()
    saved(tab, "The cover is on the calendar")
    expect(strip.locator(".now-who")).to_contain_text("bob")
    expect(tab.locator(".block.is-covered")).to_be_visible()
    expect(tab.locator(".block.is-override")).to_contain_text("bob")


def scene_zone(scene: Scene) -> Any:
    """The account's time zone."""
    from deskbell.oncall.queries import zone_of

    return zone_of(scene.account)


def test_what_another_person_changes_appears_by_itself(
    tab: Page, alice: User, scene: Scene
) -> None:
    enter(tab, WEEK)
    expect(block(tab)).to_have_count(0)
    scene.shift()
    expect(block(tab)).to_have_count(1, timeout=SOON)


def test_a_small_screen_and_a_finger(
    browser: Browser, live_server: Any, alice: User, scene: Scene
) -> None:
    scene.shift(frequency="weekly", weekdays=(1, 3))
    context = browser.new_context(
        base_url=live_server.url, viewport={"width": 390, "height": 844}, has_touch=True
    )
    tab = context.new_page()
    tab.set_default_timeout(SOON)
    enter(tab, "/oncall/?date=2031-05-05")
    for path in ("/oncall/?date=2031-05-05", WEEK, "/oncall/?view=day&date=2031-05-05", TIMELINE):
        tab.goto(path)
        assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    tab.goto("/oncall/?date=2031-05-05")
    agenda = tab.locator(".chip", has_text="alice").first
    expect(agenda).to_be_visible()
    agenda.tap()
    expect(panel(tab)).to_contain_text("Comes back weekly on Monday and Wednesday")
    tab.keyboard.press("Escape")
    tab.goto("/oncall/?view=day&date=2031-05-05")
    hold_and_drag(tab, place(tab, "2031-05-05", 10), place(tab, "2031-05-05", 12))
    dialog = tab.get_by_role("dialog")
    expect(dialog).to_contain_text("10 AM to 7 PM")
    dialog.get_by_label("All of them").check()
    dialog.get_by_role("button", name="Move").tap()
    saved(tab, "Moved to")
    assert scene.spans() == {("05-05 10:00", "05-05 19:00", "weekly on Monday and Wednesday")}
    context.close()


def hold_and_drag(tab: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Rests a finger on a place until it holds, moves it, and lifts it."""
    tab.evaluate("y => scrollTo(0, y)", start[1] - 400)
    top = tab.evaluate("scrollY")
    touch = tab.context.new_cdp_session(tab)

    def send(kind: str, at: tuple[float, float] | None) -> None:
        points = [] if at is None else [{"x": at[0], "y": at[1] - top}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    send("touchStart", start)
    expect(tab.locator("body")).to_have_class(re.compile("is-dragging"))
    for step in range(1, 7):
        share = step / 6
        send(
            "touchMove",
            (start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share),
        )
    send("touchEnd", None)


def test_without_a_script(browser: Browser, live_server: Any, alice: User, scene: Scene) -> None:
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    tab = context.new_page()
    tab.set_default_timeout(SOON)
    enter(tab, WEEK)
    tab.get_by_role("link", name="New Event", exact=True).click()
    tab.get_by_label("Starts on").fill("2031-05-05")
    tab.get_by_label("Ends on").fill("2031-05-05")
    tab.get_by_label("Repeats").select_option("monthly")
    tab.get_by_label("on weekdays of the month").check()
    tab.get_by_label("Last Friday").check()
    tab.get_by_role("checkbox", name="alice@").check()
    tab.get_by_role("button", name="Create").click()
    saved(tab, "The event is on the calendar")
    tab.goto("/oncall/?date=2031-05-05")
    tab.locator(".chip", has_text="alice").first.click()
    expect(tab.locator(".event-facts")).to_contain_text("monthly on the last Friday")
    tab.get_by_role("link", name="Delete").click()
    tab.get_by_label("All of them").check()
    tab.get_by_role("button", name="Delete").click()
    saved(tab, "The event is deleted")
    assert scene.spans() == set()
    context.close()
