"""The pages of scripts: who reads, who writes, and that nothing is published unasked."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from deskbell.accounts.models import Account, PhoneNumber, User
from deskbell.messages.models import Message
from deskbell.oncall.actions import delete_level
from deskbell.oncall.models import EscalationLevel
from deskbell.platform.tenancy import account_scope
from deskbell.portal.tests.scripted import draft_of, seen_in, text
from deskbell.scripts import actions, queries
from deskbell.scripts.models import Script
from deskbell.scripts.rules import Content, read

pytestmark = pytest.mark.django_db
Enter = Callable[[User], Client]


def test_a_client_reads_what_is_said_asked_and_sent_where(
    page: Client, url: str, level: EscalationLevel
) -> None:
    listed = text(page, "/scripts/")
    assert "Front desk" in listed
    assert "this is" in listed
    assert "All scripts" not in listed
    shown = text(page, url)
    assert "published by olivia@example.com" in shown
    assert 'title="The company as it is said on the number">Acme Dental</span>' in shown
    assert "If “In pain”" not in shown  # branches stand as where each answer leads
    assert "“No”:" in shown
    assert '<a href="#steps-day">go on with “Day”</a>' in shown
    assert "Anything else:" in shown
    relay = f'<a href="{reverse("oncall:level", args=[level.pk])}">Dentist on call</a>'
    assert f"Where “In pain” is “Yes”, the message goes to {relay} as an emergency" in shown
    assert "kept in the portal, and nobody is told" in shown
    assert "Filed as Booked" in shown
    assert "Behind" in shown
    assert "&amp; the church" in shown
    for word in ("Edit", "Publications", "Preview"):
        assert f"{word}</a>" not in shown


def test_clients_change_nothing_and_see_no_draft(page: Client, script: Script, url: str) -> None:
    with account_scope(script.account_id):
        actions.edit_draft(
            script=script,
            content=Content(greeting="SECRET"),
            revision=1,
            by="rita",
            at=script.created_at,
        )
    assert "SECRET" not in text(page, url) + text(page, "/scripts/")
    inside = ("edit/", "preview/", "publish/", "publications/", "publications/1/", "rename/")
    more = ("delete/", "numbers/", "edit/steps/new/", "edit/steps/name/", "edit/greeting/")
    for path in (*inside, *more):
        assert page.get(f"{url}{path}").status_code == 403, path
    acts = ("publish/", "rename/", "delete/", "numbers/", "preview/", "publications/1/roll-back/")
    parts = ("greeting/", "steps/new/", "steps/name/", "steps/order/", "steps/name/remove/")
    for path in (*acts, *(f"edit/{each}" for each in parts)):
        assert page.post(f"{url}{path}", {"name": "x"}).status_code == 403, path
    assert page.get("/scripts/new/").status_code == 403
    assert page.post("/scripts/new/", {"name": "x"}).status_code == 403
    assert draft_of(script).greeting == "SECRET"


def test_another_accounts_script_is_not_there(
    charlie: User, signed_in: Enter, rita_in: Client, other: Account, url: str
) -> None:
    assert signed_in(charlie).get(url).status_code == 404
    rita_in.post("/account/", {"account": other.pk})
    for path in ("", "edit/", "preview/", "edit/steps/name/", "publications/1/"):
        assert rita_in.get(f"{url}{path}").status_code == 404


def test_a_number_without_a_script_takes_a_plain_message(
    page: Client, acme_number: PhoneNumber
) -> None:
    assert "No script: a plain message is taken" in text(page, "/scripts/")
    plain = text(page, "/scripts/none/")
    assert "(212) 555-0142" in plain
    assert "thank you for calling" in plain


def test_a_script_is_made_from_nothing_or_as_a_copy(
    rita_in: Client, acme: Account, script: Script
) -> None:
    assert "A script needs a name" in rita_in.post("/scripts/new/", {"name": " "}).content.decode()
    refused = rita_in.post("/scripts/new/", {"name": "Front desk"})
    assert refused.status_code == 422
    assert "There is a script" in refused.content.decode()
    made = rita_in.post("/scripts/new/", {"name": "Second", "start": str(script.pk)})
    with account_scope(acme.pk):
        copy = Script.objects.get(name="Second")
    assert made.headers["Location"] == f"/scripts/{copy.pk}/edit/"
    assert draft_of(copy) == draft_of(script)
    assert copy.active is None
    assert copy.changed_by == "rita@example.com"
    assert "Nothing is published yet" in text(rita_in, f"/scripts/{copy.pk}/")


def test_it_is_renamed_and_only_deleted_where_no_number_reads_it(
    rita_in: Client, acme: Account, script: Script, url: str
) -> None:
    seen = seen_in(text(rita_in, f"{url}rename/"))
    assert rita_in.post(f"{url}rename/", {"name": "Counter", "seen": seen}).status_code == 302
    again = rita_in.post(f"{url}rename/", {"name": "Till", "seen": seen})
    assert again.status_code == 409
    assert "Give these numbers another script" in text(rita_in, f"{url}delete/")
    told = rita_in.post(f"{url}delete/", follow=True).content.decode()
    assert "is read on" in told
    shown = text(rita_in, f"{url}numbers/")
    sent = {"seen": seen_in(shown)}
    assert rita_in.post(f"{url}numbers/", sent).status_code == 302
    assert "1 publication" in text(rita_in, f"{url}delete/").replace("Its ", "")
    assert rita_in.post(f"{url}delete/").headers["Location"] == "/scripts/"
    with account_scope(acme.pk):
        assert not Script.objects.exists()


def test_numbers_are_given_and_taken(
    rita_in: Client, acme: Account, acme_number: PhoneNumber, script: Script, at: datetime
) -> None:
    with account_scope(acme.pk):
        second = actions.add_script(account_id=acme.pk, name="Night", by="rita", at=at)
    path = f"/scripts/{second.pk}/numbers/"
    shown = text(rita_in, path)
    assert "reads “Front desk” now" in shown
    sent: dict[str, Any] = {"numbers": [str(acme_number.pk)], "seen": seen_in(shown)}
    assert rita_in.post(path, {**sent, "numbers": ["999"]}).status_code == 422
    assert rita_in.post(path, sent).status_code == 302
    with account_scope(acme.pk):
        assert queries.numbers_of(second) == [acme_number]
        assert queries.numbers_of(script) == []
    assert rita_in.post(path, {"seen": sent["seen"]}).status_code == 409  # somebody gave it one


def test_publishing_says_what_changes_and_only_what_was_looked_at_is_published(
    rita_in: Client, acme: Account, script: Script, url: str
) -> None:
    seen = re.findall(r'name="seen" value="([^"]+)"', text(rita_in, f"{url}edit/"))[0]
    rita_in.post(f"{url}edit/greeting/", {"greeting": "Hi there", "seen": seen})
    rita_in.post(f"{url}edit/faqs/1/remove/", {"revision": "2"})
    asked = text(rita_in, f"{url}publish/")
    assert "Greeting" in asked
    assert "Where may I park?" in asked
    late = rita_in.post(f"{url}publish/", {"revision": "2"}, follow=True).content.decode()
    assert "The draft was changed meanwhile" in late
    assert rita_in.post(f"{url}publish/", {"revision": "3"}).headers["Location"] == url
    assert "Hi there" in text(rita_in, url)
    assert "Receptionists read it as it stands already" in text(rita_in, f"{url}publish/")
    listed = text(rita_in, f"{url}publications/")
    assert listed.index(">2</a>") < listed.index(">1</a>")
    changed = text(rita_in, f"{url}publications/2/")
    assert "What it changed" in changed
    assert "{Time_of_day}, {company}, this is {receptionist}." in changed
    assert "deleted" in changed
    asked = text(rita_in, f"{url}publications/1/roll-back/")
    assert "Go back to publication 1?" in asked
    assert rita_in.post(f"{url}publications/1/roll-back/").headers["Location"] == url
    with account_scope(acme.pk):
        [third, *_] = queries.publications(script)
    assert (third.number, third.published_by) == (3, "rita@example.com")
    assert read(third.content) == draft_of(script)
    assert rita_in.get(f"{url}publications/9/").status_code == 404


def test_an_earlier_publication_whose_level_is_gone_is_not_gone_back_to(
    rita_in: Client, acme: Account, script: Script, level: EscalationLevel, at: datetime, url: str
) -> None:
    with account_scope(acme.pk):
        delete_level(level=level, at=at)
        EscalationLevel.objects.filter(pk=level.pk).delete()
    asked = text(rita_in, f"{url}publications/1/roll-back/")
    assert "It cannot be published any more" in asked
    told = rita_in.post(f"{url}publications/1/roll-back/", follow=True).content.decode()
    assert "Nothing is published" in told


def test_the_preview_is_the_whole_form_and_keeps_nothing(
    rita_in: Client, acme: Account, script: Script, url: str
) -> None:
    path = f"{url}preview/"
    shown = text(rita_in, path)
    assert "this is <span" in shown
    assert "Rita" in shown
    assert 'name="answer-name"' in shown
    assert "If “In pain” is “No”, go on with “Day”." in shown  # for browsers without a script
    wrong = rita_in.post(path, {"answer-pain": "No"})
    assert wrong.status_code == 422
    assert 'href="#answer-name"' in wrong.content.decode()
    sent = {"answer-name": "<b>Ines</b>", "answer-pain": "Yes", "answer-where": "Here"}
    tried = rita_in.post(path, sent)
    assert tried.status_code == 200
    said = tried.content.decode()
    assert "The message goes to “Dentist on call” as an emergency." in said
    assert "&lt;b&gt;Ines" in said
    other = rita_in.post(path, {"answer-name": "Ines", "answer-pain": "No"}).content.decode()
    assert "Nobody is told" in other
    assert "filed as Booked" in other
    with account_scope(acme.pk):
        assert not Message.objects.exists()
    assert "What receptionists read now" in text(rita_in, f"{path}?of=published")


def test_a_form_in_the_panel_answers_with_the_editor(
    rita_in: Client, script: Script, url: str
) -> None:
    part = {"HX-Request": "true"}
    shown = rita_in.get(f"{url}edit/faqs/1/", headers=part).content.decode()
    assert "<html" not in shown
    assert 'hx-target="#panel"' in shown
    sent = {"question": "New?", "answer": "Yes", "seen": seen_in(shown)}
    answer = rita_in.post(f"{url}edit/faqs/1/", sent, headers=part)
    assert answer.headers["HX-Trigger"] == "scripts:changed"
    assert "New?" in answer.content.decode()
    empty = rita_in.post(f"{url}edit/faqs/1/", {"question": ""}, headers=part)
    assert empty.status_code == 422


def test_the_list_is_searched_sorted_and_a_file(page: Client, script: Script) -> None:
    assert "No number fits" in text(page, "/scripts/?q=nobody")
    assert "Front desk" in text(page, "/scripts/?q=front&sort=since")
    file = page.get("/scripts/?format=csv")
    assert file.headers["Content-Type"].startswith("text/csv")
    assert "Acme Dental" in file.content.decode()


def test_more_numbers_ask_no_more_queries(
    page: Client,
    acme: Account,
    script: Script,
    at: datetime,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    from deskbell.accounts.actions import add_number

    with account_scope(acme.pk):
        for number in range(12):
            made = add_number(account=acme, number=f"+1 212 555 02{number:02}", at=at)
            actions.use_script(number=made, script=script, at=at)
    page.get("/scripts/")
    with django_assert_max_num_queries(10):
        assert page.get("/scripts/").status_code == 200
