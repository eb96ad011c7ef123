"""Who stands in the audit log: whoever signs in or out, who acts as whom, whoever only tried."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client

from deskbell.accounts.models import Account, PhoneNumber, User
from deskbell.audit.models import Entry
from deskbell.calls.actions import begin, keep_recording
from deskbell.calls.models import Recording
from deskbell.foundation.sids import new_sid
from deskbell.messages.actions import Taken, take
from deskbell.platform.tenancy import account_scope, system_scope
from deskbell.webhooks.actions import subscribe
from tests.autoattendant import sound

pytestmark = pytest.mark.django_db
PASSWORD = "Correct-horse-9"


def entries() -> list[Entry]:
    with system_scope("test"):
        return list(Entry.objects.order_by("pk"))


def with_password(user: User) -> User:
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(user: User, password: str = PASSWORD) -> Client:
    client = Client()
    client.post("/sign-in/", {"login": user.email, "password": password})
    return client


def test_signing_in_and_out(alice: User, acme: Account) -> None:
    client = sign_in(with_password(alice))
    client.post("/sign-in/", {"login": alice.email, "password": PASSWORD})  # is in already
    client.post("/sign-out/")
    client.post("/sign-out/")
    assert [(each.words, each.who, each.account) for each in entries()] == [
        ("Signed in", alice, acme),
        ("Signed out", alice, acme),
    ]
    assert PASSWORD not in str([vars(each) for each in entries()])


def test_staff_sign_in_in_no_accounts_log(olivia: User, rita: User, acme: Account) -> None:
    for user in (olivia, rita):
        sign_in(with_password(user))
    found = [each for each in entries() if each.words == "Signed in"]
    assert [(each.who, each.account) for each in found] == [(olivia, None), (rita, None)]


def test_whoever_only_tried_is_not_said_to_be_in(alice: User) -> None:
    sign_in(with_password(alice), "wrong")
    assert not [each for each in entries() if each.words == "Signed in"]


def test_an_operator_who_acts_as_somebody(alice: User, olivia: User, acme: Account) -> None:
    """Both stand there: whose hands it were, and as whom; stopping too."""
    client = Client()
    client.force_login(olivia)
    client.post(f"/operator/acting/{alice.pk}/", {"reason": "Cannot find a message"})
    client.post("/messages/searches/", {"name": "Mine"})
    client.get("/messages/")
    began, searched = entries()
    assert (began.who, began.account, began.on_behalf) == (olivia, acme, "")
    assert began.changes["reason"] == ["", "Cannot find a message"]
    assert (searched.who, searched.who_name) == (alice, alice.email)
    assert (searched.on_behalf, searched.account) == (olivia.email, acme)


def test_an_operator_in_a_clients_account(olivia: User, acme: Account, alice: User) -> None:
    """What the operator does in an account, the account sees."""
    client = Client()
    client.force_login(olivia)
    client.post("/account/", {"account": acme.pk})
    client.post("/callers/new/", {"caller_id": "+12125550177", "how": "refused", "reason": "x"})
    [entry] = entries()
    assert (entry.account, entry.who, entry.words) == (acme, olivia, "Blocked a caller")
    reader = Client()
    reader.force_login(alice)
    assert "Blocked a caller" in reader.get("/audit/").content.decode()


def test_a_form_says_what_it_changed(alice: User, acme: Account) -> None:
    client = Client()
    client.force_login(alice)
    client.post("/callers/new/", {"caller_id": "+12125550177", "how": "refused", "reason": "spam"})
    [block] = entries()
    assert block.subject == "+12125550177"
    assert block.changes["Reason"] == ["nothing", "spam"]
    page = client.get("/callers/")
    edit = page.content.decode().split('class="row-open" href="')[1].split('"')[0]
    form = client.get(edit).context["form"]
    client.post(edit, {"how": "marked", "reason": "a friend", "seen": form.initial["seen"]})
    changed = entries()[1]
    assert changed.changes["Reason"] == ["spam", "a friend"]
    assert "Caller's number" not in changed.changes


@pytest.fixture
def recording(acme: Account, acme_number: PhoneNumber, at: datetime) -> Recording:
    with account_scope(acme.pk):
        call = begin(
            account_id=acme.pk,
            sid=new_sid("CA"),
            number=acme_number,
            caller_id="2125550134",
            caller_name="",
            dialled=acme_number.number,
            at=at,
        )
        kept = keep_recording(sid=new_sid("RE"), call_sid=call.sid, wav=sound(), seconds=0.2, at=at)
        take(account_id=acme.pk, taken=Taken("Ring", recording=kept, call=call), at=at)
    return kept


def test_hearing_a_recording_counts_once(recording: Recording, alice: User, bob: User) -> None:
    path = f"/recordings/{recording.pk}/audio/"
    for person in (alice, bob):  # bob may not
        client = Client()
        client.force_login(person)
        client.get(f"/recordings/{recording.pk}/")
        client.get(path, headers={"Range": "bytes=0-"})
        client.get(path, headers={"Range": "bytes=4096-"})
    [entry] = entries()
    assert (entry.who, entry.words) == (alice, "Listened to a recording")


def test_a_secret_that_is_looked_at(alice: User, acme: Account, at: datetime) -> None:
    with account_scope(acme.pk):
        made, secret = subscribe(
            account_id=acme.pk, url="https://8.8.8.8/x", events=["message.taken"], by="a", at=at
        )
    client = Client()
    client.force_login(alice)
    assert client.get(f"/webhooks/{made.pk}/secret/").status_code in {200, 302}
    for entry in entries():
        assert secret not in str(vars(entry))
