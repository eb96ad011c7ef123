"""How long a month's statements take for 10,000 accounts, each summed twice, and how much memory.

Each account has a plan and calls on three days of four; the second sum reads every call again. A
second run finds all made and does nothing.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from datetime import UTC, date, datetime
from importlib import import_module

from peers.report import heading, record
from peers.site import site

MONTH = date(2026, 10, 1)
AT = datetime(2026, 11, 2, tzinfo=UTC)
CALLS = 30
HEAD = (
    "| accounts | calls | statements | a second | seconds | memory before, after | second run |\n"
    "|--:|--:|--:|--:|--:|--:|--:|"
)
_FILL = """
INSERT INTO calls_call (account_id, sid, call_type, status, caller_id, caller_name, number_dialed,
    agent_id, agent_name, skill_id, skill_name, started_at, ended_at, who_hung_up, connection_sec,
    ivr_sec, wait_sec, talk_sec, hold_sec, transfer_sec, wrap_sec, conference_sec,
    conference_talk_sec, is_orphaned, quality, gateway, stage, counts_for, counted_on)
SELECT account.id, 'CA' || md5(account.id || '-' || n), 'InboundCall', 'completed',
    '+16465550123', '', '+12125550142', CASE WHEN n %% 2 = 0 THEN 1 + n %% 4 END, '', '', '',
    at, at + interval '3 minutes', 'caller', 20 + (n * account.id) %% 400, 10 + n %% 20, n %% 10,
    CASE WHEN n %% 2 = 0 THEN n %% 130 ELSE 0 END, 0, 0, 0, 0, 0, false, '{}', '', '',
    '+12125550142', at::date
FROM accounts_account AS account, generate_series(1, %(calls)s) AS n, LATERAL
    (SELECT %(month)s::timestamptz + (n * 23 %% 30) * interval '1 day' AS at) AS moment
"""


def fill(accounts: int) -> None:
    """The accounts with their plans and a month of calls, whose usage is counted."""
    from django.db import connection

    from deskbell.accounts.models import Account
    from deskbell.billing.actions import add_plan
    from deskbell.billing.models import Subscription
    from deskbell.platform.tenancy import system_scope

    count = import_module("deskbell.calls.migrations.0008_usage_by_kind_and_receptionist")
    plans = [
        add_plan(
            name=f"Plan {seconds}",
            base_cents=12900,
            included_minutes=60,
            overage_cents=125,
            increment_seconds=seconds,
            at=AT,
        )
        for seconds in (30, 60)
    ]
    made = Account.objects.bulk_create(
        Account(number=f"B{n}", name=f"Account {n}", time_zone="America/New_York", created_at=AT)
        for n in range(accounts)
    )
    with system_scope("the bench fills all accounts"):
        Subscription.objects.bulk_create(
            Subscription(account=each, plan=plans[n % 2], begins_on=MONTH, created_at=AT)
            for n, each in enumerate(made)
        )
    with connection.cursor() as cursor:
        cursor.execute(_FILL, {"calls": CALLS, "month": MONTH})
        cursor.execute(count.COUNT)
        cursor.execute("VACUUM ANALYZE")


def megabytes() -> int:
    """The most memory that this process ever had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> int:
    parser = argparse.ArgumentParser(prog="deskbell bench statements", description=__doc__)
    parser.add_argument("--accounts", type=int, default=10_000, help="how many there are")
    parser.add_argument("--record", action="store_true", help="append to bench/RESULTS.md")
    chosen = parser.parse_args()
    print(heading())
    with site():
        from deskbell.billing.actions import make_statements

        began = time.perf_counter()
        fill(chosen.accounts)
        print(f"{chosen.accounts:,} accounts in {time.perf_counter() - began:.0f} s\n", flush=True)
        before = megabytes()
        began = time.perf_counter()
        run = make_statements(MONTH, AT)
        took = time.perf_counter() - began
        after = megabytes()
        began = time.perf_counter()
        make_statements(MONTH, AT)
        again = time.perf_counter() - began
    assert run is not None
    row = (
        f"| {chosen.accounts:,} | {chosen.accounts * CALLS:,} | {run.done:,} "
        f"| {run.done / took:,.0f} | {took:.1f} | {before}, {after} MB | {1000 * again:.0f} ms |"
    )
    lines = [f"Held, because the second sum was another: {run.held}."]
    print(HEAD, row, "", *lines, sep="\n")
    if chosen.record:
        record("statements", [HEAD, row], lines)
    return 0


if __name__ == "__main__":
    sys.exit(main())
