"""What is done at each address of the portal, in words: the name of its view, and what it did.

A name alone stands for POST; `GET name` for something that is read and worth an entry. Every
address that takes a POST has words here, or a reason to have none; a contract test finds it.
"""

from __future__ import annotations

from typing import Final

from deskbell.audit.acts import Owner, Said, Skip, Table, declare

from ..operator.words import WORDS as OPERATORS

SHOWS: Final = Skip("It only shows what would be.")

MESSAGES: Final[Table] = {
    "messages:acknowledge": "Acknowledged a message",
    "messages:acknowledge_chosen": "Acknowledged messages",
    "messages:undo": "Took acknowledgements back",
    "messages:save_search": "Saved a search",
    "messages:remove_search": "Deleted a saved search",
    "messages:pass_on": "Passed a message on to the next level",
    "messages:send_to": "Sent a message to another level",
    "messages:add_note": "Wrote a note",
    "messages:remove_note": "Removed a note",
    "messages:forward": "Forwarded a message",
    "messages:send_again": "Sent a delivery again",
    "GET messages:export_csv": "Exported messages as CSV",
    "GET messages:export_xlsx": "Exported messages as a spreadsheet",
    "GET messages:proof_pdf": "Exported a message's proof",
}
REPORTS: Final[Table] = {
    "reports:new_export": "Asked for an export",
    "reports:cancel_export": "Canceled an export",
    "reports:remove_export": "Removed an export",
    "GET reports:export_file": "Downloaded an export",
    "reports:new_schedule": "Scheduled an export",
    "reports:schedule": "Changed a scheduled export",
    "reports:pause_schedule": "Paused a scheduled export",
    "reports:resume_schedule": "Resumed a scheduled export",
    "reports:run_schedule": "Ran a scheduled export at once",
    "reports:delete_schedule": "Deleted a scheduled export",
}
BILLING: Final[Table] = {
    "billing": Skip("Nothing is paid before it is confirmed."),
    "billing:confirm": Said("Paid", redirects=True),
    "billing:end_automatic": "Ended the automatic payment",
}
RECORDINGS: Final[Table] = {"GET recordings:audio": "Listened to a recording"}
CALLERS: Final[Table] = {
    "callers:new": "Blocked a caller",
    "callers:caller": "Changed a blocked caller",
    "callers:unblock": "Unblocked a caller",
}
TO_DOS: Final[Table] = {
    "to_dos:new": "Added a To Do",
    "to_dos:preview": SHOWS,
    "to_dos:edit": "Changed a To Do",
    "to_dos:pause": "Paused a To Do",
    "to_dos:resume": "Resumed a To Do",
    "to_dos:run": "Ran a To Do at once",
    "to_dos:delete": "Deleted a To Do",
}
ONCALL: Final[Table] = {
    "oncall:new_event": "Added a shift",
    "oncall:preview": SHOWS,
    "oncall:event": "Changed a shift",
    "oncall:move": "Moved a shift",
    "oncall:delete_event": "Deleted a shift",
    "oncall:clone_event": "Cloned a shift",
    "oncall:new_cover": "Added a cover",
    "oncall:cover": "Changed a cover",
    "oncall:remove_cover": "Removed a cover",
    "oncall:new_contact": "Added a contact",
    "oncall:merge_contacts": "Merged contacts",
    "oncall:rename_contact": "Renamed a contact",
    "oncall:link_contact": "Linked a contact to a user",
    "oncall:delete_contact": "Deleted a contact",
    "oncall:new_method": "Added a delivery method",
    "oncall:method": "Changed a delivery method",
    "oncall:delete_method": "Deleted a delivery method",
    "oncall:send_code": "Sent a code to a delivery method",
    "oncall:enter_code": "Confirmed a delivery method by its code",
    "oncall:new_level": "Added an escalation level",
    "oncall:order_levels": "Put the escalation levels in order",
    "oncall:defaults": "Changed the escalation's defaults",
    "oncall:level": "Changed an escalation level",
    "oncall:clone_level": "Cloned an escalation level",
    "oncall:delete_level": "Deleted an escalation level",
    "oncall:import": "Brought shifts in from a calendar",
    "oncall:renew_level_feed": "Renewed a level's calendar link",
    "oncall:renew_contact_feed": "Renewed a contact's calendar link",
    "GET oncall:level_feed": "Looked at a level's calendar link",
    "GET oncall:contact_feed": "Looked at a contact's calendar link",
}
ATTENDANT: Final[Table] = {
    "attendant:new_system": "Added a system to the draft",
    "attendant:system": "Changed a system in the draft",
    "attendant:delete_system": "Deleted a system from the draft",
    "attendant:new_menu": "Added a menu to the draft",
    "attendant:check_new_menu": SHOWS,
    "attendant:menu": "Changed a menu in the draft",
    "attendant:check_menu": SHOWS,
    "attendant:delete_menu": "Deleted a menu from the draft",
    "attendant:new_announcement": "Added an announcement to the draft",
    "attendant:listen": SHOWS,
    "attendant:upload": Skip("It counts with the announcement that it is saved with."),
    "attendant:announcement": "Changed an announcement in the draft",
    "attendant:delete_announcement": "Deleted an announcement from the draft",
    "attendant:number": "Changed a number in the draft",
    "attendant:publish": "Published the draft",
    "attendant:discard": "Discarded the draft",
    "attendant:roll_back": "Went back to an earlier attendant",
    "attendant:schedule": "Changed a schedule in the draft",
    "attendant:test_call": "Called the attendant from the page",
    "attendant:emergency": "Switched an emergency announcement",
}
SCRIPTS: Final[Table] = {
    "scripts:new": "Added a script",
    "scripts:rename": "Renamed a script",
    "scripts:delete": "Deleted a script",
    "scripts:numbers": "Chose which numbers read a script",
    "scripts:preview": SHOWS,
    "scripts:publish": "Published a script",
    "scripts:roll_back": "Went back to an earlier script",
    "scripts:greeting": "Changed a script's greeting",
    "scripts:new_part": "Added a part to a script",
    "scripts:order": "Put a script's parts in order",
    "scripts:part": "Changed a part of a script",
    "scripts:remove": "Removed a part of a script",
}
WEBHOOKS: Final[Table] = {
    "webhooks:new": "Added a webhook",
    "webhooks:edit": "Changed a webhook",
    "webhooks:pause": "Paused a webhook",
    "webhooks:resume": "Resumed a webhook",
    "webhooks:new_secret": "Gave a webhook a new secret",
    "webhooks:delete": "Deleted a webhook",
    "webhooks:send_test": "Sent a test to a webhook",
    "webhooks:send_again": "Sent a notice to a webhook again",
    "GET webhooks:secret": "Looked at a webhook's secret",
}
# The desk serves every account; its views say whose call it is.
DESK: Final[Table] = {
    "desk:go_available": "Became available",
    "desk:go_away": "Went away from the desk",
    "desk:answer": "Answered a call",
    "desk:refuse": "Let a call ring elsewhere",
    "desk:transfer": "Called somebody into a call",
    "desk:done": "Finished a call",
    "desk:do": "Worked on a call",
    "desk:block": "Blocked the caller of a call",
    "desk:unblock": "Unblocked the caller of a call",
    "desk:save_form": Skip("It is saved as it is typed; sending it has words."),
    "desk:send_form": "Sent a message from a call",
    "desk:read_out": "Read a message out to its caller",
    "desk:note": "Wrote a note during a call",
    "desk:call_out": "Called somebody for an account",
    "desk:take_task": "Took a task",
    "desk:drop_task": "Put a task back",
    "desk:call_task": "Called for a task",
    "desk:end_task": "Ended a task",
    "desk:new_receptionist": "Added a receptionist",
    "desk:receptionist": "Changed a receptionist",
    "desk:remove_receptionist": "Removed a receptionist",
    "desk:skills": "Added a skill",
    "desk:rename_skill": "Renamed a skill",
    "desk:delete_skill": "Deleted a skill",
    "desk:answering_of_others": "Changed how other numbers are answered",
    "desk:answering_of": "Changed how a number is answered",
}
ACCOUNT: Final[Table] = {
    "switch_account": Skip(
        "Which account one looks at changes nothing; what is done there counts."
    ),
    "accounts:retention": "Changed how long messages and recordings are kept",
    "accounts:number": "Changed a number's company information",
    "accounts:company": "Changed the company information",
    "accounts:user": "Changed a user's name",
    "accounts:access": "Changed what a user may do",
    "accounts:suspend": "Suspended a user",
    "accounts:reactivate": "Made a user active again",
    "accounts:remove": "Removed a user from the account",
    "accounts:reset_mfa": "Removed a user's MFA",
    "accounts:second_factor": "Changed whether the account needs MFA",
    "accounts:invite": "Invited somebody",
    "accounts:invite_again": "Sent an invitation again",
    "accounts:withdraw": "Withdrew an invitation",
    "accounts:leave": "Left the account",
    "invitation": Said("Accepted an invitation", redirects=True),
}
ACTING: Final[Table] = {
    "operator:act_as": Said("Began to act as this person", redirects=True),
    "stop_acting": Said("Stopped acting as this person", redirects=True),
}
AUDIT: Final[Table] = {
    "GET audit:export_csv": "Exported the audit log as CSV",
    "GET audit:export_xlsx": "Exported the audit log as a spreadsheet",
    "GET operator:audit_csv": Said("Exported everybody's audit log as CSV", Owner.NOBODY),
    "GET operator:audit_xlsx": Said(
        "Exported everybody's audit log as a spreadsheet", Owner.NOBODY
    ),
}
# Whoever only tries is nobody yet: see `accounts` for wrong sign-ins.
SIGNING_IN: Final[Table] = {
    "account_login": Said("Signed in", Owner.PERSON, signs_in=True),
    "GET openid_connect_callback": Said("Signed in elsewhere", Owner.PERSON, signs_in=True),
    "openid_connect_login": Skip("It leads to where people say who they are."),
    "request_access": Skip("Anybody may ask; what the operator answers has words."),
    "session_end": Said("Ended one of their sessions", Owner.PERSON),
    "sessions_end_others": Said("Signed out everywhere else", Owner.PERSON),
    "sessions_end_all": Said("Signed out everywhere", Owner.PERSON, redirects=True),
    "account_logout": Said("Signed out", Owner.PERSON, redirects=True),
    "account_reset_password": Skip("Anybody may ask; the new password has words."),
    "account_reset_password_from_key": Said(
        "Set a new password by a link", Owner.PERSON, redirects=True
    ),
}
_ASKS: Final = Skip("It is a question to the browser; its answer has words.")
SECOND_FACTORS: Final[Table] = {
    "mfa_disable": "Disabled multi-factor authentication",
    "mfa_forget_devices": "Forgot all trusted devices",
    "mfa_activate_totp": "Connected an authenticator app",
    "mfa_deactivate_totp": "Removed the authenticator app",
    "mfa_generate_recovery_codes": "Made new recovery codes",
    "GET mfa_view_recovery_codes": "Looked at the recovery codes",
    "mfa_add_webauthn": "Added a passkey",
    "mfa_new_passkey": _ASKS,
    "mfa_edit_webauthn": "Renamed a passkey",
    "mfa_remove_webauthn": "Removed a passkey",
    "account_reauthenticate": Skip("It proves who is there; what they do then has words."),
    "mfa_reauthenticate": Skip("It proves who is there; what they do then has words."),
    "mfa_confirm_options": _ASKS,
    "mfa_authenticate": Said("Signed in with MFA", Owner.PERSON, signs_in=True),
    "mfa_code_options": _ASKS,
    "mfa_login_webauthn": Said("Signed in with a passkey", Owner.PERSON, signs_in=True),
    "mfa_passkey_options": _ASKS,
}
PROFILE: Final[Table] = {
    "profile:name": "Changed their name",
    "profile:picture": "Changed their picture",
    "profile:remove_picture": "Removed their picture",
    "profile:numbers": "Changed their phone numbers",
    "profile:take_number": "Took a number of theirs into their delivery methods",
    "profile:password": "Changed their password",
    "profile:notices": "Changed their time zone and notifications",
    "profile:summary": "Chose whether they get the daily summary",
    "stop_summary": "Ended their daily summary",
    "profile:email": "Asked for another email address",
    "profile:withdraw_email": "Withdrew a change of email address",
    "profile:confirm_email": "Confirmed a new email address",
}
KEYS: Final[Table] = {
    "keys:new": "Made an API token",
    "keys:revoke": "Revoked an API token",
    "keys:new_pair": Said("Made a token for the Auto Attendant API", Owner.PERSON),
    "keys:revoke_pair": Said("Revoked a token for the Auto Attendant API", Owner.PERSON),
}
_READS: Final = Skip("It changes nothing.")
ADMIN: Final[Table] = {
    "GET admin:*change": "Looked at a row in the admin",
    "admin:*delete": Said("Removed a row in the admin", Owner.NOBODY, redirects=True),
    "admin:*changelist": _READS,
    "admin:*change": _READS,
    "admin:*None": _READS,  # whatever else is below it
    **{f"admin:{name}": _READS for name in ("index", "login", "logout", "jsi18n", "app_list")},
}
TABLES: Final = {
    "Messages": MESSAGES,
    "Reports": REPORTS,
    "Billing": BILLING,
    "Recordings": RECORDINGS,
    "Blocked callers": CALLERS,
    "To Dos": TO_DOS,
    "On call": ONCALL,
    "Auto attendant": ATTENDANT,
    "Scripts": SCRIPTS,
    "Webhooks": WEBHOOKS,
    "Account and users": ACCOUNT,
    "API keys": KEYS,
    "Acting as somebody": ACTING,
    "Audit log": AUDIT,
}


def declare_all() -> None:
    """Puts the portal's words into the register."""
    declare(OPERATORS, kind="Operator", owner=Owner.NOBODY)
    for kind, table in TABLES.items():
        declare(table, kind=kind)
    declare(DESK, kind="Desk", owner=Owner.NOBODY)
    declare(ADMIN, kind="Admin", owner=Owner.NOBODY)
    for table in (SIGNING_IN, SECOND_FACTORS, PROFILE):
        declare(table, kind="Sign-in and profile", owner=Owner.PERSON)
