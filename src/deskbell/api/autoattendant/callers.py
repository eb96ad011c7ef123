"""A caller: a person, the enterprises it reaches, and what it may do in each.

A person in several accounts reaches all of them: `enterpriseSid` chooses, a sid finds its own.
What a caller does not reach is answered exactly as what does not exist.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Q, QuerySet

from deskbell import audit
from deskbell.accounts.errors import AccountNotFound, Named
from deskbell.accounts.models import Account, Owned, Staff, User
from deskbell.accounts.queries import account_by_sid, rights_in
from deskbell.accounts.rules import Right
from deskbell.foundation.errors import NotAllowed
from deskbell.platform.tenancy import account_scope, system_scope

from .codes import Missing

Row = TypeVar("Row", bound=Owned)
# What BG_ADMIN may do and AA_ADMIN may not, beside changing extensions (seed 002, "Users", "RCML").
ENTERPRISE_ADMIN: Final = Right.USERS
ATTENDANT: Final = Right.ATTENDANT


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks. `rights` by account id; what an operator may is the same in all of them."""

    user: User
    rights: Mapping[int, frozenset[Right]]

    @property
    def is_operator(self) -> bool:
        """Whether every enterprise is within reach."""
        return self.user.staff == Staff.OPERATOR

    @property
    def reaches_something(self) -> bool:
        """Whether there is an enterprise whose attendant this person may edit."""
        return self.is_operator or bool(self.rights)

    def may(self, right: Right, account_id: int) -> bool:
        """Whether the caller has a right in an account."""
        return self.is_operator or right in self.rights.get(account_id, ())

    def may_somewhere(self, right: Right) -> bool:
        """Whether the caller has a right in one account at least."""
        return self.is_operator or any(right in held for held in self.rights.values())

    def check(self, right: Right, account_id: int) -> None:
        """Raises NotAllowed where the caller lacks a right in an account."""
        if not self.may(right, account_id):
            raise NotAllowed("Another role may do this in this enterprise")

    def reach(self, path: str = "account_id", right: Right = ATTENDANT) -> Q:
        """The condition that keeps rows to the accounts in which the caller has a right."""
        if self.is_operator:
            return Q()
        return Q(**{f"{path}__in": [pk for pk in self.rights if self.may(right, pk)]})

    def account(self, sid: str) -> Account:
        """The enterprise of a sid. Raises AccountNotFound, also for one out of reach."""
        if "\0" in sid:
            raise AccountNotFound("There is no such enterprise", sid=sid)
        found = account_by_sid(sid)
        if not self.is_operator and found.pk not in self.rights:
            raise AccountNotFound("There is no such enterprise", sid=sid)
        return found

    def chosen(self, sid: str | None, right: Right) -> Account:
        """The enterprise that something new belongs to: the one named, else the only one.

        Raises AccountNotFound, NotAllowed, and Missing where there are several to choose from.
        """
        if sid:
            found = self.account(sid)
        elif self.is_operator or len(self.rights) != 1:
            raise Missing("enterpriseSid says which enterprise is meant", field="enterpriseSid")
        else:
            found = Account.objects.get(pk=next(iter(self.rights)))
        self.check(right, found.pk)
        audit.note_here(account_id=found.pk)
        return found

    def narrowed(self, sid: str | None, path: str = "account_id") -> Q:
        """The condition of a list: the enterprise named, else all within reach."""
        return Q(**{path: self.account(sid).pk}) if sid else self.reach(path)

    def one(
        self, model: type[Row], sid: str, missing: type[Named], right: Right = ATTENDANT
    ) -> Row:
        """The row of a sid, in whatever account it is; needs a system scope.

        Raises `missing`, also for one out of reach, and NotAllowed without `right` there.
        """
        clean = sid.strip()
        found = None if "\0" in clean else rows_of(model).filter(self.reach(), sid=clean).first()
        if found is None:
            raise missing("There is no such thing", sid=clean)
        self.check(right, found.account_id)
        return found

    @contextmanager
    def opened(
        self,
        model: type[Row],
        sid: str,
        missing: type[Named],
        *,
        right: Right = ATTENDANT,
        enterprise: str | None = None,
    ) -> Iterator[Row]:
        """The row of a sid, and inside the scope of its account.

        Raises as `one` does, also where somebody deletes it meanwhile, and AccountNotFound where
        `enterprise` names another account.
        """
        with system_scope("a sid finds its own account"):
            found = self.one(model, sid, missing, right)
        self.check_enterprise(enterprise, found.account)
        with account_scope(found.account_id):
            audit.note_here(account_id=found.account_id)
            try:
                with audit.touching(found):
                    yield found
            except ObjectDoesNotExist as error:
                raise missing("There is no such thing any more", sid=sid.strip()) from error

    def check_enterprise(self, sid: str | None, account: Account) -> None:
        """Raises AccountNotFound where a body's enterpriseSid is not that of its row."""
        if sid and sid != account.sid:
            raise AccountNotFound("There is no such enterprise here", sid=sid)


def caller_of(user: User) -> Caller:
    """The caller that a person is; one query, none for staff."""
    rights: dict[int, frozenset[Right]] = {}
    if not user.is_staff_member:
        held = {each.account_id: rights_in(each) for each in user.memberships.all()}
        rights = {account: each for account, each in held.items() if ATTENDANT in each}
    return Caller(user, rights)


def rows_of(model: type[Row]) -> QuerySet[Row]:
    """A model's rows with their accounts; needs a scope."""
    found: QuerySet[Any] = model._default_manager.select_related("account")
    return found
