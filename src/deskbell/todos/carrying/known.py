"""What is asked once for all runs that are sent together: senders, reach, and who said STOP."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from deskbell.accounts.models import Account
from deskbell.delivery import texting
from deskbell.foundation.errors import Refused
from deskbell.foundation.numbers import to_e164
from deskbell.lines.queries import reach_of

from ..models import DeliveryType, Run, ToDo


class Known:
    """Answers about some runs, each found when it is first asked for."""

    def __init__(self, runs: Iterable[Run]) -> None:
        self._texted: dict[int, set[str]] = defaultdict(set)
        for run in runs:
            if run.to_do.delivery_type == DeliveryType.SMS:
                self._texted[run.account_id].add(number_of(run.to_do))
        self._senders: dict[int, str] = {}
        self._forbidden: dict[int, frozenset[str]] = {}
        self._stopped: dict[int, Collection[tuple[str, str]]] = {}

    def sender_of(self, to_do: ToDo) -> str:
        """The number (E.164) that it names, else the account's first; empty where that has none.

        Raises Refused where the account no longer has the number, or nothing can come from it.
        """
        if not to_do.from_number:
            return self._first_number(to_do.account)
        if to_do.phone is None:
            raise Refused(f"The account no longer has the number {to_do.from_number}")
        if not to_do.phone.e164:
            raise Refused(
                f"{to_do.from_number} is not a whole phone number; nothing can come from it"
            )
        return to_do.phone.e164

    def may_text(self, account: Account, to: str) -> bool:
        """Whether the account may reach one of the numbers that the runs text."""
        if account.pk not in self._forbidden:
            numbers = self._texted[account.pk]
            self._forbidden[account.pk] = reach_of(account, numbers).forbidden
        return to not in self._forbidden[account.pk]

    def wants_none(self, account: Account, *, ours: str, theirs: str) -> bool:
        """Whether one of the numbers that the runs text answered STOP to one of the account's."""
        if account.pk not in self._stopped:
            self._stopped[account.pk] = texting.stopped_pairs(self._texted[account.pk])
        return (ours, theirs) in self._stopped[account.pk]

    def _first_number(self, account: Account) -> str:
        if account.pk not in self._senders:
            found = texting.sender_of(account_id=account.pk, region=account.country)
            self._senders[account.pk] = found
        return self._senders[account.pk]


def number_of(to_do: ToDo) -> str:
    """The contact's number in E.164; empty where it is none."""
    return to_e164(to_do.contact, region=to_do.account.country)
