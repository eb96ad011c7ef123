"""Contacts in the portal: adding, renaming, merging, deleting, and the ways to reach them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from deskbell.accounts.actions import add_user, join
from deskbell.accounts.models import Account, User
from deskbell.contacts import actions
from deskbell.contacts.models import Contact, DeliveryMethod
from deskbell.delivery.actions import add_checked_method
from deskbell.delivery.registry import transports
from deskbell.lines.models import Phone
from deskbell.oncall import actions as oncall
from deskbell.oncall.models import Event
from deskbell.platform.tenancy import account_scope

pytestmark = pytest.mark.django_db
LIST = "/oncall/contacts/"
MONDAY = date(2026, 3, 2)
Sign = Callable[[User], Client]


@pytest.fixture
def nina(acme: Account, at: datetime) -> Contact:
    """A contact of Acme, reached by email."""
    with account_scope(acme.pk):
        contact = actions.add_contact(account_id=acme.pk, name="Nina Field", at=at)
        add_checked_method(contact=contact, kind="email", address="nina@example.com", at=at)
    return contact


@pytest.fixture
def weekly(acme: Account, nina: Contact, at: datetime) -> Event:
    """Nina is on call on Mondays, on the level "On call"."""
    with account_scope(acme.pk):
        level = oncall.add_level(account_id=acme.pk, name="On call", at=at, fallback=nina)
        return oncall.add_event(
            level=level,
            methods=list(nina.methods.all()),
            starts=datetime.combine(MONDAY, time(8)),
            ends=datetime.combine(MONDAY, time(17)),
            at=at,
            frequency="weekly",
            weekdays=(1,),
        )


def page_of(contact: Contact) -> str:
    return f"{LIST}{contact.pk}/"


def text_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def method_of(account: Account, contact: Contact) -> DeliveryMethod:
    with account_scope(account.pk):
        return DeliveryMethod.objects.get(contact=contact)


def test_an_empty_list_says_what_to_do(page: Client) -> None:
    assert "Add the first contact" in text_of(page, LIST)


def test_the_list_says_how_and_where(page: Client, weekly: Event) -> None:
    text = text_of(page, LIST)
    assert "nina@example.com" in text
    assert "On call" in text
    assert "Not verified" in text
    assert "No contact has" in text_of(page, f"{LIST}?q=zebra")
    table = page.get(f"{LIST}?format=csv").content.decode().splitlines()
    assert table[1] == "Nina Field,Email: nina@example.com,On call,"


def test_a_contact_is_added_and_renamed(page: Client, acme: Account) -> None:
    answer = page.post(f"{LIST}new/", {"name": "  Night desk "})
    with account_scope(acme.pk):
        made = Contact.objects.get()
    assert made.name == "Night desk"
    assert answer.headers["Location"] == page_of(made)
    page.post(f"{page_of(made)}rename/", {"name": "Day desk", "seen": seen(page, made)})
    assert "<h1>Day desk</h1>" in text_of(page, page_of(made))
    empty = page.post(f"{LIST}new/", {"name": ""})
    assert empty.status_code == 422
    assert "A contact needs a name" in empty.content.decode()


def seen(page: Client, contact: Contact) -> str:
    form = page.get(f"{page_of(contact)}rename/").context["form"]
    return str(form["seen"].value())


def test_of_two_who_rename_the_second_is_told(page: Client, nina: Contact) -> None:
    mark = seen(page, nina)
    page.post(f"{page_of(nina)}rename/", {"name": "Nina F.", "seen": mark})
    late = page.post(f"{page_of(nina)}rename/", {"name": "Nina Fields", "seen": mark})
    assert late.status_code == 409
    assert "Saved by somebody else: <strong>Nina F.</strong>" in late.content.decode()


def test_deleting_says_which_events_lose_it(page: Client, acme: Account, weekly: Event) -> None:
    with account_scope(acme.pk):
        nina = Contact.objects.get()
    text = text_of(page, f"{page_of(nina)}delete/")
    assert "CANNOT be undone" in text
    assert "On call: weekly on Monday, 8 AM to 5 PM (nobody is left in it)" in text
    assert "On call has no fallback any more" in text
    page.post(f"{page_of(nina)}delete/")
    with account_scope(acme.pk):
        assert not Contact.objects.exists()
        assert list(Event.objects.get().methods.all()) == []


def test_methods_are_asked_for_in_their_transports_words(page: Client, nina: Contact) -> None:
    for transport in transports().values():
        text = text_of(page, f"{page_of(nina)}methods/new/?kind={transport.kind}")
        for field in transport.fields:
            assert (field.label in text) == (field.input_type != "secret")
    assert page.get(f"{page_of(nina)}methods/new/?kind=pigeon").status_code == 404
    assert "Email" in text_of(page, f"{page_of(nina)}methods/new/")


def test_a_method_is_added_edited_and_deleted(
    page: Client, acme: Account, weekly: Event, nina: Contact
) -> None:
    add = f"{page_of(nina)}methods/new/?kind=email"
    wrong = page.post(add, {"address": "nobody", "limit": "10"})
    assert wrong.status_code == 422
    assert 'id="id_address_error"><p>' in wrong.content.decode()
    endless = page.post(add, {"address": "n@example.com", "limit": "many"})
    assert "Type a whole number from 0 to 1000" in endless.content.decode()
    page.post(add, {"address": "second@example.com", "limit": "3"})
    with account_scope(acme.pk):
        second = DeliveryMethod.objects.get(address="second@example.com")
    assert second.limit == 3
    assert "bundled after 3 in ten minutes" in text_of(page, page_of(nina))
    path = f"{page_of(nina)}methods/{second.pk}/"
    form = page.get(path).context["form"]
    posted = {"address": "third@example.com", "limit": "0", "seen": form["seen"].value()}
    assert page.post(path, posted).status_code == 302
    text = text_of(page, page_of(nina))
    assert "third@example.com" in text
    assert "never bundled" in text
    asked = text_of(page, f"{path}delete/")
    assert "no event has it" in asked
    page.post(f"{path}delete/")
    assert "third@example.com" not in text_of(page, page_of(nina)).split("</header>")[1].split(
        'id="notices"'
    )[0] + text_of(page, page_of(nina))


def test_a_webhooks_secret_is_shown_to_editors_only(
    page: Client, signed_in: Sign, bob: User, acme: Account, nina: Contact
) -> None:
    page.post(
        f"{page_of(nina)}methods/new/?kind=webhook",
        {"address": "https://example.com/hook", "limit": "10"},
    )
    with account_scope(acme.pk):
        made = DeliveryMethod.objects.get(kind="webhook")
    assert len(made.secret) > 20
    assert made.secret in text_of(page, page_of(nina))
    assert made.secret not in text_of(signed_in(bob), page_of(nina))


def test_a_code_verifies_a_method(
    page: Client, acme: Account, nina: Contact, monkeypatch: pytest.MonkeyPatch
) -> None:
    from deskbell.delivery import verification
    from deskbell.foundation.clock import now

    method = method_of(acme, nina)
    path = f"{page_of(nina)}methods/{method.pk}/code/"
    assert page.post(path).status_code == 302
    text = text_of(page, page_of(nina))
    assert "A code is on its way to nina@example.com" in text
    assert "Code that arrived" in text
    monkeypatch.setattr("secrets.randbelow", lambda _most: 123456)
    with account_scope(acme.pk):
        verification.carry_code(method_id=method.pk, at=now())
    empty = page.post(f"{path}enter/", {"code": ""})
    assert empty.status_code == 422
    wrong = page.post(f"{path}enter/", {"code": "000000"})
    assert "That is not the code" in wrong.content.decode()
    page.post(f"{path}enter/", {"code": "123 456"})
    text = text_of(page, page_of(nina))
    assert "nina@example.com is verified" in text
    assert "Code that arrived" not in text
    again = page.post(path, follow=True).content.decode()
    assert "wait" in again or "on its way" in again


def test_a_contact_is_linked_to_a_user_of_the_account(
    page: Client, acme: Account, charlie: User, nina: Contact, at: datetime
) -> None:
    user = add_user(email="nf@example.com", name="Nina", password="Ring-the-bell-1", at=at)
    join(user=user, account=acme, role="")
    page.post(f"{page_of(nina)}user/", {"user": str(user.pk)})
    text = text_of(page, page_of(nina))
    assert "Is the user Nina" in text
    assert "Take over nf@example.com" in text
    refused = page.post(f"{page_of(nina)}user/", {"user": str(charlie.pk)}, follow=True)
    assert "Choose a user of this account" in refused.content.decode()
    page.post(f"{page_of(nina)}user/", {"user": ""})
    assert "Is the user" not in text_of(page, page_of(nina))


def test_merging_asks_first_and_keeps_everything(
    page: Client, acme: Account, weekly: Event, nina: Contact, at: datetime
) -> None:
    with account_scope(acme.pk):
        twin = actions.add_contact(account_id=acme.pk, name="N. Field", at=at)
        add_checked_method(contact=twin, kind="email", address="nf@example.com", at=at)
    assert page.post(f"{LIST}merge/", {"contacts": [nina.pk], "name": "N"}).status_code == 422
    wanted = {"contacts": [nina.pk, twin.pk], "name": "Nina Field-Ost"}
    asked = page.post(f"{LIST}merge/", wanted).content.decode()
    assert "CANNOT be undone" in asked
    assert "N. Field: Email nf@example.com" in asked
    with account_scope(acme.pk):
        assert Contact.objects.count() == 2
    page.post(f"{LIST}merge/", wanted | {"confirmed": "1"})
    with account_scope(acme.pk):
        assert Contact.objects.get().name == "Nina Field-Ost"
        assert DeliveryMethod.objects.count() == 2


def test_whoever_may_only_look_changes_nothing(
    signed_in: Sign, bob: User, acme: Account, nina: Contact
) -> None:
    client = signed_in(bob)
    method = method_of(acme, nina)
    assert "You can look at on call" in text_of(client, LIST)
    own = page_of(nina)
    for path in (
        f"{LIST}new/",
        f"{LIST}merge/",
        f"{own}rename/",
        f"{own}user/",
        f"{own}delete/",
        f"{own}methods/new/?kind=email",
        f"{own}methods/{method.pk}/",
        f"{own}methods/{method.pk}/delete/",
        f"{own}methods/{method.pk}/code/",
        f"{own}methods/{method.pk}/code/enter/",
    ):
        assert client.post(path, {"name": "Mallory"}).status_code == 403, path
    with account_scope(acme.pk):
        assert Contact.objects.get().name == "Nina Field"


def test_a_method_of_another_contact_is_not_found(
    page: Client, acme: Account, nina: Contact, at: datetime
) -> None:
    with account_scope(acme.pk):
        stranger = actions.add_contact(account_id=acme.pk, name="Otto", at=at)
    path = f"{page_of(stranger)}methods/{method_of(acme, nina).pk}/"
    assert page.get(path).status_code == 404
    assert page.post(f"{path}delete/").status_code == 404


def test_the_column_searches_names_and_addresses(page: Client, nina: Contact) -> None:
    for q in ("nina", "EXAMPLE.com", "field nina"):
        assert "Nina Field" in text_of(page, f"{LIST}column/?contact={q}")
    assert "No contact has" in text_of(page, f"{LIST}column/?contact=otto")


@pytest.mark.parametrize("path", [LIST, f"{LIST}column/"])
def test_many_contacts_cost_no_more_queries(
    path: str,
    page: Client,
    acme: Account,
    at: datetime,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    def fill(first: int, last: int) -> None:
        with account_scope(acme.pk):
            for number in range(first, last):
                made = actions.add_contact(account_id=acme.pk, name=f"Person {number}", at=at)
                for kind, address in (("email", f"p{number}@example.com"),):
                    add_checked_method(contact=made, kind=kind, address=address, at=at)

    fill(0, 3)
    page.get(path)
    with django_assert_max_num_queries(20) as few:
        page.get(path)
    fill(3, 40)
    with django_assert_max_num_queries(20) as many:
        page.get(path)
    assert len(many) == len(few)


def test_a_call_goes_to_a_phone_that_the_account_has(
    page: Client, acme: Account, nina: Contact, at: datetime
) -> None:
    with account_scope(acme.pk):
        Phone.objects.create(account=acme, name="bob", username="w0411-bob", created_at=at)
    new = f"{page_of(nina)}methods/new/?kind=call"
    wrong = page.post(new, {"address": "w0411-bop", "limit": "10"})
    assert wrong.status_code == 422
    assert "no SIP phone w0411-bop; it has w0411-bob" in wrong.content.decode()
    assert page.post(new, {"address": "w0411-bob", "limit": "10"}).status_code == 302
    assert ">w0411-bob<" in text_of(page, page_of(nina))


def test_nobody_is_reached_twice_in_one_place(page: Client, nina: Contact) -> None:
    new = f"{page_of(nina)}methods/new/?kind=email"
    twice = page.post(new, {"address": "nina@example.com", "limit": "10"})
    assert twice.status_code == 422
    assert "Nina Field is reached there already" in twice.content.decode()


def test_the_address_of_a_wrong_code_leads_back_to_the_contact(
    page: Client, acme: Account, nina: Contact
) -> None:
    method = method_of(acme, nina)
    answer = page.get(f"{page_of(nina)}methods/{method.pk}/code/enter/")
    assert (answer.status_code, answer["Location"]) == (
        302,
        f"{page_of(nina)}#method-{method.pk}",
    )
