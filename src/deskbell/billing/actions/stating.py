"""Drawing up the statements of some accounts: read together, summed twice, written together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import Sum

from deskbell.accounts.models import Account
from deskbell.calls.queries import BilledDay, billed, billed_from_calls
from deskbell.foundation.environment import environment

from ..hooks import StatementEvent, statement_issued
from ..models import Adjustment, LineKind, Statement, StatementLine, StatementState, Subscription
from ..queries.balances import balances
from ..rules.lines import Line, adjustment_line, plan_lines, put_right_lines
from ..rules.months import Terms, last_day_of, month_before, stretches
from ..rules.second_sum import second_sum
from .adjustments import put_on

# Usage of a day still changes where a call was written late; months before these are over.
MONTHS_PUT_RIGHT: Final = 2
_LINE_FIELDS: Final = [each.name for each in fields(Line)]
_USAGE: Final = (LineKind.OVERAGE, LineKind.PUT_RIGHT)


@dataclass(frozen=True, slots=True)
class Made:
    """How many statements were made, and how many of them are held."""

    done: int = 0
    held: int = 0


@dataclass(frozen=True, slots=True)
class Facts:
    """What statements of a month are made of, by the account's id; `used` and `called` are the
    same usage by the two ways."""

    month: date
    plans: Mapping[int, list[tuple[date, Terms]]]
    used: Mapping[int, list[BilledDay]]
    called: Mapping[int, list[BilledDay]]
    stated: Mapping[int, list[Line]]
    adjustments: Mapping[int, list[Adjustment]]
    adjusted_cents: Mapping[int, int]
    owed: Mapping[int, int]


def state(account_ids: Sequence[int], month: date, at: datetime) -> Made:
    """Makes and issues the accounts' statements for a month, but for those that have one.

    Where the second sum is another, the statement is held. Locks the accounts; needs a transaction
    and a system scope. Fires `statement_issued` for all together.
    """
    locked = Account.objects.select_for_update(no_key=True).filter(pk__in=account_ids)
    accounts = {each.pk: each for each in locked.order_by("pk")}
    have = Statement.objects.filter(account_id__in=accounts, month=month)
    for account_id in have.values_list("account_id", flat=True):
        del accounts[account_id]
    if not accounts:
        return Made()
    facts = _read(list(accounts), month)
    taken = _numbers_taken(accounts.values(), month)
    drawn = {each.pk: _lines(facts, each.pk) for each in accounts.values()}
    made = [
        _statement(account, drawn[account.pk], facts, at, taken=taken)
        for account in accounts.values()
        if drawn[account.pk]
    ]
    issued = [each for each in made if each.state == StatementState.ISSUED]
    _write(made, drawn)
    for statement in issued:
        if adjustments := facts.adjustments.get(statement.account_id):
            put_on(statement, adjustments)
    statement_issued.fire(*(StatementEvent(each.account_id, each.pk, at) for each in issued))
    return Made(len(made), len(made) - len(issued))


def _read(ids: list[int], month: date) -> Facts:
    since = month
    for _ in range(MONTHS_PUT_RIGHT):
        since = month_before(since)
    until = last_day_of(month)
    waiting = Adjustment.objects.filter(account_id__in=ids, statement=None)
    sums = waiting.order_by().values_list("account_id").annotate(Sum("cents"))
    return Facts(
        month=month,
        plans=_plans(ids, until),
        used=billed(ids, since, until),
        called=billed_from_calls(ids, since, until),
        stated=_stated(ids, since, month),
        adjustments=_by_account(waiting.order_by("created_at", "pk")),
        adjusted_cents=dict(sums),
        owed=balances(ids),
    )


def _plans(ids: list[int], until: date) -> dict[int, list[tuple[date, Terms]]]:
    rows = Subscription.objects.filter(account_id__in=ids, begins_on__lte=until)
    names = [each.name for each in fields(Terms)]
    found: dict[int, list[tuple[date, Terms]]] = defaultdict(list)
    for row in rows.select_related("plan").order_by("begins_on"):
        terms = Terms(**{name: getattr(row.plan, name) for name in names})
        found[row.account_id].append((row.begins_on, terms))
    return found


def _stated(ids: list[int], since: date, month: date) -> dict[int, list[Line]]:
    rows = StatementLine.objects.filter(
        account_id__in=ids,
        kind__in=_USAGE,
        first_day__gte=since,
        last_day__lt=month,
        statement__state=StatementState.ISSUED,
    )
    found: dict[int, list[Line]] = defaultdict(list)
    for row in rows.order_by("pk").values("account_id", *_LINE_FIELDS):
        found[row.pop("account_id")].append(Line(**row))
    return found


def _by_account(rows: Iterable[Adjustment]) -> dict[int, list[Adjustment]]:
    found: dict[int, list[Adjustment]] = defaultdict(list)
    for row in rows:
        found[row.account_id].append(row)
    return found


def _lines(facts: Facts, account_id: int) -> list[Line]:
    used = facts.used.get(account_id, [])
    adjustments = facts.adjustments.get(account_id, [])
    held = stretches(facts.plans.get(account_id, []), facts.month)
    return [
        *plan_lines(held, used),
        *put_right_lines(facts.stated.get(account_id, []), used),
        *(adjustment_line(each.words, each.cents) for each in adjustments),
    ]


def _statement(
    account: Account, lines: Sequence[Line], facts: Facts, at: datetime, *, taken: set[str]
) -> Statement:
    total = sum(each.amount_cents for each in lines)
    checked = second_sum(
        facts.plans.get(account.pk, []),
        facts.month,
        facts.called.get(account.pk, []),
        facts.stated.get(account.pk, []),
        facts.adjusted_cents.get(account.pk, 0),
    )
    is_right = total == checked
    today = at.astimezone(ZoneInfo(account.time_zone)).date()
    number = _number(account, facts.month)
    return Statement(
        account=account,
        number=f"{number}-{account.pk}" if number in taken else number,
        month=facts.month,
        state=StatementState.ISSUED if is_right else StatementState.HELD,
        total_cents=total,
        checked_cents=checked,
        balance_before_cents=facts.owed[account.pk],
        due_on=today + timedelta(days=environment().billing.due_days),
        issued_at=at if is_right else None,
        made_at=at,
    )


def _write(made: list[Statement], drawn: Mapping[int, list[Line]]) -> None:
    Statement.objects.bulk_create(made)
    StatementLine.objects.bulk_create(
        StatementLine(
            account_id=statement.account_id, statement=statement, position=n, **asdict(line)
        )
        for statement in made
        for n, line in enumerate(drawn[statement.account_id], 1)
    )


def _number(account: Account, month: date) -> str:
    return f"{account.number}-{month:%Y-%m}"


def _numbers_taken(accounts: Iterable[Account], month: date) -> set[str]:
    """Those that another account has, which bore the number before."""
    numbers = [_number(each, month) for each in accounts]
    return set(Statement.objects.filter(number__in=numbers).values_list("number", flat=True))
