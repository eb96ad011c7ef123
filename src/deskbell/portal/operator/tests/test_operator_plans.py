"""The operator's plans: prices as they are typed, and who has them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from deskbell.accounts.models import Account
from deskbell.billing.actions import add_plan, edit_plan, subscribe
from deskbell.billing.models import Plan
from deskbell.foundation.clock import now
from deskbell.platform.tenancy import account_scope

pytestmark = pytest.mark.django_db
NEW = {
    "name": "Standard 100",
    "base": "$1,249.50",
    "included_minutes": "100",
    "overage": "0.95",
    "increment": "30",
}


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.fixture
def plan(at: datetime) -> Plan:
    return add_plan(name="Standard 100", base_cents=4900, overage_cents=95, at=at)


def test_a_plan_is_added(operator: Client) -> None:
    assert operator.post("/operator/plans/new/", NEW).status_code == 302
    kept = Plan.objects.get()
    assert (kept.base_cents, kept.overage_cents, kept.included_minutes) == (124950, 95, 100)
    assert (kept.increment_seconds, kept.is_offered) == (30, True)
    listed = text_of(operator.get("/operator/plans/"))
    assert "$1,249.50" in listed
    assert "Half a minute" in text_of(operator.get("/operator/plans/?format=csv"))


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", ""),
        ("name", "x" * 101),
        ("base", ""),
        ("base", "-1"),
        ("base", "49.999"),
        ("base", "many"),
        ("base", "100000.01"),
        ("base", "NaN"),
        ("overage", "1e3"),
        ("included_minutes", ""),
        ("included_minutes", "-1"),
        ("included_minutes", "1000001"),
        ("included_minutes", "1.5"),
        ("increment", ""),
        ("increment", "1"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    operator: Client, field: str, typed: str
) -> None:
    answer = operator.post("/operator/plans/new/", {**NEW, field: typed})
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    assert not Plan.objects.exists()


def test_a_name_in_use_stands_beside_its_field(operator: Client, plan: Plan) -> None:
    answer = operator.post("/operator/plans/new/", {**NEW, "name": "STANDARD 100"})
    assert "already" in answer.context["form"].errors["name"][0]


def test_an_edit_says_whom_it_touches(operator: Client, plan: Plan, acme: Account) -> None:
    url = f"/operator/plans/{plan.pk}/"
    assert "No account has it now" in text_of(operator.get(url))
    with account_scope(acme.pk):
        day = now().date() - timedelta(days=1)
        subscribe(account=acme, plan=plan, begins_on=day, by=None, at=now())
    page = operator.get(url)
    assert "1 account has it now" in text_of(page)
    form = {**NEW, "base": "59", "seen": page.context["form"].initial["seen"]}
    assert operator.post(url, form).status_code == 302
    plan.refresh_from_db()
    assert plan.base_cents == 5900


def test_of_two_operators_the_second_is_told_the_price_as_it_is_typed(
    operator: Client, plan: Plan
) -> None:
    url = f"/operator/plans/{plan.pk}/"
    mark = operator.get(url).context["form"].initial["seen"]
    edit_plan(plan=plan, base_cents=6900)
    told = operator.post(url, {**NEW, "base": "59", "seen": mark})
    assert told.status_code == 409
    assert "69.00" in text_of(told)
    plan.refresh_from_db()
    assert plan.base_cents == 6900
    same = {**NEW, "base": "69", "seen": mark}  # what somebody else saved is what one wants
    assert not operator.post(url, same).context["form"].saved.get("base")


def test_a_plan_is_withdrawn_offered_again_and_removed(
    operator: Client, plan: Plan, acme: Account
) -> None:
    url = f"/operator/plans/{plan.pk}/"
    with account_scope(acme.pk):
        subscribe(account=acme, plan=plan, begins_on=now().date(), by=None, at=now())
    operator.post(f"{url}withdraw/")
    plan.refresh_from_db()
    assert not plan.is_offered
    assert "Withdrawn" in text_of(operator.get("/operator/plans/"))
    operator.post(f"{url}withdraw/")
    plan.refresh_from_db()
    assert plan.is_offered
    assert "statements name it" in text_of(operator.get(f"{url}remove/"))
    operator.post(f"{url}remove/")
    assert Plan.objects.filter(pk=plan.pk).exists()
    unused = add_plan(name="Unused", base_cents=0, overage_cents=0, at=now())
    operator.post(f"/operator/plans/{unused.pk}/remove/")
    assert list(Plan.objects.all()) == [plan]
