"""The page behind an invitation's link, by everybody who may hold it."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client

from deskbell.accounts import actions, queries
from deskbell.accounts.models import Account, Invitation, User, UserStatus
from deskbell.accounts.tokens import new_token
from deskbell.audit.models import Entry
from deskbell.foundation.clock import now
from deskbell.platform.tenancy import system_scope
from deskbell.portal.accounts.jobs import send_invitation
from deskbell.portal.mfa import has_mfa
from deskbell.portal.mfa.actions import enable_app
from deskbell.portal.mfa.rules import code_of, step_at
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db
NEW = "new@example.com"
APP = base64.b32encode(b"twenty bytes, really").decode()
SENT = {"name": "New Person", "password": PASSWORD, "password_again": PASSWORD}
SignIn = Callable[[User], Client]
Mailed = Callable[..., str]


@pytest.fixture
def mailed(alice: User, acme: Account, mailoutbox: list[EmailMessage]) -> Mailed:
    """Invites, mails, and gives the address of the mail's link."""

    def make(email: str = NEW, **fields: object) -> str:
        details = {"name": "", "by": alice, "account": acme, "at": now(), **fields}
        made = actions.invite(email=email, **details)  # type: ignore[arg-type]
        send_invitation.work(invitation_id=made.pk)
        found = re.search(r"https?://\S+(/invitations/\S+/)", str(mailoutbox[-1].body))
        assert found
        return found[1]

    return make


def test_the_mail_says_who_and_where(mailed: Mailed, mailoutbox: list[EmailMessage]) -> None:
    mailed(name="New\nSubject: free money")
    [mail] = mailoutbox
    assert mail.to == [NEW]
    assert mail.subject == "You are invited to Acme Dental"
    assert "Hello New Subject: free money," in mail.body
    assert "alice@example.com invites you to Acme Dental." in mail.body


def test_a_new_person_comes_in(mailed: Mailed, acme: Account, client: Client) -> None:
    url = mailed(role="AA_ADMIN")
    page = client.get(url)
    assert page.headers["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    assert "attendant administrator" in page.content.decode()
    answer = client.post(url, SENT, follow=True)
    assert "Welcome to Acme Dental." in answer.content.decode()
    user = User.objects.get(email=NEW)
    assert answer.context["user"] == user
    assert queries.membership(user, acme) is not None
    assert client.get(url).status_code == 410
    with system_scope("test"):
        entry = Entry.objects.get(act="invitation")
    assert (entry.who, entry.account_id) == (user, acme.pk)
    assert PASSWORD not in str(entry.changes)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"password": "weak", "password_again": "weak"}, "at least 8 characters"),
        ({"password_again": "Another-one-1"}, "not the same"),
        ({"name": ""}, "Type your name"),
        ({"password": "", "password_again": ""}, "Choose a password"),
        ({"password": "P@ssw0rd", "password_again": "P@ssw0rd"}, "too common"),
    ],
)
def test_a_form_that_cannot_be_uses_nothing_up(
    mailed: Mailed, client: Client, wrong: dict[str, str], said: str
) -> None:
    url = mailed()
    answer = client.post(url, {**SENT, **wrong})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert SENT["password"] not in answer.content.decode()
    assert client.post(url, SENT).status_code == 302


def test_a_known_person_signs_in_and_joins(
    mailed: Mailed, charlie: User, acme: Account, signed_in: SignIn, client: Client
) -> None:
    url = mailed("CHARLIE@example.com")
    text = client.get(url).content.decode()
    assert f"/sign-in/?next={url}" in text
    assert 'type="password"' not in text
    assert client.post(url, SENT).status_code == 200  # asks to sign in, and makes nobody
    assert queries.membership(charlie, acme) is None
    theirs = signed_in(charlie)
    assert "Join as charlie@example.com" in theirs.get(url).content.decode()
    answer = theirs.post(url, follow=True)
    assert "Welcome to Acme Dental." in answer.content.decode()
    assert "W0411" in answer.content.decode()
    assert queries.membership(charlie, acme) is not None


def test_whom_somebody_added_says_who_they_are_and_others_are_out(
    mailed: Mailed, acme: Account, other: Account, charlie: User, client: Client
) -> None:
    """Neither the password that charlie chose opens anything, nor where he is signed in by it."""
    planted = "Planted-by-another-1"
    user = actions.add_member(
        account=other, email=NEW, name="", password=planted, role="AA_ADMIN", at=now(), by="c@d.ef"
    )
    theirs = Client()
    theirs.post("/sign-in/", {"login": NEW, "password": planted})
    enable_app(user=user, secret=APP, code=code_of(APP, step_at(now())), at=now())
    assert theirs.get("/profile/sessions/").status_code == 200
    url = mailed()
    for anybody in (client, theirs):
        page = anybody.get(url).content.decode()
        assert "Somebody added this address here before" in page
        assert 'type="password"' in page
    answer = client.post(url, SENT, follow=True)
    assert "Welcome to Acme Dental." in answer.content.decode()
    assert client.get("/profile/sessions/").status_code == 200
    assert theirs.get("/profile/sessions/").status_code == 302
    theirs.post("/sign-in/", {"login": NEW, "password": planted})
    assert theirs.get("/profile/sessions/").status_code == 302
    assert not has_mfa(user)


def test_the_browser_of_who_came_in_is_a_known_one(mailed: Mailed, client: Client) -> None:
    client.post(mailed(), SENT)
    client.post("/sign-out/")
    client.post("/sign-in/", {"login": NEW, "password": PASSWORD})
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM pgqueuer WHERE entrypoint = 'portal.send_new_device'")
        assert cursor.fetchall() == []


def test_who_comes_to_the_staff_is_signed_in_here_alone(
    mailed: Mailed, charlie: User, olivia: User
) -> None:
    charlie.memberships.all().delete()
    here, there = Client(), Client()
    for each in (here, there):
        each.post("/sign-in/", {"login": charlie.email, "password": PASSWORD})
    here.post(mailed(charlie.email, by=olivia, account=None, staff="operator"))
    assert "_auth_user_id" in here.session
    assert there.get("/").headers["Location"].startswith("/sign-in/")


def test_somebody_else_is_told_whom_it_is_for(
    mailed: Mailed, charlie: User, acme: Account, signed_in: SignIn
) -> None:
    url, theirs = mailed(), signed_in(charlie)
    text = theirs.get(url).content.decode()
    assert "You are signed in as <strong>charlie@example.com" in text
    assert "Sign out" in text
    assert theirs.post(url, SENT).status_code == 409
    assert queries.membership(charlie, acme) is None
    assert not User.objects.filter(email=NEW).exists()


def test_links_that_are_none(mailed: Mailed, client: Client, alice: User) -> None:
    url = mailed()
    for guess in (new_token(), "x", "%00", "%ed%a0%80", "é" * 50, url.split("/")[2][:-1]):
        for method in (client.get, client.post):
            answer = method(f"/invitations/{guess}/", SENT)
            assert answer.status_code == 404
            assert "Acme" not in answer.content.decode()
    invitation = Invitation.objects.get()
    Invitation.objects.update(expires_at=now() - timedelta(seconds=1))
    for _ in range(2):
        answer = client.post(url, SENT)
        assert answer.status_code == 410
        assert "too old" in answer.content.decode()
    actions.invite_again(invitation=invitation, by=alice, at=now() + timedelta(minutes=2))
    assert client.post(url, SENT).status_code == 404  # the older mail's link
    actions.withdraw_invitation(invitation=invitation, by=alice, at=now())
    assert not User.objects.filter(email=NEW).exists()


def test_a_withdrawn_one_says_so(mailed: Mailed, client: Client, alice: User) -> None:
    url = mailed()
    actions.withdraw_invitation(invitation=Invitation.objects.get(), by=alice, at=now())
    answer = client.post(url, SENT)
    assert answer.status_code == 410
    assert "was withdrawn" in answer.content.decode()


def test_who_is_switched_off_is_told_to_ask(mailed: Mailed, charlie: User, client: Client) -> None:
    url = mailed(charlie.email)
    User.objects.filter(pk=charlie.pk).update(status=UserStatus.DELETED)
    assert "is switched off" in client.get(url).content.decode()
    client.post(url, SENT)
    charlie.refresh_from_db()
    assert charlie.status == UserStatus.DELETED


def test_a_late_mail_has_no_link(
    alice: User, acme: Account, at: datetime, mailoutbox: list[EmailMessage]
) -> None:
    made = actions.invite(email=NEW, name="", by=alice, account=acme, at=at)
    actions.withdraw_invitation(invitation=made, by=alice, at=at)
    send_invitation.work(invitation_id=made.pk)
    send_invitation.work(invitation_id=made.pk + 1)
    assert mailoutbox == []


def test_staff_come_in_as_staff(
    mailed: Mailed, olivia: User, acme: Account, client: Client
) -> None:
    url = mailed(account=None, staff="receptionist", by=olivia)
    assert "the staff of this Deskbell" in client.get(url).content.decode()
    client.post(url, SENT)
    assert User.objects.get(email=NEW).staff == "receptionist"
