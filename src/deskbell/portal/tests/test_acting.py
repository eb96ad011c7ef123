"""An operator acts as a person: what that opens, what it never does, and what ends it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.urls import reverse

from deskbell.attendant.actions.drafts import edit_draft
from deskbell.attendant.models import Publication, System
from deskbell.attendant.rules.edits import find_system, put_system
from deskbell.attendant.rules.plans import Plan
from deskbell.messages.models import Note
from deskbell.platform.tenancy import account_scope, system_scope

if TYPE_CHECKING:
    from deskbell.accounts.models import Account, User

REASON = "Call of 4 March: cannot find a message"
pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(signed_in: Callable[[User], Client], olivia: User) -> Client:
    """olivia's client."""
    return signed_in(olivia)


def begin(client: Client, person: User, **more: Any) -> Any:
    return client.post(reverse("operator:act_as", args=[person.pk]), {"reason": REASON, **more})


def who(client: Client) -> str:
    """As whom the dashboard is shown."""
    response = client.get("/")
    return str(response.wsgi_request.user)


def account_of(response: Any) -> Any:
    """The account in which a page was shown."""
    return response.wsgi_request.account


@pytest.fixture
def at_hour(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Lets the time be so much later for acting."""

    def later(by: timedelta) -> None:
        monkeypatch.setattr("deskbell.portal.acting.now", lambda: datetime.now(UTC) + by)

    return later


def test_an_operator_sees_what_the_person_sees(operator: Client, bob: User, acme: Account) -> None:
    assert begin(operator, bob).status_code == 302
    shown = operator.get("/")
    assert shown.wsgi_request.user == bob
    text = shown.content.decode()
    assert f"You act as {bob}" in text
    assert REASON in text
    assert "Stop" in text
    # bob may neither see recordings nor the operator's pages
    assert operator.get("/recordings/").status_code == 403
    assert operator.get(reverse("operator:accounts")).status_code == 403


def test_stop_leads_back(operator: Client, bob: User, olivia: User, other: Account) -> None:
    operator.post(reverse("switch_account"), {"account": other.pk})
    begin(operator, bob)
    assert operator.post(reverse("stop_acting")).status_code == 302
    shown = operator.get("/")
    assert shown.wsgi_request.user == olivia
    assert account_of(shown) == other
    assert "You act as" not in shown.content.decode()


def test_a_reason_is_needed(operator: Client, bob: User, olivia: User) -> None:
    for reason in ("", "  ", "x", "y" * 201):
        response = operator.post(reverse("operator:act_as", args=[bob.pk]), {"reason": reason})
        assert response.status_code == 422
    assert who(operator) == str(olivia)


def test_it_asks_first(operator: Client, bob: User) -> None:
    page = operator.get(reverse("operator:act_as", args=[bob.pk]))
    assert page.status_code == 200
    assert f"Act as {bob}" in page.content.decode()
    dialog = operator.get(reverse("operator:act_as", args=[bob.pk]), headers={"HX-Request": "true"})
    assert "<html" not in dialog.content.decode()


def test_nobody_acts_as_staff(operator: Client, rita: User, olivia: User, acme: Account) -> None:
    for person in (rita, olivia):
        response = begin(operator, person)
        assert response.status_code == 409
        assert "is staff" in response.content.decode()
    assert who(operator) == str(olivia)


def test_nobody_acts_as_whom_may_not_sign_in(operator: Client, bob: User, at: datetime) -> None:
    from deskbell.accounts.actions import edit_user

    for status in ("SUSPENDED", "DELETED"):
        edit_user(user=bob, at=at, status=status)
        assert begin(operator, bob).status_code == 409
    assert operator.get(reverse("operator:act_as", args=[10**9])).status_code == 404


@pytest.mark.parametrize("name", ["alice", "rita", "charlie"])
def test_only_operators_act(
    name: str, request: pytest.FixtureRequest, signed_in: Callable[[User], Client], bob: User
) -> None:
    client = signed_in(request.getfixturevalue(name))
    assert begin(client, bob).status_code == 403
    assert "acting" not in client.session
    assert client.post(reverse("stop_acting")).status_code == 403
    assert begin(Client(), bob).status_code == 302  # to sign in
    assert Client().post(reverse("stop_acting")).status_code == 403


def test_acting_does_not_nest(operator: Client, bob: User, alice: User) -> None:
    begin(operator, bob)
    assert begin(operator, alice).status_code == 403
    assert who(operator) == str(bob)


def test_it_ends_after_an_hour(
    operator: Client,
    bob: User,
    olivia: User,
    acme: Account,
    at_hour: Callable[[timedelta], None],
) -> None:
    from deskbell.audit.models import Entry
    from deskbell.platform.tenancy import account_scope

    begin(operator, bob)
    at_hour(timedelta(minutes=59))
    assert who(operator) == str(bob)
    at_hour(timedelta(minutes=61))
    ended = operator.get("/messages/")
    assert ended.status_code == 302
    assert ended.headers["Location"] == "/"
    shown = operator.get("/")
    assert shown.wsgi_request.user == olivia
    assert "an hour is over" in shown.content.decode()
    with account_scope(acme.pk):
        entry = Entry.objects.get(act="acting_ended")
    assert (entry.who, entry.on_behalf) == (bob, olivia.email)


def test_what_was_asked_when_it_ended_is_not_done(
    operator: Client, bob: User, acme: Account, take: Any, at_hour: Callable[[timedelta], None]
) -> None:
    message = take()
    begin(operator, bob)
    at_hour(timedelta(minutes=61))
    operator.post(reverse("messages:acknowledge", args=[message.pk]))
    from deskbell.messages.models import Message
    from deskbell.platform.tenancy import account_scope

    with account_scope(acme.pk):
        assert Message.objects.get(pk=message.pk).acknowledged_at is None


def test_a_live_part_is_led_away_when_it_ends(
    operator: Client, bob: User, at_hour: Callable[[timedelta], None]
) -> None:
    begin(operator, bob)
    at_hour(timedelta(minutes=61))
    response = operator.get("/messages/live/", headers={"HX-Request": "true"})
    assert response.status_code == 403
    assert response.headers["HX-Redirect"] == "/"


def test_it_ends_when_the_operator_is_demoted(operator: Client, bob: User, olivia: User) -> None:
    begin(operator, bob)
    olivia.staff = "receptionist"
    olivia.save()
    assert operator.get("/messages/").status_code == 302
    assert who(operator) == str(olivia)
    olivia.staff = "operator"
    olivia.save()
    assert who(operator) == str(olivia)  # it is over for good


def test_it_ends_when_the_operator_is_suspended(operator: Client, bob: User, olivia: User) -> None:
    begin(operator, bob)
    olivia.status = "SUSPENDED"
    olivia.save()
    assert operator.get("/messages/").status_code == 302
    assert "/sign-in/" in operator.get("/messages/").headers["Location"]
    olivia.status = "ACTIVE"
    olivia.save()
    assert who(operator) == str(olivia)


@pytest.mark.parametrize(
    "change", [{"status": "SUSPENDED"}, {"status": "DELETED"}, {"staff": "operator"}]
)
def test_it_ends_with_what_the_person_becomes(
    operator: Client, bob: User, olivia: User, change: dict[str, str]
) -> None:
    begin(operator, bob)
    type(bob).objects.filter(pk=bob.pk).update(**change)
    assert operator.get("/messages/").status_code == 302
    assert who(operator) == str(olivia)


def test_it_ends_when_the_person_is_gone(operator: Client, bob: User, olivia: User) -> None:
    from deskbell.platform.tenancy import system_scope

    begin(operator, bob)
    with system_scope("a test removes somebody for good"):
        type(bob).objects.filter(pk=bob.pk).delete()
    assert operator.get("/messages/").status_code == 302
    assert who(operator) == str(olivia)


def test_it_ends_when_the_operator_signs_out(operator: Client, bob: User, olivia: User) -> None:
    begin(operator, bob)
    operator.post(reverse("account_logout"))
    assert operator.get("/").status_code == 302
    operator.force_login(olivia)
    assert who(operator) == str(olivia)


def test_the_persons_own_things_stay_untouched(operator: Client, bob: User) -> None:
    before = type(bob).objects.filter(pk=bob.pk).values().get()
    begin(operator, bob)
    for path in ("/", "/messages/", "/oncall/", "/to-dos/"):
        assert operator.get(path).status_code == 200
    operator.post(reverse("stop_acting"))
    assert type(bob).objects.filter(pk=bob.pk).values().get() == before


def test_looking_reads_nothing(operator: Client, bob: User, acme: Account, take: Any) -> None:
    from deskbell.messages.models import Message
    from deskbell.platform.tenancy import account_scope

    message = take()
    begin(operator, bob)
    assert operator.get(reverse("messages:message", args=[message.pk])).status_code == 200
    with account_scope(acme.pk):
        assert not Message.objects.get(pk=message.pk).read


def test_proof_tells_whose_hands_did_it(
    operator: Client, bob: User, olivia: User, acme: Account, take: Any
) -> None:
    message = take("Please call back")
    begin(operator, bob)
    operator.post(reverse("messages:acknowledge", args=[message.pk]))
    operator.post(reverse("messages:add_note", args=[message.pk]), {"text": "Called back"})
    with system_scope("test"):
        message.refresh_from_db()
        assert message.acknowledged_by == f"{olivia} for {bob}"
        assert [note.by for note in Note.objects.all()] == [f"{olivia} for {bob}"]


def test_an_operator_takes_back_what_they_did_for_another(
    operator: Client, bob: User, acme: Account, take: Any
) -> None:
    message = take()
    begin(operator, bob)
    operator.post(reverse("messages:acknowledge", args=[message.pk]))
    operator.post(reverse("messages:add_note", args=[message.pk]), {"text": "Called back"})
    shown = operator.get(f"/messages/{message.pk}/").content.decode()
    assert 'action="/messages/undo/"' in shown
    with system_scope("test"):
        note = Note.objects.get()
    address = reverse("messages:remove_note", args=[message.pk, note.pk])
    assert f'action="{address}"' in shown
    operator.post(address)
    operator.post("/messages/undo/", {"ids": str(message.pk)})
    with system_scope("test"):
        message.refresh_from_db()
        assert not Note.objects.exists()
    assert message.acknowledged_by == ""


def test_a_publication_tells_whose_hands_made_it(
    operator: Client, alice: User, olivia: User, attendant: System, acme: Account, at: datetime
) -> None:
    def change(plan: Plan) -> Plan:
        return put_system(plan, replace(find_system(plan, attendant.sid), description="Two"))

    with account_scope(acme.pk):
        edit_draft(account=acme, change=change, at=at, by=alice.email)
    begin(operator, alice)
    operator.post("/attendant/history/draft/publish/", {"note": "Winter"})
    with account_scope(acme.pk):
        assert Publication.objects.latest("number").by == olivia.email


def test_forms_need_their_token(bob: User, olivia: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(olivia)
    assert begin(strict, bob).status_code == 403
    assert "acting" not in strict.session
    session = strict.session
    session["acting"] = {
        "person": bob.pk,
        "since": 0.0,
        "until": (datetime.now(UTC) + timedelta(hours=1)).timestamp(),
        "reason": REASON,
        "account_before": 0,
    }
    session.save()
    assert strict.post(reverse("stop_acting")).status_code == 403
    assert "acting" in strict.session


def test_a_foreign_account_is_not_entered(operator: Client, bob: User, other: Account) -> None:
    begin(operator, bob, account=str(other.pk))
    shown = operator.get("/")
    assert account_of(shown) != other
    operator.post(reverse("switch_account"), {"account": other.pk})
    assert account_of(operator.get("/")) != other


def test_whoever_belongs_nowhere_is_told_so(operator: Client, at: datetime, acme: Account) -> None:
    from deskbell.accounts.actions import add_user

    lonely = add_user(email="lonely@example.com", name="", password=None, at=at)
    begin(operator, lonely)
    shown = operator.get("/")
    assert shown.status_code == 403
    assert "You act as" in shown.content.decode()


def test_own_hands_refuses_in_words(operator: Client, bob: User, rf: Any) -> None:
    from django.http import HttpResponse

    from deskbell.portal.acting import own_hands

    @own_hands
    def view(_request: Any) -> HttpResponse:
        return HttpResponse("done")

    request = rf.post("/")
    request.user, request.impersonator = bob, None
    answer: Any = view(request)
    assert answer.content == b"done"
    request.impersonator = operator
    refused: Any = view(request)
    assert refused.status_code == 403
    assert "Only Bob can do this" in refused.content.decode()


def test_both_logs_say_it(operator: Client, bob: User, olivia: User, acme: Account) -> None:
    from deskbell.audit.models import Entry
    from deskbell.platform.tenancy import account_scope

    begin(operator, bob)
    operator.post(reverse("stop_acting"))
    with account_scope(acme.pk):
        began, ended = Entry.objects.order_by("id")
    assert (began.who, began.subject) == (olivia, bob.email)
    assert began.changes == {"reason": ["", REASON]}
    assert (ended.who, ended.on_behalf) == (bob, olivia.email)
