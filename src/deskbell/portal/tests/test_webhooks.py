"""The pages of webhooks: who may do what, what they show, and that a secret is shown once."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape
from pytest_django import DjangoAssertNumQueries

from deskbell.accounts.models import Account, User
from deskbell.foundation.clock import now
from deskbell.lines.vault import unseal
from deskbell.messages.actions import Taken, take
from deskbell.platform.tenancy import account_scope
from deskbell.webhooks import actions
from deskbell.webhooks.models import Attempt, Notice, NoticeState, Subscription

pytestmark = pytest.mark.django_db
GOOD: dict[str, Any] = {
    "url": "https://8.8.8.8/in?key=7",
    "events": ["message.taken", "message.exhausted"],
}
Enter = Callable[[User], Client]


@pytest.fixture
def enter() -> Enter:
    def made(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return made


@pytest.fixture
def hook(acme: Account, at: datetime) -> Subscription:
    with account_scope(acme.pk):
        made, _ = actions.subscribe(account_id=acme.pk, by="alice", at=at, **GOOD)
    return made


@pytest.fixture
def notice(acme: Account, hook: Subscription, at: datetime) -> Notice:
    with account_scope(acme.pk):
        take(account_id=acme.pk, taken=Taken("</pre><script>alert(1)</script>"), at=at)
        made = Notice.objects.get()
        Attempt.objects.create(
            account=acme,
            notice=made,
            number=1,
            at=at,
            milliseconds=1234,
            status=500,
            answer="<b>out</b> of order",
        )
        made.tries, made.next_try_at = 1, now() + timedelta(minutes=5)
        made.save()
    return made


def test_the_secret_is_shown_once_and_how_to_check_it(
    acme: Account, alice: User, enter: Enter
) -> None:
    client = enter(alice)
    made = client.post("/webhooks/new/", GOOD)
    with account_scope(acme.pk):
        [hook] = Subscription.objects.all()
    assert (hook.url, hook.events, hook.created_by) == (GOOD["url"], GOOD["events"], "Alice")
    assert made.headers["Location"] == f"/webhooks/{hook.pk}/secret/"
    shown = client.get(made.headers["Location"]).content.decode()
    [secret] = re.findall(r'value="(whsec_[^"]+)"', shown)
    assert secret == unseal(hook.secret)
    assert "def is_from_deskbell" in shown
    assert client.get(made.headers["Location"]).status_code == 302  # once
    for page in ("/webhooks/", f"/webhooks/{hook.pk}/", f"/webhooks/{hook.pk}/edit/"):
        assert "whsec_" not in client.get(page).content.decode()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "Where shall it be sent?"),
        ({**GOOD, "events": []}, "Choose what it is told of"),
        ({**GOOD, "events": ["message.eaten"]}, "Choose among these events"),
        ({**GOOD, "url": "http://127.0.0.1/"}, "private address"),
        ({**GOOD, "url": "gopher://8.8.8.8"}, "A webhook needs a web address"),
        ({**GOOD, "url": "https://bob:x@8.8.8.8"}, "Leave name, password"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    alice: User, enter: Enter, given: dict[str, object], words: str
) -> None:
    answer = enter(alice).post("/webhooks/new/", given)
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_those_without_account_management_look_and_change_nothing(
    acme: Account, bob: User, hook: Subscription, notice: Notice, enter: Enter
) -> None:
    client = enter(bob)
    url = f"/webhooks/{hook.pk}/"
    for page in ("/webhooks/", url, f"{url}notices/{notice.uuid}/"):
        shown = client.get(page).content.decode()
        assert "Account Management" in shown or page.endswith(f"{notice.uuid}/")
        assert "Send again</button>" not in shown
        assert "New secret" not in shown
    for page in ("new/", f"{hook.pk}/edit/", f"{hook.pk}/secret/", f"{hook.pk}/delete/"):
        assert client.get(f"/webhooks/{page}").status_code == 403
    for act in ("edit", "pause", "resume", "new-secret", "delete", "test"):
        assert client.post(f"{url}{act}/", GOOD).status_code == 403
    assert client.post(f"{url}notices/{notice.uuid}/again/").status_code == 403
    with account_scope(acme.pk):
        assert not Subscription.objects.get().is_paused
        assert Notice.objects.count() == 1


def test_it_is_edited_paused_resumed_and_deleted(
    acme: Account, alice: User, hook: Subscription, enter: Enter
) -> None:
    client = enter(alice)
    url = f"/webhooks/{hook.pk}/"
    page = client.get(f"{url}edit/").content.decode()
    assert escape(GOOD["url"]) in page
    [seen] = re.findall(r'name="seen" value="([^"]+)"', page)
    changed = {"url": "https://1.1.1.1/", "events": ["message.taken"], "seen": seen}
    assert client.post(f"{url}edit/", changed).status_code == 302
    again = client.post(f"{url}edit/", {**changed, "url": "https://9.9.9.9/"})
    assert again.status_code == 409  # somebody else saved meanwhile
    assert "Nothing is sent until" in client.get(f"{url}pause/").content.decode()
    client.post(f"{url}pause/")
    assert "Resume" in client.get(url).content.decode()
    refused = client.post(f"{url}test/", follow=True).content.decode()
    assert "This webhook is paused; resume it first" in refused
    client.post(f"{url}resume/")
    assert "CANNOT be undone" in client.get(f"{url}delete/").content.decode()
    gone = client.post(f"{url}delete/", follow=True).content.decode()
    assert "is told nothing more" in gone
    assert client.get(url).status_code == 404
    with account_scope(acme.pk):
        actions.clear(subscription_id=hook.pk)
        assert not Subscription.objects.exists()


def test_what_came_back_and_what_was_sent_are_shown_as_text(
    alice: User, hook: Subscription, notice: Notice, enter: Enter
) -> None:
    client = enter(alice)
    told = client.get(f"/webhooks/{hook.pk}/").content.decode()
    assert "500 &lt;b&gt;out&lt;/b&gt; of order" in told
    assert "1,234 ms" in told
    assert "Next try" in told
    shown = client.get(f"/webhooks/{hook.pk}/notices/{notice.uuid}/").content.decode()
    assert "&lt;/pre&gt;&lt;script&gt;alert(1)" in shown
    assert "<script>alert" not in shown
    only = client.get(f"/webhooks/{hook.pk}/?state=sent").content.decode()
    assert "Nothing of what it was told is in this state" in only
    for odd in ("?page=0", "?page=99999999", "?page=x&state=nope", "?page=7"):
        assert "500 &lt;b&gt;" in client.get(f"/webhooks/{hook.pk}/{odd}").content.decode()


def test_sending_again_and_a_test_are_queued(
    acme: Account, alice: User, hook: Subscription, notice: Notice, enter: Enter
) -> None:
    client = enter(alice)
    url = f"/webhooks/{hook.pk}/"
    with account_scope(acme.pk):
        Notice.objects.update(state=NoticeState.FAILED)
    said = client.post(f"{url}notices/{notice.uuid}/again/", follow=True).content.decode()
    assert "It is on its way again" in said
    assert "A test is on its way" in client.post(f"{url}test/", follow=True).content.decode()
    with account_scope(acme.pk):
        assert set(Notice.objects.values_list("state", flat=True)) == {NoticeState.WAITING}


def test_the_page_that_polls_gets_304_where_nothing_changed(
    acme: Account, alice: User, hook: Subscription, notice: Notice, enter: Enter
) -> None:
    client = enter(alice)
    url = f"/webhooks/{hook.pk}/live/"
    tag = client.get(url).headers["ETag"]
    assert client.get(url, headers={"If-None-Match": tag}).status_code == 304
    with account_scope(acme.pk):
        actions.send_again(notice=notice, at=now())
    assert client.get(url, headers={"If-None-Match": tag}).status_code == 200


def test_a_webhook_that_was_paused_by_itself_is_told_of(
    acme: Account, alice: User, hook: Subscription, enter: Enter
) -> None:
    with account_scope(acme.pk):
        Subscription.objects.update(is_paused=True, paused_because="Every attempt failed")
    client = enter(alice)
    for page in ("/webhooks/", f"/webhooks/{hook.pk}/", "/"):
        assert "paused by itself" in client.get(page).content.decode(), page


def test_pages_cost_the_same_for_many_as_for_few(
    acme: Account,
    alice: User,
    hook: Subscription,
    at: datetime,
    enter: Enter,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    client = enter(alice)
    counts = []
    for many in (1, 19):
        with account_scope(acme.pk):
            for number in range(many):
                take(account_id=acme.pk, taken=Taken(f"Call {number}"), at=at)
                if many > 1 and number:
                    actions.subscribe(account_id=acme.pk, by="alice", at=at, **GOOD)
        with django_assert_num_queries(7) as one:
            client.get("/webhooks/")
        with django_assert_num_queries(10) as two:
            client.get(f"/webhooks/{hook.pk}/")
        counts.append((len(one), len(two)))
    assert counts[0] == counts[1]
