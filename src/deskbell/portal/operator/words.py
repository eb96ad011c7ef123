"""What the operator does at each address, in words, for the audit log.

Where a view says which account it was, the entry stands in that account's log; else it is the
operators' own.
"""

from __future__ import annotations

from typing import Final

from deskbell.audit.acts import Owner, Said, Table

WORDS: Final[Table] = {
    f"operator:{name}": Said(words, Owner.NOBODY, redirects=True)
    for name, words in {
        "new_account": "Opened the account",
        "edit_account": "Changed the account",
        "account_plan": "Gave the account a plan",
        "no_plan": "Took a plan back that had not begun",
        "new_number": "Added a phone number",
        "number": "Changed what a phone number is",
        "move_number": "Moved a phone number to another account",
        "remove_number": "Removed a phone number",
        "new_trunk": "Added a trunk",
        "trunk": "Changed a trunk",
        "remove_trunk": "Removed a trunk",
        "invite_staff": "Invited somebody to the staff",
        "invite_staff_again": "Sent an invitation to the staff again",
        "withdraw_staff_invitation": "Withdrew an invitation to the staff",
        "person": "Changed what somebody serves as",
        "suspend_person": "Suspended somebody",
        "reactivate_person": "Made somebody active again",
        "reset_mfa": "Removed somebody's MFA",
        "new_plan": "Added a plan",
        "plan": "Changed a plan",
        "withdraw_plan": "Withdrew a plan, or offered it again",
        "remove_plan": "Removed a plan",
        "make_statements": "Had a month's statements made",
        "remake_statement": "Made a held statement again",
        "account_statements": "Gave the account a charge or a credit",
        "withdraw_adjustment": "Took a charge or a credit away",
        "make_bank_file": "Made a file for the bank",
        "bank_returns": "Read what the bank sent back",
        "request": "Invited somebody who asked for access",
        "decline_request": "Declined a request for access",
        "record_payment": "Wrote down a payment",
        "refresh_payment": "Asked a provider about a payment",
        "payment_came_back": "Took back a payment that was written down",
        "send_again": "Sent failed deliveries again",
        "self_tests": "Sent a test message",
        "new_self_test": "Had a level tested by the clock",
        "remove_self_test": "Ended the tests of a level",
    }.items()
} | {
    "GET operator:bank_file": Said("Took a file for the bank out", Owner.NOBODY),
}
