"""Escalation levels in the portal: order, chains and waits, cloning, what deleting breaks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from deskbell.accounts.models import Account, User
from deskbell.attendant import actions as attendant
from deskbell.contacts.actions import add_contact
from deskbell.contacts.models import Contact
from deskbell.delivery.actions import add_checked_method
from deskbell.messages.models import Message
from deskbell.oncall import actions
from deskbell.oncall.models import EscalationLevel, Event, OncallDefaults
from deskbell.platform.tenancy import account_scope
from deskbell.scripts.actions import add_script
from deskbell.scripts.queries import one
from deskbell.scripts.rules import PLAIN, Relay, levels_of, read

pytestmark = pytest.mark.django_db
LIST = "/oncall/levels/"
DAY = date(2026, 3, 2)
Sign = Callable[[User], Client]
TakeMessage = Callable[..., Message]


@pytest.fixture
def nina(acme: Account, at: datetime) -> Contact:
    """A contact of Acme, reached by email."""
    with account_scope(acme.pk):
        contact = add_contact(account_id=acme.pk, name="Nina Field", at=at)
        add_checked_method(contact=contact, kind="email", address="nina@example.com", at=at)
    return contact


@pytest.fixture
def chain(acme: Account, nina: Contact, at: datetime) -> list[EscalationLevel]:
    """On call (tried three times, five minutes apart), then Manager; Nina is on the first."""
    with account_scope(acme.pk):
        manager = actions.add_level(account_id=acme.pk, name="Manager", at=at, position=2)
        first = actions.add_level(
            account_id=acme.pk,
            name="On call",
            at=at,
            position=1,
            repeat=2,
            next_level=manager,
            wait_seconds=600,
        )
        actions.add_event(
            level=first,
            methods=list(nina.methods.all()),
            starts=datetime.combine(DAY, time(0)),
            ends=datetime.combine(DAY, time(23, 59)),
            at=at,
            frequency="daily",
        )
    return [first, manager]


def text_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def form_of(client: Client, path: str) -> dict[str, Any]:
    """What a browser would post from the page's form, as it is shown."""
    form = client.get(path).context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {
        name: value for name, value in values.items() if value is not None and value is not False
    }


def level_of(account: Account, name: str) -> EscalationLevel:
    with account_scope(account.pk):
        return EscalationLevel.objects.select_related("next_level", "fallback").get(name=name)


def test_an_empty_list_says_what_to_do(page: Client) -> None:
    assert "Make the first level" in text_of(page, LIST)


def test_the_list_says_the_chain_in_words(page: Client, chain: list[EscalationLevel]) -> None:
    text = text_of(page, LIST)
    assert "Everybody on call is tried 3 times, 5 minutes apart; 10 minutes later on to" in text
    assert "After 20 minutes" in text
    assert "the chain ends, and the operator is told" in text
    assert "Nina Field" in text


def test_a_level_is_added_with_minutes(page: Client, acme: Account, nina: Contact) -> None:
    answer = page.post(
        f"{LIST}new/",
        {
            "name": "Night",
            "repeat": "2",
            "repeat_minutes": "0.5",
            "wait_minutes": "",
            "fallback": str(nina.pk),
            "hold_until_on_call": "on",
        },
    )
    made = level_of(acme, "Night")
    assert answer.headers["Location"] == f"{LIST}{made.pk}/"
    assert (made.repeat, made.repeat_seconds, made.wait_seconds) == (2, 30, 0)
    assert (made.fallback, made.hold_until_on_call, made.next_level) == (nina, True, None)


def test_saving_what_is_shown_changes_nothing(
    page: Client, acme: Account, chain: list[EscalationLevel]
) -> None:
    with account_scope(acme.pk):
        EscalationLevel.objects.filter(pk=chain[0].pk).update(repeat_seconds=20, wait_seconds=7)
    before = level_of(acme, "On call")
    path = f"{LIST}{before.pk}/"
    assert page.post(path, form_of(page, path)).status_code == 302
    after = level_of(acme, "On call")
    for name in ("repeat", "repeat_seconds", "wait_seconds", "next_level_id", "loops"):
        assert getattr(after, name) == getattr(before, name)


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("name", "", "A level needs a name"),
        ("repeat", "-1", "Type a whole number from 0 to 99"),
        ("repeat_minutes", "soon", "Type minutes"),
        ("repeat_minutes", "0", "Attempts are 1 second to 7 days apart"),
        ("wait_minutes", "", "Say how many minutes it waits"),
        ("wait_minutes", "99999", "7 days at most"),
        ("loops", "11", "Type a whole number from 0 to 10"),
        ("next_level", "999999", "This level is not there any more"),
        ("fallback", "999999", "This contact is not there any more"),
    ],
)
def test_bad_input_stays_with_its_reason(
    page: Client, chain: list[EscalationLevel], field: str, typed: str, words: str
) -> None:
    path = f"{LIST}{chain[0].pk}/"
    answer = page.post(path, form_of(page, path) | {field: typed})
    assert answer.status_code == 422
    said = answer.content.decode().split(f'id="id_{field}_error">')[1].split("</div>")[0]
    assert words in said


def test_a_chain_that_leads_back_says_how_often(
    page: Client, acme: Account, chain: list[EscalationLevel]
) -> None:
    path = f"{LIST}{chain[1].pk}/"
    posted = form_of(page, path) | {"next_level": str(chain[0].pk), "wait_minutes": "5"}
    refused = page.post(path, posted)
    assert refused.status_code == 422
    assert page.post(path, posted | {"loops": "3"}).status_code == 302
    assert level_of(acme, "Manager").loops == 3
    assert "Leads back to On call up to 3 times; after that the chain ends" in text_of(page, LIST)


def test_of_two_who_edit_the_second_is_told(page: Client, chain: list[EscalationLevel]) -> None:
    path = f"{LIST}{chain[0].pk}/"
    posted = form_of(page, path)
    page.post(path, posted | {"repeat": "4"})
    late = page.post(path, posted | {"repeat": "7"})
    assert late.status_code == 409
    assert "Saved by somebody else: <strong>4</strong>" in late.content.decode()


def test_levels_are_put_in_order_with_and_without_a_mouse(
    page: Client, acme: Account, chain: list[EscalationLevel]
) -> None:
    first, second = (each.pk for each in chain)

    def names() -> list[str]:
        return [line.level.name for line in page.get(LIST).context["lines"]]

    page.post(f"{LIST}order/", {"down": first, "order": [first, second]})
    assert names() == ["Manager", "On call"]
    page.post(f"{LIST}order/", {"up": first})
    assert names() == ["On call", "Manager"]
    page.post(f"{LIST}order/", {"order": [second, first, 999_999, "9" * 5000, "x"]})
    assert names() == ["Manager", "On call"]


def test_cloning_adds_or_replaces(
    page: Client, acme: Account, chain: list[EscalationLevel]
) -> None:
    first, second = chain
    path = f"{LIST}{first.pk}/clone/"
    assert "CANNOT be undone" in text_of(page, path)
    for way, count in (("add", 1), ("add", 2), ("replace", 1)):
        answer = page.post(path, {"onto": second.pk, "way": way})
        assert answer.headers["Location"] == f"/oncall/?level={second.pk}"
        with account_scope(acme.pk):
            assert Event.objects.filter(level=second).count() == count
    assert page.post(path, {"onto": first.pk, "way": "add"}).status_code == 422


def test_deleting_says_everything_that_breaks(
    page: Client,
    acme: Account,
    chain: list[EscalationLevel],
    take: TakeMessage,
    at: datetime,
) -> None:
    first, manager = chain
    message = take("Burst pipe")
    with account_scope(acme.pk):
        actions.run_due(message.created_at)
        system = attendant.add_system(account=acme, name="Main line", at=at)
        to_level = {"actionType": "TRANSFER_TO_ONCALL", "actionData": str(first.pk)}
        menu = attendant.add_menu(system=system, name="Day", at=at)
        attendant.edit_menu(menu=menu, keys=[{"menuKey": "2", "menuAction": to_level}], at=at)
        urgent = replace(PLAIN, relays=(Relay("urgent", ("Yes",), first.pk),))
        script = add_script(account_id=acme.pk, name="Front desk", by="o", at=at, content=urgent)
    text = text_of(page, f"{LIST}{first.pk}/delete/")
    for said in (
        "CANNOT be undone",
        "1 message on it goes on to Manager at once",
        "Menu “Day”, key 2",
        "1 event on its calendar is deleted",
        "Script “Front desk”: its relay triggers to it are removed",
    ):
        assert said in text, said
    assert "On call goes on to it" in text_of(page, f"{LIST}{manager.pk}/delete/")
    page.post(f"{LIST}{first.pk}/delete/")
    with account_scope(acme.pk):
        message.refresh_from_db()
        assert message.escalation_level_id == manager.pk
        assert [each.name for each in EscalationLevel.objects.all()] == ["Manager"]
        assert levels_of(read(one(script.pk).draft)) == set()


def test_defaults_hold_for_all_levels(page: Client, acme: Account, nina: Contact) -> None:
    path = f"{LIST}defaults/"
    assert form_of(page, path)["end"] == "23:59"
    page.post(path, form_of(page, path) | {"start": "08:00", "end": "20:00", "fallback": nina.pk})
    with account_scope(acme.pk):
        kept = OncallDefaults.objects.get()
    assert (kept.start, kept.end, kept.fallback_id) == (time(8), time(20), nina.pk)
    wrong = page.post(path, form_of(page, path) | {"start": "morning"})
    assert "Type a time, as 08:00" in wrong.content.decode()


def test_whoever_may_only_look_changes_nothing(
    signed_in: Sign, bob: User, chain: list[EscalationLevel]
) -> None:
    client = signed_in(bob)
    own = f"{LIST}{chain[0].pk}/"
    assert "disabled" in text_of(client, own)
    for path in (
        own,
        f"{LIST}new/",
        f"{LIST}order/",
        f"{LIST}defaults/",
        f"{own}clone/",
        f"{own}delete/",
    ):
        assert client.post(path).status_code == 403, path
    assert "New level" not in text_of(client, LIST)


@pytest.mark.parametrize("path", [LIST, "one"])
def test_many_levels_cost_no_more_queries(
    path: str,
    page: Client,
    acme: Account,
    chain: list[EscalationLevel],
    at: datetime,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    path = f"{LIST}{chain[0].pk}/" if path == "one" else path
    page.get(path)
    with django_assert_max_num_queries(20) as few:
        page.get(path)
    with account_scope(acme.pk):
        before = chain[1]
        for number in range(20):
            before = actions.add_level(
                account_id=acme.pk, name=f"Level {number}", at=at, next_level=before
            )
    with django_assert_max_num_queries(20) as many:
        page.get(path)
    assert len(many) == len(few)
