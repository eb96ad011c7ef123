"""A payment between its form and its confirm page: in the session, for a quarter of an hour.

It has the provider's token and no number. It is of one person in one account: whoever changes
either begins again.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from deskbell.billing.models import Method
from deskbell.billing.providers import Means
from deskbell.billing.rules.amounts import fee_of
from deskbell.foundation.errors import Conflict

from ...tenancy import PortalRequest

_KEY: Final = "paying"
LASTS: Final = timedelta(minutes=15)
BEGIN_AGAIN: Final = "That took too long, or was begun elsewhere anew; type it once more."


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be confirmed; `once` is what a second click on Pay carries again."""

    once: str
    account_id: int
    user_id: int
    method: str
    token: str = field(repr=False)
    last4: str
    brand: str
    holder: str
    cents: int
    automatic: bool
    made_at: str

    @property
    def means(self) -> Means:
        """The means, as the provider knows them."""
        return Means(Method(self.method), self.token, self.last4, self.brand, self.holder)

    @property
    def fee_cents(self) -> int:
        """The fee, in cents."""
        return fee_of(self.cents, is_card=self.method == Method.CARD)

    @property
    def total_cents(self) -> int:
        """What the payer's bank takes."""
        return self.cents + self.fee_cents


def keep(
    request: PortalRequest, means: Means, *, cents: int, automatic: bool, once: str, at: datetime
) -> None:
    """Keeps a draft, in place of the one before."""
    draft = Draft(
        once=once,
        account_id=request.account.pk,
        user_id=request.user.pk,
        method=str(means.method),
        token=means.token,
        last4=means.last4,
        brand=means.brand,
        holder=means.holder,
        cents=cents,
        automatic=automatic,
        made_at=at.isoformat(),
    )
    request.session[_KEY] = asdict(draft)


def draft_of(request: PortalRequest, at: datetime) -> Draft:
    """The person's draft in this account. Raises Conflict where there is none any more."""
    kept: dict[str, Any] | None = request.session.get(_KEY)
    if kept is None:
        raise Conflict(BEGIN_AGAIN)
    draft = Draft(**kept)
    is_theirs = (draft.account_id, draft.user_id) == (request.account.pk, request.user.pk)
    if not is_theirs or at - datetime.fromisoformat(draft.made_at) > LASTS:
        raise Conflict(BEGIN_AGAIN)
    return draft


def forget(request: PortalRequest) -> None:
    """The draft is a payment now, or is given up."""
    request.session.pop(_KEY, None)
