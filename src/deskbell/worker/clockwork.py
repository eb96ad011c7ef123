"""The one table of everything that runs by the clock.

With several workers each entry runs in one of them. Times are UTC.
"""

from __future__ import annotations

from deskbell.accounts import jobs as accounts
from deskbell.attendant import jobs as attendant
from deskbell.audit import jobs as audit
from deskbell.billing.jobs import payments, statements
from deskbell.calls import jobs as calls
from deskbell.desk import jobs as desk
from deskbell.messages import jobs as messages
from deskbell.oncall import jobs as oncall
from deskbell.platform.jobs import Clockwork
from deskbell.portal.sign_in import jobs as sign_in
from deskbell.reports.jobs import exports, summaries
from deskbell.webhooks import jobs as webhooks

from . import housekeeping

TABLE = (
    Clockwork("oncall.watch", "* * * * *", oncall.watch),
    Clockwork("oncall.self_tests", "* * * * *", oncall.self_tests),
    Clockwork("attendant.tidy_calls", "23 * * * *", attendant.tidy_calls),
    Clockwork("attendant.tidy_prompts", "51 3 * * *", attendant.tidy_prompts),
    Clockwork("oncall.extend", "17 3 * * *", oncall.extend),
    Clockwork("accounts.forget_pictures", "47 3 * * *", accounts.forget_pictures),
    Clockwork("calls.forget", "37 2 * * *", calls.forget),
    Clockwork("messages.forget", "29 2 * * *", messages.forget),
    Clockwork("reports.forget", "11 * * * *", exports.forget),
    Clockwork("reports.run_due", "* * * * *", summaries.run_due),
    Clockwork("desk.forget", "33 2 * * *", desk.forget),
    Clockwork("billing.make_statements_due", "3 * * * *", statements.make_due_statements),
    Clockwork("billing.refresh_payments", "41 * * * *", payments.refresh_payments),
    Clockwork("billing.pay_statements", "21 * * * *", payments.pay_statements),
    Clockwork("messages.fold", "* * * * *", messages.fold),
    Clockwork("webhooks.tidy", "7 4 * * *", webhooks.tidy),
    Clockwork("worker.release_held", "*/5 * * * *", housekeeping.release_held),
    Clockwork("sign_in.forget", "53 3 * * *", sign_in.forget),
    Clockwork("audit.forget", "47 2 * * *", audit.forget),
    Clockwork("worker.forget", "41 3 * * *", housekeeping.forget),
)
