"""The operator's overview, health, failed deliveries and test messages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from deskbell.foundation.clock import now
from deskbell.platform.tenancy import account_scope, system_scope

if TYPE_CHECKING:
    from deskbell.accounts.models import Account, User
    from deskbell.delivery.models import Delivery
    from deskbell.oncall.models import EscalationLevel

pytestmark = pytest.mark.django_db
PAGES = ("operator", "operator:health", "operator:deliveries", "operator:self_tests")


@pytest.fixture
def operator(signed_in: Callable[[User], Client], olivia: User) -> Client:
    """olivia's client."""
    return signed_in(olivia)


@pytest.fixture(autouse=True)
def no_gateway(monkeypatch: pytest.MonkeyPatch) -> None:
    """A deployment without a gateway, so that nothing is asked that other tests run."""
    monkeypatch.setattr(settings, "ENVIRONMENT", replace(settings.ENVIRONMENT, voice_urls=()))


@pytest.fixture
def fail(take: Any, acme: Account) -> Callable[..., Delivery]:
    """Makes a delivery of a new message of Acme that failed for good."""
    from deskbell.contacts.actions import add_contact
    from deskbell.delivery.actions import add_checked_method
    from deskbell.delivery.models import Delivery

    def make(why: str = "No such mailbox", name: str = "Grace Reyes") -> Delivery:
        message, at = take(), now()
        with account_scope(acme.pk):
            contact = add_contact(account_id=acme.pk, name=name, at=at)
            method = add_checked_method(
                contact=contact, kind="email", address="grace@example.com", at=at
            )
            return Delivery.objects.create(
                account=acme,
                message=message,
                method=method,
                kind="email",
                address="grace@example.com",
                contact_name=name,
                state="failed",
                tries=1,
                answer=why,
                created_at=at,
                finished_at=at,
            )

    return make


@pytest.fixture
def level(acme: Account, at: Any) -> EscalationLevel:
    """Acme's first level."""
    from deskbell.oncall.actions import add_level

    with account_scope(acme.pk):
        return add_level(account_id=acme.pk, name="Weekdays", at=at)


@pytest.mark.parametrize("name", PAGES)
def test_only_operators_see_the_pages(
    name: str,
    operator: Client,
    signed_in: Callable[[User], Client],
    alice: User,
    rita: User,
) -> None:
    address = reverse(name)
    assert operator.get(address).status_code == 200
    for person in (alice, rita):
        assert signed_in(person).get(address).status_code == 403
    assert Client().get(address).status_code == 302


@pytest.mark.parametrize("name", PAGES)
def test_the_pages_stand_before_the_first_account(name: str, operator: Client) -> None:
    assert operator.get(reverse(name)).status_code == 200


def test_what_failed_is_listed_with_why(operator: Client, fail: Callable[..., Delivery]) -> None:
    fail("No such mailbox")
    shown = operator.get(reverse("operator:deliveries")).content.decode()
    assert "No such mailbox" in shown
    assert "Grace Reyes" in shown
    assert "Acme Dental" in shown
    assert "Please call back" not in shown  # what callers said is not for this page
    assert (
        "No such mailbox"
        in operator.get(f"{reverse('operator:deliveries')}?q=mailbox").content.decode()
    )
    assert (
        "No failed delivery"
        in operator.get(f"{reverse('operator:deliveries')}?q=zzz").content.decode()
    )
    table = operator.get(f"{reverse('operator:deliveries')}?format=csv").content.decode()
    assert "No such mailbox" in table


def test_what_nobody_needs_any_more_is_not_shown(
    operator: Client, fail: Callable[..., Delivery], acme: Account
) -> None:
    from deskbell.messages.actions import acknowledge

    delivery = fail()
    with account_scope(acme.pk):
        acknowledge(message=delivery.message, by="Alice", through="portal", at=now())
    address = reverse("operator:deliveries")
    assert "Nothing that is still needed has failed" in operator.get(address).content.decode()
    assert "No such mailbox" in operator.get(f"{address}?show=all").content.decode()


def test_one_or_many_are_sent_again(
    operator: Client, fail: Callable[..., Delivery], acme: Account
) -> None:
    from deskbell.audit.models import Entry
    from deskbell.delivery.models import Delivery

    chosen = [fail(), fail()]
    other = fail("Mailbox is full")
    answer = operator.post(
        reverse("operator:send_again"), {"delivery": [each.pk for each in chosen]}, follow=True
    )
    shown = answer.content.decode()
    assert "2 deliveries are on the way again" in shown
    assert "Mailbox is full" in shown
    assert "No such mailbox" not in shown
    with account_scope(acme.pk):
        made = Delivery.objects.exclude(pk__in=[*(each.pk for each in chosen), other.pk])
        assert {each.message_id for each in made} == {each.message_id for each in chosen}
        assert {each.level_name for each in made} == {"Sent again by Olivia"}
    with system_scope("a test reads the operator's log"):
        entry = Entry.objects.get(act="operator:send_again")
    assert str(chosen[0].message_id) in entry.subject


def test_what_cannot_be_sent_again_says_why(
    operator: Client, fail: Callable[..., Delivery], acme: Account
) -> None:
    delivery = fail()
    with account_scope(acme.pk):
        assert delivery.method is not None
        delivery.method.delete()
    answer = operator.post(reverse("operator:send_again"), {"delivery": delivery.pk}, follow=True)
    assert "This delivery method was removed" in answer.content.decode()
    for nonsense in ({}, {"delivery": "x"}, {"delivery": "9" * 40}):
        answer = operator.post(reverse("operator:send_again"), nonsense, follow=True)
        assert "Choose what to send again" in answer.content.decode()


def test_sending_again_is_for_operators(
    signed_in: Callable[[User], Client], alice: User, fail: Callable[..., Delivery]
) -> None:
    answer = signed_in(alice).post(reverse("operator:send_again"), {"delivery": fail().pk})
    assert answer.status_code == 403


def test_a_test_message_goes_the_whole_way(
    operator: Client, acme: Account, level: EscalationLevel
) -> None:
    from deskbell.messages.actions import acknowledge
    from deskbell.messages.models import Message

    answer = operator.post(
        reverse("operator:self_tests"), {"account": "W0411", "level": "weekdays"}
    )
    assert answer.status_code == 302
    with account_scope(acme.pk):
        message = Message.objects.get()
    page = operator.get(answer.headers["Location"])
    assert "nobody acknowledged it yet" in page.content.decode()
    live = operator.get(reverse("operator:self_test_live", args=[message.pk]))
    tag = live.headers["ETag"]
    again = operator.get(
        reverse("operator:self_test_live", args=[message.pk]), headers={"If-None-Match": tag}
    )
    assert again.status_code == 304
    with account_scope(acme.pk):
        acknowledge(message=message, by="Alice", through="portal", at=now())
    after = operator.get(
        reverse("operator:self_test_live", args=[message.pk]), headers={"If-None-Match": tag}
    )
    assert after.status_code == 200
    shown = after.content.decode()
    assert "Acknowledged" in shown
    assert "hx-get" not in shown  # it asks no more


def test_a_callers_message_is_no_test(operator: Client, take: Any) -> None:
    message = take()
    for name in ("operator:self_test", "operator:self_test_live"):
        assert operator.get(reverse(name, args=[message.pk])).status_code == 404


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"account": "", "level": ""}, "Type the number of an account"),
        ({"account": "W9999", "level": ""}, "W9999"),
        ({"account": "W0411", "level": "Nights"}, "has no level “Nights”; it has Weekdays"),
        ({"account": "W0422", "level": ""}, "has no escalation level yet"),
        ({"account": "W0411\0", "level": "\0x"}, ""),
    ],
)
def test_a_test_that_cannot_be_sent_says_why(
    operator: Client,
    level: EscalationLevel,
    other: Account,
    form: dict[str, str],
    words: str,
) -> None:
    answer = operator.post(reverse("operator:self_tests"), form)
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_a_level_is_tested_by_the_clock(
    operator: Client, acme: Account, level: EscalationLevel
) -> None:
    from deskbell.oncall.models import SelfTest

    form = {"account": "W0411", "level": "", "every": "86400", "within": "600"}
    assert operator.post(reverse("operator:new_self_test"), form).status_code == 302
    with account_scope(acme.pk):
        test = SelfTest.objects.get()
    assert (test.level_id, test.every_seconds, test.within_seconds) == (level.pk, 86400, 600)
    assert "Every 24 hours" in operator.get(reverse("operator:self_tests")).content.decode()
    address = reverse("operator:remove_self_test", args=[test.pk])
    assert operator.get(address).status_code == 200
    operator.post(address)
    with account_scope(acme.pk):
        assert not SelfTest.objects.exists()
    assert operator.get(address).status_code == 404


def test_health_says_that_no_worker_runs(operator: Client) -> None:
    shown = operator.get(reverse("operator:health")).content.decode()
    assert "No worker runs" in shown
    assert "PostgreSQL" in shown
    live = operator.get(reverse("operator:health_live"))
    assert live.status_code == 200
    assert live.headers["Cache-Control"] == "private, no-cache"


def test_a_gateway_that_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from deskbell.portal.operator.health.gateways import ask
    from deskbell.portal.operator.health.parts import State, _gateway

    [gateway] = ask(("http://127.0.0.1:9",))
    part = _gateway(gateway)
    assert part.state == State.BAD
    assert "takes no calls" in part.words


def test_trunks_are_well_where_a_gateway_is_registered() -> None:
    from deskbell.portal.operator.health.gateways import Gateway
    from deskbell.portal.operator.health.parts import State, _trunks

    one = Gateway("http://a", {"trunks": {"north": "registered", "south": "403 Forbidden"}})
    two = Gateway("http://b", {"trunks": {"north": "no answer", "south": "403 Forbidden"}})
    north, south = _trunks([one, two, Gateway("http://c", error="gone")])
    assert (north.state, south.state) == (State.LOOK, State.BAD)
    assert "403 Forbidden" in south.words


def test_the_overview_counts_what_needs_somebody(
    operator: Client, fail: Callable[..., Delivery], acme: Account
) -> None:
    from deskbell.oncall.alarms import alarm

    fail()
    alarm("A message found nobody", "Message 7 of Acme", account_id=acme.pk)
    shown = operator.get(reverse("operator"))
    figures = {each.label: each for each in shown.context["figures"]}
    assert figures["Failed deliveries"].count == 1
    assert figures["Failed deliveries"].is_wanted
    assert not figures["Requests for access"].is_wanted
    text = shown.content.decode()
    assert "A message found nobody" in text
    assert reverse("system_health") in text


def test_old_alarms_go() -> None:
    from deskbell.oncall.alarms import KEPT, forget_alarms
    from deskbell.oncall.models import Alarm

    at = now()
    for age in (KEPT + timedelta(days=1), timedelta(days=1)):
        Alarm.objects.create(at=at - age, title="Something", text="It broke")
    assert forget_alarms(at) == 1
    assert Alarm.objects.count() == 1
