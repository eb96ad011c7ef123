"""The mail about a statement: a link to it, and no amount."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from deskbell.accounts.models import Role, User, UserStatus
from deskbell.accounts.rules import Right
from deskbell.billing.models import Statement
from deskbell.platform.jobs import job
from deskbell.platform.tenancy import account_scope

from ...mails import address_of, send


@job("portal.send_statement")
def send_statement(*, account_id: int, statement_id: int) -> None:
    """Tells everybody who manages the account that there is a statement."""
    with account_scope(account_id):
        rows = Statement.objects.select_related("account")
        statement = rows.filter(pk=statement_id).first()
    if statement is None:
        return
    for person in managers(account_id):
        send(
            person.email,
            f"Statement {statement.number} for {statement.account.name}",
            "portal/notices/statement.txt",
            person=person,
            statement=statement,
            url=address_of("billing:statement", statement.pk),
        )


def managers(account_id: int) -> QuerySet[User]:
    """The account's people who may sign in and see its bills."""
    may = Q(memberships__role=Role.BG_ADMIN)
    may |= Q(memberships__accesses__contains=[Right.ACCOUNT_MANAGEMENT])
    theirs = Q(memberships__account_id=account_id)
    return User.objects.filter(theirs & may, status=UserStatus.ACTIVE).order_by("pk")
