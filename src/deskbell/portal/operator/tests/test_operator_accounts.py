"""The operator's accounts: all of them, opened, edited, given a plan."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from deskbell.accounts.actions import add_number, add_user, join, open_account
from deskbell.accounts.models import AccessRequest, Account, Invitation, PhoneNumber, User
from deskbell.billing.actions import add_plan, withdraw_plan
from deskbell.billing.models import Plan, Subscription
from deskbell.foundation.clock import now
from deskbell.lines.models import Limits
from deskbell.platform.tenancy import account_scope, system_scope

pytestmark = pytest.mark.django_db
NEW = {
    "number": "W0500",
    "name": "Corner Bakery",
    "client_id": "500",
    "time_zone": "Europe/Berlin",
    "country": "DE",
}


@pytest.fixture
def plan(at: datetime) -> Plan:
    return add_plan(name="Standard", base_cents=4900, overage_cents=95, at=at)


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def sent(page: Client, url: str, **changed: object) -> dict[str, Any]:
    """What the form at an address would send, with some of it changed."""
    form = page.get(url).context["form"]
    shown = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    whole = {
        name: value for name, value in {**shown, **changed}.items() if value not in (None, False)
    }
    return {**whole, "seen": form.initial.get("seen", "")}


def test_the_first_account_of_all_is_opened(client: Client, olivia: User) -> None:
    client.force_login(olivia)
    for url in ("/operator/accounts/", "/operator/numbers/", "/operator/people/"):
        assert client.get(url).status_code == 200
    lost = client.get("/")
    assert lost.status_code == 403
    assert "/operator/accounts/new/" in text_of(lost)
    made = client.post("/operator/accounts/new/", NEW, follow=True)
    assert made.status_code == 200
    assert "Corner Bakery is open" in text_of(made)
    account = Account.objects.get()
    assert (account.number, account.country, account.time_zone) == ("W0500", "DE", "Europe/Berlin")
    assert client.get("/").status_code == 200


def test_a_client_without_an_account_is_not_let_in(client: Client, db: None, at: datetime) -> None:
    client.force_login(add_user(email="new@example.com", name="", password=None, at=at))
    assert client.get("/operator/accounts/").status_code == 403
    assert "belong to no account" in text_of(client.get("/"))


def test_an_account_is_opened_with_its_plan_and_administrator(
    operator: Client, olivia: User, plan: Plan
) -> None:
    form = {**NEW, "plan": plan.pk, "email": "owner@bakery.example", "person": "Owner"}
    assert operator.post("/operator/accounts/new/", form).status_code == 302
    account = Account.objects.get(number="W0500")
    invited = Invitation.objects.get()
    assert (invited.account, invited.email, invited.role) == (
        account,
        "owner@bakery.example",
        "BG_ADMIN",
    )
    with account_scope(account.pk):
        given = Subscription.objects.get()
    assert (given.plan, given.created_by) == (plan, olivia.email)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("number", ""),
        ("number", "   "),
        ("number", "W" * 17),
        ("number", "w0411"),  # Acme's
        ("number", "W0\x00500"),
        ("name", ""),
        ("name", "x" * 201),
        ("client_id", "x" * 17),
        ("time_zone", ""),
        ("time_zone", "posixrules"),
        ("time_zone", "Mars/Olympus"),
        ("time_zone", "../../etc/passwd"),
        ("country", "XX"),
        ("country", "us"),
        ("plan", "1"),
        ("plan", "x"),
        ("email", "nobody"),
        ("email", "a@b\0.example"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    operator: Client, field: str, typed: str
) -> None:
    before = Account.objects.count()
    answer = operator.post("/operator/accounts/new/", {**NEW, field: typed})
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    assert Account.objects.count() == before
    assert not Invitation.objects.exists()


def test_a_plan_that_was_withdrawn_meanwhile_opens_nothing(operator: Client, plan: Plan) -> None:
    withdraw_plan(plan=plan)
    assert operator.post("/operator/accounts/new/", {**NEW, "plan": plan.pk}).status_code == 422
    assert Account.objects.count() == 1


def test_all_of_an_account_is_edited(operator: Client, acme: Account) -> None:
    url = f"/operator/accounts/{acme.pk}/edit/"
    form = sent(operator, url, **NEW, calls_out="3", prefixes="+1 +44, +1; +4989")
    assert operator.post(url, form).status_code == 302
    acme.refresh_from_db()
    assert {name: getattr(acme, name) for name in NEW} == NEW
    with account_scope(acme.pk):
        limits = Limits.objects.get()
    assert (limits.prefixes, limits.calls_out) == (["+1", "+44", "+4989"], 3)
    page = text_of(operator.get(f"/operator/accounts/{acme.pk}/"))
    assert "+1, +44, +4989, 3 at once" in page
    operator.post(url, sent(operator, url, requires_mfa="on"))
    acme.refresh_from_db()
    assert acme.requires_mfa


def test_an_account_may_call_nobody_and_then_what_all_may(operator: Client, acme: Account) -> None:
    url = f"/operator/accounts/{acme.pk}/edit/"
    operator.post(url, sent(operator, url, calls_nowhere="on"))
    with account_scope(acme.pk):
        assert Limits.objects.get().prefixes == []
    form = sent(operator, url)
    assert form["calls_nowhere"] is True
    del form["calls_nowhere"]
    assert operator.post(url, form).status_code == 302
    with account_scope(acme.pk):
        assert Limits.objects.get().prefixes is None


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("prefixes", "1"),
        ("prefixes", "+1x"),
        ("prefixes", ", ".join(f"+{n}" for n in range(1000, 1101))),
        ("calls_out", "-1"),
        ("calls_out", "10001"),
        ("calls_out", "many"),
        ("number", ""),
    ],
)
def test_limits_that_cannot_be_are_refused(
    operator: Client, acme: Account, field: str, typed: str
) -> None:
    url = f"/operator/accounts/{acme.pk}/edit/"
    answer = operator.post(url, sent(operator, url, **{field: typed}))
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    acme.refresh_from_db()
    assert acme.number == "W0411"


def test_of_two_operators_the_second_is_told(operator: Client, acme: Account) -> None:
    url = f"/operator/accounts/{acme.pk}/edit/"
    first, second = sent(operator, url, name="Acme Teeth"), sent(operator, url, name="Acme Smiles")
    assert operator.post(url, first).status_code == 302
    told = operator.post(url, second)
    assert told.status_code == 409
    assert "Acme Teeth" in text_of(told)
    acme.refresh_from_db()
    assert acme.name == "Acme Teeth"
    second["seen"] = told.context["form"].data["seen"]
    assert operator.post(url, second).status_code == 302
    acme.refresh_from_db()
    assert acme.name == "Acme Smiles"


def test_limits_that_somebody_else_set_meanwhile_count_too(operator: Client, acme: Account) -> None:
    url = f"/operator/accounts/{acme.pk}/edit/"
    form = sent(operator, url, name="Acme Teeth")
    with account_scope(acme.pk):
        Limits.objects.create(account=acme, prefixes=[], calls_out=1)
    assert operator.post(url, form).status_code == 409


def test_accounts_are_found_by_what_one_knows_of_them(
    operator: Client, acme: Account, other: Account, acme_number: PhoneNumber
) -> None:
    for words in ("w0411", "dental acme", "555-0142", "(212) 555-0142", "New_York"):
        found = operator.get("/operator/accounts/", {"q": words}).context["list"]
        assert [row.account for row in found.rows] == [acme], words
    assert operator.get("/operator/accounts/", {"q": "zebra"}).status_code == 200
    for hostile in ("\0", "%", "_", "'", '"', "\\", "x" * 5000, "💥"):
        assert operator.get("/operator/accounts/", {"q": hostile}).status_code == 200


@pytest.mark.parametrize(
    "sort", ["number", "name", "client", "zone", "numbers", "people", "opened", "no such"]
)
def test_accounts_are_sorted_both_ways(
    operator: Client, acme: Account, other: Account, alice: User, sort: str
) -> None:
    orders = [
        [row.account.pk for row in answer.context["list"].rows]
        for answer in (
            operator.get("/operator/accounts/", {"sort": sort, "dir": way})
            for way in ("asc", "desc")
        )
    ]
    assert sorted(orders[0]) == sorted(orders[1]) == sorted([acme.pk, other.pk])


def test_a_name_that_is_a_formula_leaves_as_text(operator: Client, acme: Account) -> None:
    Account.objects.update(name="=cmd|' /C calc'!A0")
    table = text_of(operator.get("/operator/accounts/?format=csv"))
    assert "'=cmd" in table
    assert "W0411" in table


@pytest.mark.parametrize("page", ["accounts", "numbers", "people/?show=everyone&x=", "requests"])
def test_many_cost_as_many_queries_as_few(
    operator: Client, acme: Account, acme_number: PhoneNumber, at: datetime, page: str
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert operator.get(f"/operator/{page}/").status_code == 200
        return len(queries)

    grow(0, at)
    operator.get(f"/operator/{page}/")
    few = asked()
    for index in range(1, 12):
        grow(index, at)
    assert asked() <= few


def grow(index: int, at: datetime) -> None:
    """One more account, with a number and a member, and somebody who asks for access."""
    made = open_account(number=f"X{index:04}", name=f"Client {index}", time_zone="UTC", at=at)
    with account_scope(made.pk):
        add_number(account=made, number=f"+1 212 555 1{index:03}", at=at)
    user = add_user(email=f"u{index}@example.com", name="", password=None, at=at)
    join(user=user, account=made)
    AccessRequest.objects.create(
        name="New", email=f"n{index}@example.com", address="192.0.2.9", created_at=at
    )


def test_a_long_list_has_pages(operator: Client, acme: Account, at: datetime) -> None:
    for index in range(60):
        open_account(number=f"X{index:04}", name=f"Client {index}", time_zone="UTC", at=at)
    page = operator.get("/operator/accounts/", {"page": 2})
    assert (page.context["list"].first, page.context["list"].total) == (51, 61)
    assert operator.get("/operator/accounts/", {"page": 10**30}).status_code == 200


def test_a_plan_is_given_from_a_day_on_and_taken_back(
    operator: Client, acme: Account, plan: Plan
) -> None:
    url = f"/operator/accounts/{acme.pk}/plan/"
    today = now().date()
    for day in (today - timedelta(days=2), today + timedelta(days=30)):
        form = {"plan": plan.pk, "begins_on": day.isoformat()}
        assert operator.post(url, form).status_code == 302
    with system_scope("test"):
        coming, begun = Subscription.objects.order_by("-begins_on")
    page = text_of(operator.get(url))
    assert f"/plan/{coming.pk}/take-back/" in page
    assert f"/plan/{begun.pk}/take-back/" not in page
    assert "Take back Standard?" in text_of(operator.get(f"{url}{coming.pk}/take-back/"))
    for given in (begun, coming):  # what has begun stays, whoever posts
        operator.post(f"{url}{given.pk}/take-back/")
    with system_scope("test"):
        assert list(Subscription.objects.all()) == [begun]
    assert operator.post(f"{url}{coming.pk}/take-back/").status_code == 404


@pytest.mark.parametrize(
    "day", ["", "never", "2026-02-30", "1899-01-01", "9999-12-31", "03/04/2026x", "\0"]
)
def test_a_day_that_is_none_gives_no_plan(
    operator: Client, acme: Account, plan: Plan, day: str
) -> None:
    url = f"/operator/accounts/{acme.pk}/plan/"
    answer = operator.post(url, {"plan": plan.pk, "begins_on": day})
    assert answer.status_code == 422
    assert answer.context["form"].errors["begins_on"]


def test_a_subscription_of_another_account_is_not_taken_back(
    operator: Client, acme: Account, other: Account, plan: Plan
) -> None:
    coming = (now().date() + timedelta(days=30)).isoformat()
    operator.post(f"/operator/accounts/{acme.pk}/plan/", {"plan": plan.pk, "begins_on": coming})
    with system_scope("test"):
        given = Subscription.objects.get()
    url = f"/operator/accounts/{other.pk}/plan/{given.pk}/take-back/"
    assert operator.post(url).status_code == 404


def test_one_works_in_the_account_that_one_looks_at(
    operator: Client, acme: Account, other: Account
) -> None:
    page = text_of(operator.get(f"/operator/accounts/{other.pk}/"))
    assert f'name="account" value="{other.pk}"' in page
    operator.post("/account/", {"account": other.pk})
    assert "You work in it now" in text_of(operator.get(f"/operator/accounts/{other.pk}/"))


@pytest.mark.parametrize("path", ["", "edit/", "plan/"])
def test_an_account_that_is_none_is_not_found(operator: Client, path: str) -> None:
    for guess in (0, 987654321, 10**30):
        assert operator.get(f"/operator/accounts/{guess}/{path}").status_code == 404
