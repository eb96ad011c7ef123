"""What the attendant's pages share: rights, the draft's bar, forms, lists, and the menu."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.http import QueryDict
from django.template import Context, Template
from django.test import Client

from deskbell.accounts.models import Account, User
from deskbell.attendant.rules import Action, ActionType
from deskbell.portal.attendant.action_forms import ActionChoices, ActionField, action_words
from deskbell.portal.attendant.forms import PartForm
from deskbell.portal.attendant.listing import Asked, Column, as_csv, in_order, listed

CHOICES = ActionChoices(
    announcements=[("AN1", "Closed")], menus=[("MN1", "Night")], levels=[("7", "First line")]
)
NAMES: list[Column[str]] = [
    Column("name", "Name", str),
    Column("size", "Size", lambda row: str(len(row)), order=len, first="desc"),
]


class KeyForm(PartForm[str]):
    """One action."""

    def shown_of(self, part: str) -> dict[str, object]:
        return {"key": Action(ActionType.GO_TO_MENU, part)}


def key_form(**posted: str) -> KeyForm:
    data = QueryDict(mutable=True)
    data.update({f"key_{name}": value for name, value in posted.items()})
    return KeyForm(data, part="MN1", made={"key": ActionField(CHOICES, label="Key")})


@pytest.mark.parametrize(
    ("posted", "action"),
    [
        ({}, None),
        ({"type": "HANGUP", "menu": "MN1"}, Action(ActionType.HANGUP)),
        ({"type": "GO_TO_MENU", "menu": "MN1"}, Action(ActionType.GO_TO_MENU, "MN1")),
        ({"type": "VOICEMAIL"}, Action(ActionType.VOICEMAIL)),
        (
            {"type": "TRANSFER_TO_PHONE", "phone": " +1 212 555 0142 ", "menu": "MN1"},
            Action(ActionType.TRANSFER_TO_PHONE, "+1 212 555 0142"),
        ),
        ({"type": "TRANSFER_TO_ONCALL", "level": "7"}, Action(ActionType.TRANSFER_TO_ONCALL, "7")),
    ],
)
def test_an_action_is_what_its_kind_takes(posted: dict[str, str], action: Action | None) -> None:
    form = key_form(**posted)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["key"] == action


@pytest.mark.parametrize(
    ("posted", "words"),
    [
        ({"type": "GO_TO_MENU"}, "Choose the menu"),
        ({"type": "GO_TO_MENU", "menu": "MN2"}, "not there any more"),
        ({"type": "ANNOUNCEMENT_RETURN"}, "Choose the announcement"),
        ({"type": "TRANSFER_TO_ONCALL", "level": "8"}, "not there any more"),
        ({"type": "TRANSFER_TO_PHONE", "phone": "reception"}, "Type the phone number"),
        ({"type": "DANCE"}, "Choose one of the actions"),
        ({"type": "GO_TO_MENU", "menu": "x" * 300}, "at most 200"),
    ],
)
def test_an_action_that_cannot_be_is_said_in_words(posted: dict[str, str], words: str) -> None:
    form = key_form(**posted)
    assert not form.is_valid()
    assert words in str(form.errors["key"])
    assert form.http_status == 422
    drawn = Template("{% load attendant %}{% field form.key %}").render(Context({"form": form}))
    assert words in drawn
    assert "is-invalid" in drawn or "aria-invalid" in drawn


def test_the_editor_says_which_control_fits() -> None:
    form = key_form(type="GO_TO_MENU", menu="MN1")
    drawn = str(form["key"])
    assert 'data-taking="menu"' in drawn
    assert '<option value="TRANSFER_TO_PHONE" data-takes="phone">' in drawn
    for label in ("Announcement", "Menu", "Phone number", "Escalation level"):
        assert f">{label}</label>" in drawn


@pytest.mark.parametrize("kind", ActionType)
def test_every_action_has_words(kind: ActionType) -> None:
    assert action_words(Action(kind), CHOICES)
    data = {"announcement": "AN1", "menu": "MN1", "level": "7", "phone": "+1"}.get(kind.takes, "")
    named = dict.fromkeys(("Closed", "Night", "First line", "+1"))
    words = action_words(Action(kind, data), CHOICES)
    assert bool(data) == any(name in words for name in named)


def test_lists_search_sort_and_page() -> None:
    rows = [f"number {each}" for each in range(120)]
    shown = listed(rows, NAMES, Asked.read({"q": "NUMBER 11"}))
    assert shown.total == len([row for row in rows if "number" in row and "11" in row])
    last = listed(rows, NAMES, Asked.read({"page": "99"}))
    assert (last.first, last.last, last.total, last.next) == (101, 120, 120, "")
    assert "page=2" in last.previous
    by_size = in_order(["aa", "b", "cccc"], NAMES, Asked.read({"sort": "size"}))
    assert by_size == ["cccc", "aa", "b"]
    header = listed(rows, NAMES, Asked.read({"sort": "size"})).headers[1]
    assert (header.order, header.query) == ("descending", "?sort=size&dir=asc")
    assert Asked.read({"page": "²", "dir": "up", "q": "\0a"}) == Asked(q="a")


def test_a_spreadsheet_gets_no_formulas() -> None:
    text = as_csv(["=1+1", "plain, and simple"], NAMES, "names").content.decode()
    assert text.splitlines() == ["\ufeffName,Size", "'=1+1,4", '"plain, and simple",17']
    text = as_csv(["+1+cmd|' /C calc'!A0", "+1 212 555 0142"], NAMES, "names").content.decode()
    assert text.splitlines()[1:] == ["'+1+cmd|' /C calc'!A0,20", "+1 212 555 0142,15"]


@pytest.mark.parametrize(
    ("colour", "name", "drawn"),
    [
        ("#e56052", "", 'fill="#e56052"'),
        ('"><script>', "", 'class="swatch-none"'),
        ("#e56052", "<b>", "&lt;b&gt;"),
    ],
)
def test_swatches_are_colours_and_nothing_else(colour: str, name: str, drawn: str) -> None:
    page = Template("{% load attendant %}{% swatch colour name %}")
    svg = page.render(Context({"colour": colour, "name": name}))
    assert drawn in svg
    assert "<script" not in svg


PAGES = [
    "/attendant/systems/",
    "/attendant/systems/new/",
    "/attendant/numbers/",
    "/attendant/history/",
    "/attendant/history/draft/",
]


@pytest.mark.django_db
@pytest.mark.parametrize("path", PAGES)
def test_an_empty_account_says_what_to_do(path: str, page: Client, acme: Account) -> None:
    answer = page.get(path)
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "<h1>" in text
    assert 'aria-label="Auto Attendant"' in text
    assert "draft-bar" not in text


@pytest.mark.django_db
def test_the_menu_opens_in_its_room(page: Client) -> None:
    inside = page.get("/attendant/systems/").content.decode()
    assert inside.count('href="/attendant/systems/" aria-current="page"') == 2  # menu and tabs
    assert "/attendant/systems/" not in page.get("/messages/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/attendant/systems/new/", "/attendant/history/draft/publish/"])
def test_only_who_may_edit_can_post(
    path: str, signed_in: Callable[[User], Client], rita: User, acme: Account
) -> None:
    answer = signed_in(rita).post(path, {"name": "Mine"})
    assert answer.status_code == 403
    assert "Changing the auto attendant" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("room", ["systems", "menus", "announcements"])
def test_who_may_only_look_is_told_so_and_gets_no_empty_form(
    room: str, page: Client, signed_in: Callable[[User], Client], rita: User, acme: Account
) -> None:
    looking = signed_in(rita)
    words = "You can look at the auto attendant."
    assert words in looking.get(f"/attendant/{room}/").content.decode()
    assert words not in page.get(f"/attendant/{room}/").content.decode()
    assert looking.get(f"/attendant/{room}/new/").status_code == 403
