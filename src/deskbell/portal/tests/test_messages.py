"""The Messages pages: finding, opening and acknowledging, with and without a script."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape
from pytest_django import Settings

from deskbell.accounts.models import Account, PhoneNumber, User
from deskbell.messages.models import Message, MessageStatus
from deskbell.platform.tenancy import account_scope, system_scope

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
Take = Callable[..., Message]
Queries = Callable[[int], Any]


def text_of(client: Client, path: str, **headers: str) -> str:
    """The page's text; it must be there."""
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def fresh(message: Message) -> Message:
    """The message as it is in the database now."""
    with system_scope("test"):
        return Message.objects.get(pk=message.pk)


def test_the_list_shows_what_the_guide_promises(page: Client, take: Take) -> None:
    message = take(
        "The crown is loose",
        first_name="Ines",
        last_name="Ferro",
        phone="+12125550134",
        company_name="Harbor Foods",
    )
    text = text_of(page, "/messages/")
    for shown in (
        f">{message.pk}<",
        "Mar 4",
        "10:00 AM</time>",
        "Ines Ferro",
        "(212) 555-0134",
        "The crown is loose",
        "Harbor Foods",
        "America/New_York (EST)" if "(EST)" in text else "America/New_York (EDT)",
        f"/messages/{message.pk}/acknowledge/",
    ):
        assert shown in text
    for column in ("ID", "Created At", "From", "Phone", "Message", "Company Name"):
        assert f">{column}<" in text.replace("<svg", "<")


def test_what_strangers_say_stays_text(page: Client, take: Take) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    message = take(evil, first_name="<b>Bold</b>", answers={"<i>why</i>": evil})
    for path in ("/messages/", f"/messages/{message.pk}/"):
        text = text_of(page, path)
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert "<b>Bold" not in text
    assert escape(evil) in text_of(page, f"/messages/{message.pk}/")


def test_search_finds_by_sender_number_company_and_content(page: Client, take: Take) -> None:
    take("about the bill", first_name="Ines", phone="2125550134", company_name="Harbor Foods")
    take("something else entirely", first_name="Otto")
    for words in ("ines", "555013", "harbor foods", "bill ines"):
        text = text_of(page, f"/messages/?q={words}")
        assert "about the bill" in text
        assert "something else" not in text
    assert "No new message has" in text_of(page, "/messages/?q=zebra")


def test_odd_requests_show_the_list_anyway(page: Client, take: Take) -> None:
    take("still here")
    for query in (
        "page=0",
        "page=-1",
        "page=99999999999999999999",
        "page=²",
        "page=abc",
        "sort=password",
        "dir=sideways",
        "tab=none",
    ):
        assert "still here" in text_of(page, f"/messages/?{query}"), query
    assert page.get("/messages/?q=%00").status_code == 200
    assert page.get("/messages/?q=" + "x" * 5000).status_code == 200


def test_pages_and_their_links(page: Client, take: Take, at: datetime) -> None:
    for number in range(30):
        take(f"message no {number:02d}", at=at + timedelta(minutes=number))
    first = text_of(page, "/messages/")
    assert "message no 29" in first
    assert "message no 04" not in first
    assert "1\u201325 of 30" in first
    second = text_of(page, "/messages/?page=2")
    assert "message no 04" in second
    assert "26\u201330 of 30" in second
    assert "26\u201330 of 30" in text_of(page, "/messages/?page=7")


def test_sorting_by_each_header(page: Client, take: Take, at: datetime) -> None:
    take("bbb", first_name="Zoe", phone="2125550199", company_name="Alpha", at=at)
    take("aaa", first_name="Abe", phone="2125550101", company_name="Omega", at=at + timedelta(1))

    def order(query: str) -> bool:
        text = text_of(page, f"/messages/?{query}")
        assert 'aria-sort="' in text
        return text.index(">Abe") < text.index(">Zoe")

    def sorts(name: str) -> bool:
        return order(f"sort={name}&dir=asc")

    assert order("")
    assert not sorts("id")
    assert not sorts("created_at")
    assert sorts("from")
    assert sorts("phone")
    assert sorts("message")
    assert not sorts("company")


def test_opening_marks_as_read_once_and_only_for_clients(
    signed_in: Callable[[User], Client], take: Take, bob: User, rita: User, acme: Account
) -> None:
    message = take()
    staff = signed_in(rita)
    assert staff.get(f"/messages/{message.pk}/").status_code == 200
    assert not fresh(message).read
    reader = signed_in(bob)
    assert "Read by Bob" in text_of(reader, f"/messages/{message.pk}/")
    assert fresh(message).read
    count = fresh(message).activities_count
    text_of(reader, f"/messages/{message.pk}/")
    assert fresh(message).activities_count == count


def test_a_message_is_a_page_or_a_panel(page: Client, take: Take) -> None:
    message = take(answers={"urgent": "Yes", "zip": "", "meeting_preference": "Virtual"})
    whole = text_of(page, f"/messages/{message.pk}/")
    panel = text_of(page, f"/messages/{message.pk}/", **HTMX)
    assert "<html" in whole
    assert "<html" not in panel
    for text in (whole, panel):
        assert text.index("Urgent") < text.index("Meeting preference")
        assert "Zip" not in text
        assert "On its way to whoever is on call" in text
        assert "Message taken" in text


def test_what_stands_above_is_not_said_again(
    page: Client, take: Take, acme_number: PhoneNumber
) -> None:
    answers = {"caller_id": "(212) 555-0134", "number_dialed": "+12125550142", "length": "9 s"}
    same = take(answers=answers, phone="+12125550134", number=acme_number)
    other = take(answers=answers | {"caller_id": "+12125550199"}, phone="+12125550134")
    text = text_of(page, f"/messages/{same.pk}/")
    assert "Caller id" not in text
    assert "Number dialed" not in text
    assert "Length" in text
    assert "Caller id" in text_of(page, f"/messages/{other.pk}/")


def test_the_emailed_address_without_a_slash_leads_to_the_message(page: Client, take: Take) -> None:
    message = take()
    answer = page.get(f"/messages/{message.pk}", follow=True)
    assert answer.status_code == 200


def test_acknowledge_from_the_list_without_a_script(page: Client, take: Take) -> None:
    message = take()
    answer = page.post(f"/messages/{message.pk}/acknowledge/", {"q": "call"}, follow=True)
    assert answer.redirect_chain == [("/messages/?q=call", 302)]
    assert "is acknowledged; nobody else is called" in answer.content.decode()
    found = fresh(message)
    assert (found.status, found.acknowledged_by, found.acknowledged_from, found.read) == (
        MessageStatus.ACKNOWLEDGED,
        "Alice",
        "portal",
        True,
    )


def test_acknowledge_from_the_panel_swaps_the_panel(page: Client, take: Take) -> None:
    message = take()
    answer = page.post(f"/messages/{message.pk}/acknowledge/", {"from": "panel"}, headers=HTMX)
    text = answer.content.decode()
    assert "Acknowledged by Alice" in text
    assert 'id="panel-live"' in text
    assert 'id="notices"' in text
    assert "<html" not in text


def test_the_proof_keeps_whom_the_proxy_saw(page: Client, take: Take, settings: Settings) -> None:
    settings.IS_HTTPS = True
    message = take()
    seen = {"X-Forwarded-For": "198.51.100.7, 203.0.113.9"}
    page.post(f"/messages/{message.pk}/acknowledge/", headers=seen)
    assert fresh(message).acknowledged_address == "203.0.113.9"


def test_the_second_to_acknowledge_is_told_who_was_first(
    page: Client, signed_in: Callable[[User], Client], take: Take, bob: User
) -> None:
    message = take()
    page.post(f"/messages/{message.pk}/acknowledge/")
    second = signed_in(bob).post(f"/messages/{message.pk}/acknowledge/", headers=HTMX)
    assert "already acknowledged by Alice" in second.content.decode()
    assert fresh(message).acknowledged_by == "Alice"


def test_acknowledge_several(page: Client, take: Take) -> None:
    one, two, three = take("one"), take("two"), take("three")
    page.post(f"/messages/{one.pk}/acknowledge/")
    page.get("/messages/")
    answer = page.post("/messages/acknowledge/", {"id": [one.pk, two.pk, "nonsense"]}, headers=HTMX)
    text = answer.content.decode()
    assert "1 message is acknowledged. 1 already had been" in text
    assert fresh(two).status == MessageStatus.ACKNOWLEDGED
    assert fresh(three).status == MessageStatus.NEW
    assert (
        "No message is selected"
        in page.post("/messages/acknowledge/", headers=HTMX).content.decode()
    )


def test_acknowledging_needs_the_forms_secret(alice: User, take: Take) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    message = take()
    answer = client.post(f"/messages/{message.pk}/acknowledge/")
    assert answer.status_code == 403
    assert "This form is out of date" in answer.content.decode()
    assert fresh(message).status == MessageStatus.NEW


def test_nothing_happens_by_get(page: Client, take: Take) -> None:
    message = take()
    assert page.get(f"/messages/{message.pk}/acknowledge/").status_code == 405
    assert page.get("/messages/acknowledge/").status_code == 405


def test_where_it_stands(page: Client, take: Take, acme: Account, at: datetime) -> None:
    from deskbell.messages import actions
    from deskbell.oncall.actions import add_level

    message = take()
    with account_scope(acme.pk):
        level = add_level(account_id=acme.pk, name="First line", at=at)
        actions.place(
            message=message, level_id=level.pk, attempt=2, next_at=at + timedelta(minutes=5), at=at
        )
    text = text_of(page, f"/messages/{message.pk}/live/")
    assert "First line, attempt 2" in text
    assert "10:05:00 AM EST" in text
    with account_scope(acme.pk):
        actions.exhaust(message=message, text="The chain ended", at=at)
    text = text_of(page, f"/messages/{message.pk}/live/")
    assert "Nobody acknowledged it" in text
    assert "The chain ended" in text


def test_a_poll_answers_304_until_something_changes(
    page: Client, take: Take, django_assert_num_queries: Queries
) -> None:
    take("first")
    first = page.get("/messages/live/", headers=HTMX)
    tag = first.headers["ETag"]
    poll = HTMX | {"If-None-Match": tag, "HX-Source": "div#poll"}
    with django_assert_num_queries(4):  # session, user, account, and the version
        answer = page.get("/messages/live/", headers=poll)
    assert answer.status_code == 304
    assert answer.content == b""
    take("second")
    changed = page.get("/messages/live/", headers=poll)
    assert changed.status_code == 200
    assert "second" in changed.content.decode()
    assert changed.headers["ETag"] != tag
    assert "HX-Replace-Url" not in changed.headers


def test_an_open_panel_polls_as_cheaply(
    page: Client, take: Take, django_assert_num_queries: Queries
) -> None:
    message = take()
    tag = page.get(f"/messages/{message.pk}/live/").headers["ETag"]
    with django_assert_num_queries(4):
        answer = page.get(f"/messages/{message.pk}/live/", headers={"If-None-Match": tag})
    assert answer.status_code == 304


def test_another_accounts_tag_is_never_taken_for_ones_own(
    page: Client, signed_in: Callable[[User], Client], charlie: User, take: Take
) -> None:
    take("secret")
    tag = page.get("/messages/live/").headers["ETag"]
    answer = signed_in(charlie).get("/messages/live/", headers={"If-None-Match": tag})
    assert answer.status_code == 200
    assert "secret" not in answer.content.decode()


def test_the_list_costs_the_same_for_one_message_as_for_many(
    page: Client, take: Take, django_assert_max_num_queries: Queries
) -> None:
    for number in range(30):
        take(f"no {number}")
    page.get("/messages/")  # when a session is seen is written once in five minutes
    with django_assert_max_num_queries(12):
        text_of(page, "/messages/")
    with django_assert_max_num_queries(8):
        text_of(page, "/messages/live/", **HTMX)


def test_searching_renews_the_address(page: Client, take: Take) -> None:
    answer = page.get("/messages/live/?q=bill&tab=new&sort=from&dir=asc", headers=HTMX)
    assert answer.headers["HX-Replace-Url"] == "/messages/?q=bill&sort=from&dir=asc"


def test_a_poll_after_the_session_ended_leads_to_sign_in(page: Client, take: Take) -> None:
    page.logout()
    answer = page.get(
        "/messages/live/",
        headers=HTMX | {"HX-Current-URL": "http://testserver/messages/?tab=acknowledged"},
    )
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/sign-in/?next=/messages/%3Ftab%3Dacknowledged"
