"""What one run of `apply` works with: what is there, what is to be, what has changed so far."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from deskbell.accounts.models import Account

from ..rules.plans import MenuPlan, Plan, SystemPlan


@dataclass(slots=True)
class Work:
    """One run, inside its transaction; `changed` are the sids of systems that callers hear change.

    `freed` are those whose numbers lead nowhere for a moment.
    """

    account: Account
    live: Plan
    plan: Plan
    at: datetime
    by: str
    changed: set[str] = field(default_factory=set)
    freed: set[str] = field(default_factory=set)

    @property
    def before(self) -> dict[str, SystemPlan]:
        """The systems that are there, by sid."""
        return {system.sid: system for system in self.live.systems}

    def rows(self, model: Any, sids: Iterable[str]) -> dict[str, Any]:
        """The account's rows of a model by sid; no query for no sids."""
        wanted = list(sids)
        if not wanted:
            return {}
        return {row.sid: row for row in model.objects.filter(account=self.account, sid__in=wanted)}

    def ids(self, model: Any) -> dict[str, int]:
        """The keys of all the account's rows of a model, by sid."""
        return dict(model.objects.filter(account=self.account).values_list("sid", "pk"))

    def new(self, model: Any, sid: str) -> Any:
        """A row that is not written yet."""
        made = {"created_by": self.by, "created_at": self.at, "updated_at": self.at}
        return model(account=self.account, sid=sid, **made)


def menus_of(plan: Plan) -> list[tuple[SystemPlan, MenuPlan]]:
    """All menus of a plan, each with its system."""
    return [(system, menu) for system in plan.systems for menu in system.menus]
