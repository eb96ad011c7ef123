"""An acknowledgement that was a slip of the hand, and searches that one comes back to."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from deskbell.accounts.models import Account, User
from deskbell.foundation.clock import now
from deskbell.messages.actions import acknowledge
from deskbell.messages.actions.searches import MOST_SEARCHES
from deskbell.messages.models import Message, MessageStatus, SavedSearch
from deskbell.platform.tenancy import account_scope, system_scope

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
Take = Callable[..., Message]


def status_of(message: Message) -> str:
    """As it is in the database now."""
    with system_scope("test"):
        return Message.objects.get(pk=message.pk).status


def button(text: str) -> dict[str, str]:
    """What the form of the Undo button sends."""
    form = text[text.index('action="/messages/undo/"') :]
    form = form[: form.index("</form>")]
    return {
        name: re.search(rf'name="{name}" value="([^"]*)"', form)[1]  # type: ignore[index]
        for name in ("ids", "back")
    }


def test_undo_without_a_script(page: Client, take: Take) -> None:
    message = take()
    answer = page.post(
        f"/messages/{message.pk}/acknowledge/", {"list": "?q=call&sort=from"}, follow=True
    )
    assert status_of(message) == MessageStatus.ACKNOWLEDGED
    undo = page.post("/messages/undo/", button(answer.content.decode()), follow=True)
    assert undo.redirect_chain == [("/messages/?q=call&amp;sort=from", 302)] or (
        undo.redirect_chain == [("/messages/?q=call&sort=from", 302)]
    )
    assert f"Message {message.pk} waits for an acknowledgement again." in undo.content.decode()
    assert status_of(message) == MessageStatus.NEW


def test_undo_of_many_with_a_script(page: Client, take: Take) -> None:
    taken = [take(f"no {number}") for number in range(3)]
    text = page.post(
        "/messages/acknowledge/", {"id": [each.pk for each in taken]}, headers=HTMX
    ).content.decode()
    answer = page.post("/messages/undo/", button(text), headers=HTMX)
    assert "3 messages wait for an acknowledgement again." in answer.content.decode()
    assert "messages-changed" in answer.headers["HX-Trigger"]
    assert {status_of(each) for each in taken} == {MessageStatus.NEW}
    again = page.post("/messages/undo/", button(text), headers=HTMX)
    assert "nothing to undo" in again.content.decode()


def test_undo_from_the_panel(page: Client, take: Take) -> None:
    message = take()
    path = f"/messages/{message.pk}/acknowledge/"
    text = page.post(path, {"from": "panel"}, headers=HTMX).content.decode()
    page.post("/messages/undo/", button(text), headers=HTMX)
    assert status_of(message) == MessageStatus.NEW


def test_undo_comes_too_late(page: Client, take: Take) -> None:
    message = take()
    page.post(f"/messages/{message.pk}/acknowledge/")
    with system_scope("test"):
        found = Message.objects.get(pk=message.pk)
        assert found.acknowledged_at
        earlier = found.acknowledged_at - timedelta(minutes=1)
        Message.objects.filter(pk=message.pk).update(acknowledged_at=earlier)
    text = page.post("/messages/undo/", {"ids": str(message.pk)}, follow=True).content.decode()
    assert "can be undone for 30 seconds" in text
    assert status_of(message) == MessageStatus.ACKNOWLEDGED


def test_a_namesake_undoes_nothing(page: Client, take: Take) -> None:
    message = take()
    with system_scope("test"):
        acknowledge(message=message, by="Alice", user_id=0, at=now(), through="portal")
    assert "/messages/undo/" not in page.get(f"/messages/{message.pk}/").content.decode()
    text = page.post("/messages/undo/", {"ids": str(message.pk)}, follow=True).content.decode()
    assert "only they can undo it" in text
    assert status_of(message) == MessageStatus.ACKNOWLEDGED


@pytest.mark.parametrize("ids", ["", "x", "1.2.x", "9" * 400, ".".join(["7"] * 9000)])
def test_odd_undoes(page: Client, ids: str) -> None:
    answer = page.post("/messages/undo/", {"ids": ids, "back": "//evil.example/"}, follow=True)
    assert answer.redirect_chain == [("/messages/", 302)]
    assert "There is nothing to undo." in answer.content.decode()
    assert page.get("/messages/undo/").status_code == 405


def kept(page: Client) -> str:
    """What the menu of saved searches shows."""
    text = page.get("/messages/").content.decode()
    return text[text.index('id="saved"') : text.index('id="save-search"')]


def test_a_search_is_saved_opened_and_deleted(page: Client, alice: User) -> None:
    asked = "?q=bill&emergency=yes&sort=from&page=4"
    answer = page.post(
        "/messages/searches/", {"name": "  Urgent  bills ", "list": asked}, follow=True
    )
    assert "The search is saved as “Urgent bills”." in answer.content.decode()
    assert answer.redirect_chain == [("/messages/?q=bill&emergency=yes&sort=from&page=4", 302)]
    assert 'href="/messages/?q=bill&amp;emergency=yes&amp;sort=from">Urgent bills<' in kept(page)
    page.post("/messages/searches/", {"name": "Urgent bills", "list": "?q=invoice"})
    assert kept(page).count("Urgent bills") == 2  # the link, and the button that deletes it
    assert 'href="/messages/?q=invoice"' in kept(page)
    with system_scope("test"):
        search = SavedSearch.objects.get()
    gone = page.post(f"/messages/searches/{search.pk}/delete/", headers=HTMX).content.decode()
    assert "“Urgent bills” is no longer saved." in gone
    assert "A saved search brings you back" in kept(page)


def test_why_a_search_is_not_saved(page: Client, acme: Account, alice: User) -> None:
    asked = {"list": "?q=bill"}
    text = page.post("/messages/searches/", asked | {"name": " "}, headers=HTMX).content.decode()
    assert "Give the search a name." in text
    assert 'aria-invalid="true"' in text
    long = page.post("/messages/searches/", asked | {"name": "n" * 81}, headers=HTMX)
    assert "up to 80 characters" in long.content.decode()
    assert "n" * 81 in long.content.decode()  # nothing that was typed is lost
    plain = page.post("/messages/searches/", asked | {"name": ""}, follow=True)
    assert plain.redirect_chain == [("/messages/?q=bill", 302)]
    assert "Give the search a name." in plain.content.decode()
    for number in range(MOST_SEARCHES):
        page.post("/messages/searches/", asked | {"name": f"no {number}"})
    full = page.post("/messages/searches/", asked | {"name": "more"}, headers=HTMX)
    assert "already; remove one first" in full.content.decode()


def test_saved_searches_are_ones_own(
    page: Client, signed_in: Callable[[User], Client], bob: User, charlie: User, acme: Account
) -> None:
    page.post("/messages/searches/", {"name": "<b>Mine</b>", "list": "?q=%3Cscript%3E"})
    assert "&lt;b&gt;Mine" in kept(page)
    with system_scope("test"):
        search = SavedSearch.objects.get()
    for person in (bob, charlie):
        theirs = signed_in(person)
        assert "Mine" not in kept(theirs)
        assert theirs.post(f"/messages/searches/{search.pk}/delete/").status_code == 404
    with account_scope(acme.pk):
        assert SavedSearch.objects.count() == 1
