"""Menus: the keypad, the live check, two people at one menu, and what a deletion takes along."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time

import pytest
from django.test import Client

from deskbell.accounts.models import Account, Membership, User
from deskbell.attendant import actions
from deskbell.attendant.models import Menu, System
from deskbell.attendant.queries import planned
from deskbell.attendant.rules import Action, ActionType, WeekSpan
from deskbell.attendant.rules.edits import find_menu, uses_of
from deskbell.attendant.rules.plans import AnnouncementPlan, MenuPlan, Plan, SystemPlan
from deskbell.platform.tenancy import account_scope
from deskbell.portal.attendant.flow.colours import PALETTE
from deskbell.portal.attendant.menus.forms import KEYS, field_of
from deskbell.portal.attendant.taking_out import consequence, without_uses

pytestmark = pytest.mark.django_db
LIST = "/attendant/menus/"
FORM = {"color_code_choice": "", "announcement": "", "ringback_tone": ""}


def plan_of(account: Account) -> Plan:
    """The draft's plan."""
    with account_scope(account.pk):
        return planned(account.pk).plan


def menu_named(account: Account, name: str) -> MenuPlan:
    """A menu of the draft."""
    return next(
        menu for system in plan_of(account).systems for menu in system.menus if menu.name == name
    )


def seen(page: Client, path: str) -> str:
    """What a form remembers of the menu that it shows."""
    found = re.search(r'name="seen" value="([^"]*)"', page.get(path).content.decode())
    return found[1] if found else ""


@pytest.fixture
def day(acme: Account, attendant: System) -> Menu:
    """The menu Day, whose key 1 goes to Night."""
    with account_scope(acme.pk):
        return attendant.menus.get(name="Day")


@pytest.fixture
def night(acme: Account, attendant: System) -> Menu:
    """The menu Night."""
    with account_scope(acme.pk):
        return attendant.menus.get(name="Night")


def test_without_a_system_one_is_led_to_make_it(page: Client, acme: Account) -> None:
    assert "There is no menu yet" in page.get(LIST).content.decode()
    assert "Make a system first" in page.get(f"{LIST}new/").content.decode()
    assert page.post(f"{LIST}new/", FORM | {"name": "x"}).status_code == 200


def test_the_list_shows_keys_hours_and_findings(page: Client, day: Menu) -> None:
    text = page.get(LIST).content.decode()
    assert "Go to Night" in text
    assert 'fill="#e56052"' in text
    assert "Monday to Friday, 8 AM to 6 PM" in text
    assert "key 1" in text  # where Night is reached from
    assert "What Doctor found" in text  # both say nothing


def test_a_new_menu_with_a_new_announcement(page: Client, acme: Account, day: Menu) -> None:
    form = FORM | {
        "name": "Holiday",
        "color_code_choice": "other",
        "color_code_other": "AABBCC",
        "announcement": "new",
        "new_body": "We are on holiday.",
        "new_language": "en-GB",
        "new_voice": "Woman",
        "key_1_type": "GO_TO_MENU",
        "key_1_menu": day.sid,
        "key_star_type": "REPLAY_MENU",
        "key_0_type": "TRANSFER_TO_PHONE",
        "key_0_phone": "+1 212 555 0199",
        "timeout_seconds": "7",
        "timeout_action_type": "HANGUP",
    }
    answer = page.post(f"{LIST}new/", form)
    assert answer.status_code == 302
    made = menu_named(acme, "Holiday")
    assert answer.headers["Location"] == f"{LIST}#menu-{made.sid}"
    assert made.color_code == "#aabbcc"
    assert dict(made.keys) == {
        "0": Action(ActionType.TRANSFER_TO_PHONE, "+1 212 555 0199"),
        "1": Action(ActionType.GO_TO_MENU, day.sid),
        "*": Action(ActionType.REPLAY_MENU),
    }
    assert made.timeout_seconds == 7
    assert made.timeout_max_occurance is None
    [said] = plan_of(acme).announcements
    assert (said.sid, said.body, said.voice) == (made.announcement, "We are on holiday.", "Woman")
    assert said.name == "Holiday: greeting"
    with account_scope(acme.pk):
        assert not Menu.objects.filter(name="Holiday").exists()  # callers do not meet it yet


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"name": ""}, "Give the menu a name"),
        ({"name": "x" * 201}, "up to 200"),
        ({"color_code_choice": "other", "color_code_other": "red"}, "as #e56052"),
        ({"color_code_choice": "javascript:"}, "Choose one of the colours"),
        ({"announcement": "AN" + "0" * 32}, "not there any more"),
        ({"announcement": "new", "new_body": " … "}, "no word to speak"),
        ({"key_1_type": "GO_TO_MENU", "key_1_menu": "MN" + "0" * 32}, "not there any more"),
        ({"key_1_type": "GO_TO_MENU"}, "Choose the menu"),
        ({"key_star_type": "FLY"}, "Choose one of the actions"),
        ({"timeout_seconds": "0"}, "from 1 to 120"),
        ({"timeout_seconds": "soon"}, "from 1 to 120"),
        ({"timeout_max_occurance": "101"}, "from 1 to 100"),
    ],
)
def test_bad_input_keeps_what_was_typed(
    page: Client, acme: Account, night: Menu, typed: dict[str, str], words: str
) -> None:
    sent = FORM | {"name": "Kept name", "key_5_type": "VOICEMAIL"} | typed
    answer = page.post(f"{LIST}new/", sent)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert words in text
    assert "name" in typed or "Kept name" in text
    assert re.search(r'value="VOICEMAIL"[^>]* selected', text)
    assert len(plan_of(acme).systems[0].menus) == 2


def edited(menu: Menu, page: Client, **fields: str) -> dict[str, str]:
    """What the form of Day sends where only these fields were changed."""
    with account_scope(menu.account_id):
        first = menu.keys[0]["menuAction"] if menu.keys else {}
    keys = {"key_1_type": "GO_TO_MENU", "key_1_menu": first["actionData"]} if first else {}
    mark = seen(page, f"{LIST}{menu.sid}/")
    colour = {"color_code_choice": "other", "color_code_other": menu.color_code}
    return FORM | {"name": menu.name, "seen": mark} | colour | keys | fields


def test_editing_a_menu(page: Client, acme: Account, day: Menu) -> None:
    path = f"{LIST}{day.sid}/"
    before = find_menu(plan_of(acme), day.sid)[1]
    assert page.post(path, edited(day, page)).status_code == 302
    assert find_menu(plan_of(acme), day.sid)[1] == before  # nothing was changed, nothing changes
    assert page.post(path, edited(day, page, name="Daytime")).status_code == 302
    assert find_menu(plan_of(acme), day.sid)[1] == replace(before, name="Daytime")


def test_the_second_of_two_people_is_told(page: Client, acme: Account, day: Menu) -> None:
    path = f"{LIST}{day.sid}/"
    mine = edited(day, page, name="Mine")
    theirs = edited(day, page, name="Theirs", key_2_type="HANGUP")
    assert page.post(path, theirs).status_code == 302
    answer = page.post(path, mine)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody else saved this" in text
    assert 'value="Mine"' in text
    assert "<strong>Theirs</strong>" in text
    assert "<strong>Hang up</strong>" in text
    assert menu_named(acme, "Theirs").sid == day.sid
    again = re.search(r'name="seen" value="([^"]+)"', text)
    assert again
    assert page.post(path, mine | {"seen": again[1]}).status_code == 302
    assert menu_named(acme, "Mine").sid == day.sid


def test_a_key_leads_nowhere_outside_its_system(
    page: Client, acme: Account, day: Menu, at: datetime
) -> None:
    with account_scope(acme.pk):
        system = actions.add_system(account=acme, name="Second line", at=at)
        elsewhere = actions.add_menu(system=system, name="Elsewhere", at=at)
    sent = edited(day, page, key_1_menu=elsewhere.sid)
    assert page.post(f"{LIST}{day.sid}/", sent).status_code == 422
    asked = page.get(f"{LIST}new/").content.decode()
    assert "Which system is it for?" in asked
    assert page.get(f"{LIST}new/?system={system.sid}").status_code == 200
    assert page.get(f"{LIST}new/?system=AA0").status_code == 404


def test_the_live_check_says_faults_and_findings_and_saves_nothing(
    page: Client, acme: Account, day: Menu
) -> None:
    path = f"{LIST}{day.sid}/check/"
    sent = edited(day, page, timeout_seconds="999", key_3_type="VOICEMAIL", key_4_type="GO_TO_MENU")
    answer = page.post(path, sent, headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert re.search(r'id="id_timeout_seconds_error"[^>]*><p>[^<]*1 to 120', text)
    assert "Take a message" in text
    assert "Choose the menu" not in text  # still being chosen
    assert 'id="menu-findings"' in text
    assert "<!doctype" not in text
    assert plan_of(acme).systems[0].menus[0].timeout_seconds is None
    with account_scope(acme.pk):
        assert planned(acme.pk).draft is None


def test_the_live_check_of_a_new_menu(page: Client, acme: Account, day: Menu) -> None:
    path = f"{LIST}new/check/"
    sent = FORM | {"name": "", "announcement": "new", "new_body": "", "key_1_type": "HANGUP"}
    text = page.post(path, sent).content.decode()
    assert "Hang up" in text
    assert "Give the menu a name" not in text
    assert "no word to speak" not in text
    assert page.post(f"{path}?system=AA0", sent).status_code == 404


def test_checking_without_a_system_is_nothing(page: Client, acme: Account) -> None:
    assert page.post(f"{LIST}new/check/", FORM).status_code == 204


def test_deleting_says_what_breaks_and_takes_it_along(
    page: Client, acme: Account, day: Menu, night: Menu
) -> None:
    asked = page.get(f"{LIST}{night.sid}/delete/").content.decode()
    assert "key 1" in asked
    assert "Delete and take it out" in asked
    assert page.post(f"{LIST}{night.sid}/delete/").status_code == 302
    [system] = plan_of(acme).systems
    assert [menu.name for menu in system.menus] == ["Day"]
    assert system.menus[0].keys == ()
    week = page.get(f"{LIST}{day.sid}/delete/").content.decode()
    assert "nobody answers in those hours" in week
    page.post(f"{LIST}{day.sid}/delete/")
    assert plan_of(acme).systems[0].week == ()
    assert page.post(f"{LIST}{day.sid}/delete/").status_code == 404


def test_somebody_without_the_right_looks_only(
    signed_in: Callable[[User], Client], bob: User, acme: Account, day: Menu
) -> None:
    Membership.objects.filter(user=bob).update(role="")
    client = signed_in(bob)
    assert "Save to draft" not in client.get(f"{LIST}{day.sid}/").content.decode()
    assert "New menu" not in client.get(LIST).content.decode()
    for path in (f"{LIST}new/", f"{LIST}{day.sid}/", f"{LIST}{day.sid}/delete/"):
        assert client.post(path, FORM | {"name": "x"}).status_code == 403


def test_a_menus_name_is_only_text(page: Client, acme: Account, day: Menu) -> None:
    name = '<script>"&</script>'
    page.post(f"{LIST}{day.sid}/", edited(day, page, name=name))
    for path in (LIST, f"{LIST}{day.sid}/", f"{LIST}{day.sid}/delete/"):
        assert name not in page.get(path).content.decode()


def test_a_page_of_many_menus_asks_as_little(
    page: Client, acme: Account, day: Menu, at: datetime
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        page.get(LIST)
    with account_scope(acme.pk):
        for number in range(5):
            actions.add_menu(system=day.system, name=f"Menu {number}", at=at)
    with CaptureQueriesContext(connection) as many:
        page.get(LIST)
    assert len(many) == len(few)


def test_every_key_has_a_field_of_its_own() -> None:
    assert sorted(KEYS) == sorted("0123456789*")
    assert len({field_of(key) for key in KEYS}) == 11


def test_taking_out_keeps_what_goes_on_without_it() -> None:
    say = Action(ActionType.ANNOUNCEMENT_RETURN, "AN1")
    mail = Action(ActionType.VOICEMAIL, "AN1")
    other = Action(ActionType.GO_TO_MENU, "MN2")
    menu = MenuPlan(
        "MN1",
        "Day",
        announcement="AN1",
        ringback_tone="AN1",
        keys=(("1", say), ("2", mail), ("3", other)),
        timeout_action=say,
    )
    night = MenuPlan("MN2", "Night", announcement="AN2")
    week = (WeekSpan("MN2", 1, time(8), time(18)),)
    plan = Plan(
        announcements=(AnnouncementPlan("AN1", "Hello"),),
        systems=(SystemPlan("AA1", "Main", apology="AN1", menus=(menu, night), week=week),),
    )
    [system] = without_uses(plan, "AN1").systems
    assert system.apology == ""
    assert system.menus[0] == MenuPlan(
        "MN1", "Day", keys=(("2", Action(ActionType.VOICEMAIL)), ("3", other))
    )
    assert system.menus[1] == night
    assert uses_of(without_uses(plan, "AN1"), "AN1") == []
    assert all(consequence(use) for use in uses_of(plan, "AN1"))
    [system] = without_uses(plan, "MN2").systems
    assert system.week == ()
    assert dict(system.menus[0].keys) == {"1": say, "2": mail}


def test_a_new_menu_takes_a_colour_that_is_free(page: Client, day: Menu) -> None:
    text = page.get(f"{LIST}new/").content.decode()
    chosen = re.search(rf'value="({PALETTE[0]})"[^>]* checked', text)
    assert chosen
