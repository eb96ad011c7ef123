"""Systems in the console: the list, editing in the draft, two people at once, deleting."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from deskbell.accounts.actions import add_number
from deskbell.accounts.models import Account, PhoneNumber, User
from deskbell.attendant import actions
from deskbell.attendant.models import Draft, Menu, System
from deskbell.attendant.queries import planned
from deskbell.attendant.rules import Action, ActionType
from deskbell.attendant.rules.plans import SystemPlan
from deskbell.platform.tenancy import account_scope

pytestmark = pytest.mark.django_db
LIST = "/attendant/systems/"
Sign = Callable[[User], Client]


def drafted(account: Account, name: str) -> SystemPlan | None:
    """The system of this name as the draft has it."""
    with account_scope(account.pk):
        systems = planned(account.pk).plan.systems
    return next((each for each in systems if each.name == name), None)


def form_of(client: Client, path: str) -> dict[str, Any]:
    """What a browser would post from the page's form, as it is shown."""
    form = client.get(path).context["form"]
    posted: dict[str, Any] = {}
    for name in form.fields:
        value = form[name].value()
        widgets = getattr(form.fields[name].widget, "widgets_names", None)
        if widgets:
            given = form.fields[name].widget.decompress(value)
            posted |= {f"{name}{end}": each for end, each in zip(widgets, given, strict=True)}
        elif value not in (None, False):
            posted[name] = value
    return posted


def test_the_list_says_what_answers_now(page: Client, attendant: System, acme: Account) -> None:
    text = page.get(LIST).content.decode()
    assert "Main line" in text
    assert "(212) 555-0142" in text
    assert "America/New_York" in text
    assert 'fill="#e56052"' in text
    assert "No system has" in page.get(f"{LIST}?q=zebra").content.decode()
    table = page.get(f"{LIST}?format=csv").content.decode().splitlines()
    assert table[1].startswith("Main line,(212) 555-0142")


def test_a_new_system_is_in_the_draft_and_not_live(
    page: Client, acme: Account, at: datetime
) -> None:
    with account_scope(acme.pk):
        number = add_number(account=acme, number="+1 212 555 0143", at=at)
    answer = page.post(
        f"{LIST}new/",
        {
            "name": "Support",
            "status": "ACTIVE",
            "time_zone": "Europe/Berlin",
            "numbers": [number.number],
            "timeout_seconds": "7",
            "timeout_action_type": "TRANSFER_TO_PHONE",
            "timeout_action_phone": "+1 212 555 0100",
        },
    )
    made = drafted(acme, "Support")
    assert made is not None
    assert answer.headers["Location"] == f"{LIST}{made.sid}/"
    assert (made.time_zone, made.timeout_seconds) == ("Europe/Berlin", 7)
    assert made.numbers == (number.number,)
    assert made.timeout_action == Action(ActionType.TRANSFER_TO_PHONE, "+1 212 555 0100")
    with account_scope(acme.pk):
        assert not System.objects.exists()
    text = page.get(LIST).content.decode()
    assert "1 change not published" in text


def test_saving_what_is_shown_changes_nothing(
    page: Client, attendant: System, acme: Account
) -> None:
    before = drafted(acme, "Main line")
    path = f"{LIST}{attendant.sid}/"
    assert page.post(path, form_of(page, path)).status_code == 302
    assert drafted(acme, "Main line") == before


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("name", "", "A system needs a name"),
        ("name", "x" * 201, "at most 200"),
        ("time_zone", "Atlantis/Centre", "is not a time zone"),
        ("timeout_seconds", "soon", "Type a whole number from 1 to 120"),
        ("timeout_seconds", "0", "Type a whole number from 1 to 120"),
        ("invalid_input_max_occurance", "101", "Type a whole number from 1 to 100"),
        ("numbers", "+1 999", "not there any more"),
        ("apology", "ANnone", "Select a valid choice"),
        ("timeout_action_type", "GO_TO_MENU", "Choose the menu"),
    ],
)
def test_bad_input_stays_with_its_reason(
    page: Client, attendant: System, field: str, typed: str, words: str
) -> None:
    path = f"{LIST}{attendant.sid}/"
    posted = form_of(page, path) | {"description": "Kept as typed", field: typed}
    answer = page.post(path, posted)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert words in text
    assert "Kept as typed" in text
    with account_scope(attendant.account_id):
        assert not Draft.objects.exists()


def test_a_number_moves_here_when_it_is_ticked(
    page: Client, attendant: System, acme: Account, acme_number: PhoneNumber, at: datetime
) -> None:
    with account_scope(acme.pk):
        other = actions.add_system(account=acme, name="Second line", at=at)
    path = f"{LIST}{other.sid}/"
    assert "moves here from Main line" in page.get(path).content.decode()
    page.post(path, form_of(page, path) | {"numbers": [acme_number.number]})
    first, second = drafted(acme, "Main line"), drafted(acme, "Second line")
    assert first is not None
    assert second is not None
    assert (first.numbers, second.numbers) == ((), (acme_number.number,))


def test_of_two_people_the_second_is_told_and_loses_nothing(
    page: Client, signed_in: Sign, bob: User, attendant: System, acme: Account
) -> None:
    path = f"{LIST}{attendant.sid}/"
    mine, theirs = form_of(page, path), form_of(signed_in(bob), path)
    signed_in(bob).post(path, theirs | {"description": "From bob"})
    answer = page.post(path, mine | {"description": "From alice", "timeout_seconds": "9"})
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Somebody else saved this" in text
    assert "From alice" in text
    assert re.findall(r"Saved by somebody else: <strong>(.*?)</strong>", text) == ["From bob"]
    made = drafted(acme, "Main line")
    assert made is not None
    assert made.description == "From bob"
    seen = answer.context["form"]["seen"].value()
    again = mine | {"description": "From alice", "timeout_seconds": "9", "seen": seen}
    assert page.post(path, again).status_code == 302
    made = drafted(acme, "Main line")
    assert made is not None
    assert (made.description, made.timeout_seconds) == ("From alice", 9)


def test_a_menu_saved_meanwhile_is_no_conflict(
    page: Client, attendant: System, acme: Account, at: datetime
) -> None:
    path = f"{LIST}{attendant.sid}/"
    posted = form_of(page, path)
    with account_scope(acme.pk):
        actions.edit_menu(menu=Menu.objects.get(name="Night"), name="Evening", at=at)
    assert page.post(path, posted | {"description": "New"}).status_code == 302
    made = drafted(acme, "Main line")
    assert made is not None
    assert {menu.name for menu in made.menus} == {"Day", "Evening"}


def test_what_was_deleted_meanwhile_is_said_with_what_was_typed(
    page: Client, attendant: System
) -> None:
    path = f"{LIST}{attendant.sid}/"
    posted = form_of(page, path) | {"description": "Typed for a while"}
    page.post(f"{path}delete/")
    answer = page.post(path, posted)
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Somebody deleted this system" in text
    assert "Typed for a while" in text
    assert f'action="{LIST}new/"' in text
    assert page.post(f"{LIST}new/", posted).status_code == 302
    assert page.get(path).status_code == 404


def test_deleting_says_what_goes_with_it(page: Client, attendant: System, acme: Account) -> None:
    path = f"{LIST}{attendant.sid}/delete/"
    whole = page.get(path).content.decode()
    for words in ("Calls to (212) 555-0142 reach nobody", "The menu “Night” is deleted", "<html"):
        assert words in whole
    dialog = page.get(path, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in dialog
    assert "Delete system" in dialog
    assert page.post(path).status_code == 302
    assert drafted(acme, "Main line") is None
    with account_scope(acme.pk):
        assert System.objects.filter(name="Main line").exists()


def test_who_may_not_edit_looks(signed_in: Sign, rita: User, attendant: System) -> None:
    client = signed_in(rita)
    client.post("/account/", {"account": attendant.account_id})
    path = f"{LIST}{attendant.sid}/"
    text = client.get(path).content.decode()
    assert "Main line" in text
    assert "Save to draft" not in text
    assert "disabled" in text
    assert client.post(path, {"name": "Mine"}).status_code == 403
    assert client.post(f"{path}delete/").status_code == 403


def test_an_aa_admin_edits_all_but_extensions(
    signed_in: Sign, bob: User, attendant: System, acme: Account
) -> None:
    client = signed_in(bob)
    path = f"{LIST}{attendant.sid}/"
    extension = "+1 212 555 0101"
    posted = form_of(client, path) | {"description": "By bob", "extensions": [extension]}
    assert client.post(path, posted).status_code == 302
    made = drafted(acme, "Main line")
    assert made is not None
    assert (made.description, made.extensions) == ("By bob", ())


def test_queries_do_not_grow_with_the_account(
    page: Client,
    attendant: System,
    acme: Account,
    at: datetime,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    with account_scope(acme.pk):
        for number in range(12):
            system = actions.add_system(account=acme, name=f"Line {number}", at=at)
            actions.add_menu(system=system, name=f"Menu {number}", at=at)
    for path in (LIST, f"{LIST}{attendant.sid}/"):
        with django_assert_max_num_queries(40):
            assert page.get(path).status_code == 200
