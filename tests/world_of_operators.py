"""What the operator's pages are about, for the tests of borders and rights."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from deskbell.accounts.actions import invite
from deskbell.accounts.models import AccessRequest, Account, User
from deskbell.billing.actions import add_plan, adjust, record_payment, subscribe
from deskbell.billing.models import BankFile, Method, Statement, StatementState
from deskbell.lines.actions import add_trunk
from deskbell.lines.vault import seal
from deskbell.platform.tenancy import account_scope

SECRET = "The vault opens at nine"


def operated(account: Account, member: User, operator: User, at: datetime) -> dict[str, str]:
    """A trunk, a plan that the account will have, a charge, a statement and a check of it, a bank's
    file, a request for access, somebody invited to the staff; their ids, and those of the account
    and a member, by their names in addresses."""
    trunk = add_trunk(name="carrier", addresses=["192.0.2.7"], at=at)
    plan = add_plan(name=SECRET, base_cents=4900, overage_cents=95, at=at)
    with account_scope(account.pk):
        day = at.date() + timedelta(days=3650)
        given = subscribe(account=account, plan=plan, begins_on=day, by=operator, at=at)
        charge = adjust(account=account, cents=600, words=SECRET, by=operator, at=at)
        statement = Statement.objects.create(
            account=account,
            number=f"{account.number}-2026-01",
            month=date(2026, 1, 1),
            state=StatementState.ISSUED,
            total_cents=0,
            checked_cents=0,
            due_on=at.date(),
            issued_at=at,
            made_at=at,
        )
        payment = record_payment(
            account=account,
            method=Method.CHECK,
            cents=600,
            words=SECRET,
            once="world",
            by=operator,
            at=at,
        )
    file = BankFile.objects.create(
        number=account.pk,
        name="ach.txt",
        content=seal(SECRET),
        effective_on=at.date(),
        entries=1,
        total_cents=600,
        entry_hash="0" * 10,
        created_at=at,
    )
    asked = AccessRequest.objects.create(
        name=SECRET, email="new@example.com", company=SECRET, address="192.0.2.9", created_at=at
    )
    invited = invite(
        email="joins@example.com", name=SECRET, staff="receptionist", by=operator, at=at
    )
    return {
        "account_id": str(account.pk),
        "user_id": str(member.pk),
        "trunk_id": str(trunk.pk),
        "plan_id": str(plan.pk),
        "subscription_id": str(given.pk),
        "adjustment_id": str(charge.pk),
        "statement_id": str(statement.pk),
        "reference": str(payment.reference),
        "bank_file_id": str(file.pk),
        "request_id": str(asked.pk),
        "staff_invitation_id": str(invited.pk),
        "test_id": "1",  # of a message that was never sent
    }
