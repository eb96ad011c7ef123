"""The call flow's pages in a real browser: what their script does, and that all of it is saved.

A box's panel opens beside the picture and gives the keyboard back; hours are painted with a mouse.
"""

from __future__ import annotations

import re
from datetime import datetime, time

import pytest
from playwright.sync_api import Page, expect

from deskbell.accounts.models import Account, PhoneNumber, User
from deskbell.attendant import actions
from deskbell.attendant.models import System
from deskbell.attendant.queries import planned
from deskbell.attendant.rules.schedule import WeekSpan
from deskbell.platform.tenancy import account_scope
from tests.browser import sign_in

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
]
HOUR, LEFT, TOP, ROW, WIDTH = 40, 48, 24, 40, 1032


@pytest.fixture
def system(acme: Account, acme_number: PhoneNumber, at: datetime) -> System:
    with account_scope(acme.pk):
        made = actions.add_system(account=acme, name="Main line", at=at)
        day = actions.add_menu(system=made, name="Day", color_code="#e56052", at=at)
        actions.add_menu(system=made, name="Night", color_code="#3b6fb6", at=at)
        week = [WeekSpan(day.sid, each, time(18), time(8)) for each in (1, 7)]
        actions.set_weekly_schedule(system=made, entries=week, at=at)
        actions.set_numbers(system=made, numbers=[acme_number], at=at)
    return made


def enter(tab: Page, path: str) -> None:
    """Signs alice in and goes to a page."""
    sign_in(tab)
    expect(tab.get_by_role("heading", name="Dashboard")).to_be_visible()
    tab.goto(path)


def paint(tab: Page, day: int, first: float, last: float, *, until_day: int = 0) -> None:
    """Drags over hours of one day of the week, or of several; 0 is Monday."""
    box = tab.locator("#week").bounding_box()
    assert box is not None
    scale = box["width"] / WIDTH

    def place(hour: float, row: int) -> tuple[float, float]:
        x = box["x"] + (LEFT + hour * HOUR) * scale
        return x, box["y"] + (TOP + row * ROW + ROW / 2) * scale

    tab.mouse.move(*place(first + 0.05, day))
    tab.mouse.down()
    tab.mouse.move(*place(last - 0.05, until_day or day), steps=4)
    tab.mouse.up()


def test_hours_are_painted(tab: Page, alice: User, acme: Account, system: System) -> None:
    enter(tab, "/attendant/schedules/")
    tab.locator(".brush", has_text="Night").click()
    paint(tab, 0, 9, 11.25, until_day=1)  # Monday and Tuesday
    paint(tab, 0, 11.25, 12)  # joins what it touches
    paint(tab, 6, 22, 24)  # the evening of Sunday, which was Day's until Monday morning
    tab.locator(".brush", has_text="Nobody").click()
    paint(tab, 0, 2, 3)
    tab.get_by_role("button", name="Save week").click()
    expect(tab.get_by_role("status").first).to_contain_text("saved in the draft")
    with account_scope(acme.pk):
        plan = planned(acme.pk).plan.systems[0]
    names = {menu.sid: menu.name for menu in plan.menus}
    spans = {
        (names[each.menu], each.day, f"{each.start:%H:%M}", f"{each.end:%H:%M}")
        for each in plan.week
    }
    assert spans == {
        ("Night", 1, "09:00", "12:00"),
        ("Night", 2, "09:00", "11:15"),
        ("Day", 1, "18:00", "08:00"),
        ("Day", 7, "18:00", "22:00"),
        ("Night", 7, "22:00", "00:00"),
        ("Day", 1, "00:00", "02:00"),
        ("Day", 1, "03:00", "08:00"),
    }


def test_a_day_of_the_year_is_picked(tab: Page, alice: User, system: System) -> None:
    enter(tab, f"/attendant/schedules/{system.sid}/?year=2031")
    day = tab.locator('[data-date="2031-05-06"]')
    day.click()
    expect(tab.get_by_label("First day")).to_have_value("2031-05-06")
    expect(day).to_have_class(re.compile("is-painted"))
    tab.get_by_label("Remove these days").click()
    expect(day).not_to_have_class(re.compile("is-painted"))


def test_a_box_opens_beside_the_picture(tab: Page, alice: User, system: System) -> None:
    enter(tab, "/attendant/")
    tab.evaluate("window.stayed = true")
    box = tab.locator("svg [data-flow]", has_text="Week").first
    box.focus()
    tab.keyboard.press("Enter")
    part = tab.get_by_role("complementary", name="About the chosen box")
    expect(part).to_contain_text("Sunday, 6 PM to 8 AM")
    expect(tab).to_have_url(re.compile("box=week"))
    tab.keyboard.press("Escape")
    expect(part).to_be_hidden()
    expect(box).to_be_focused()
    assert tab.evaluate("window.stayed === true")
    tab.get_by_role("button", name="Larger").click()
    tab.get_by_role("button", name="Fit").click()
