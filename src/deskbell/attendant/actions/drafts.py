"""Drafts and publications: changes are collected, then callers meet all of them at once.

Everything here holds the account's lock, so of two people none loses an edit, and nothing changes
between what was compared and what is written.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from deskbell.accounts.locks import lock_account
from deskbell.accounts.models import Account
from deskbell.foundation.errors import Conflict, NotAllowed
from deskbell.oncall.models import EscalationLevel
from deskbell.platform.changes import touch

from ..errors import DraftChanged
from ..models import Draft, Publication
from ..plans import account_faults, apply, plan_for, read, respelt, up_to_date
from ..rules.checks import check, faults
from ..rules.merging import Side, merge, same, without_numbers
from ..rules.plan_json import from_json, to_json
from ..rules.plans import Plan

MAX_NOTE = 500


def edit_draft(*, account: Account, change: Callable[[Plan], Plan], at: datetime, by: str) -> Draft:
    """Makes of the account's draft what `change` makes of its plan; begins a draft where none is.

    What was published or changed by the API meanwhile is brought into the draft first, where the
    two do not contradict each other. Raises what `change` raises, and what
    `rules.checks.check` and `plans.account_faults` find; nothing is written then. What was wrong
    before the change is no reason: what the API took from a draft is mended piece by piece.
    """
    with transaction.atomic():
        lock_account(account.pk)
        live = read(account.pk)
        draft = Draft.objects.filter(account=account).first()
        if draft is None:
            _note_changes_by_api(account, live, at)
            draft = Draft(account=account, revision=0, created_at=at)
            base, plan = live, live
        else:
            base, plan, _ = up_to_date(draft, live)
        edited = change(plan)
        _check(account, edited, plan, live)
        _keep(draft, base, edited, at, by)
    return draft


def _check(account: Account, edited: Plan, before: Plan, live: Plan) -> None:
    """Raises what is wrong with a plan and was not before it was edited."""
    for find in (faults, lambda plan: account_faults(account.pk, plan, live)):
        wrong = list(find(edited))
        known = {str(fault.error) for fault in find(before)} if wrong else set()
        for fault in wrong:
            if str(fault.error) not in known:
                raise fault.error


def settle_draft(*, account: Account, keep: Side, at: datetime, by: str) -> Draft:
    """Ends a contradiction between the draft and what changed live: keeps "mine" or "theirs".

    Only the parts that both changed are decided by it. Raises Conflict where there is no draft,
    and what `edit_draft` raises where the two cannot stand together.
    """
    with transaction.atomic():
        lock_account(account.pk)
        draft = _draft_of(account)
        live = read(account.pk)
        merged, _ = merge(from_json(draft.base), from_json(draft.plan), live, prefer=keep)
        check(merged)
        _keep(draft, live, merged, at, by)
    return draft


def _keep(draft: Draft, base: Plan, plan: Plan, at: datetime, by: str) -> None:
    draft.base, draft.plan = to_json(base), to_json(plan)
    draft.revision += 1
    draft.updated_at, draft.updated_by = at, by
    draft.save()
    touch(draft.account_id)


def _draft_of(account: Account) -> Draft:
    draft = Draft.objects.filter(account=account).first()
    if draft is None:
        raise Conflict("There is no draft; nothing was changed since the last publication")
    return draft


def discard_draft(*, account: Account, at: datetime) -> None:  # noqa: ARG001 as every edit
    """Throws the account's draft away; without one it changes nothing."""
    with transaction.atomic():
        lock_account(account.pk)
        if Draft.objects.filter(account=account).delete()[0]:
            touch(account.pk)


def publish(
    *,
    account: Account,
    at: datetime,
    by: str,
    note: str = "",
    extensions_allowed: bool = True,
) -> Publication:
    """Has callers meet the draft from now on, with what the API changed since it was begun.

    Raises Conflict where there is no draft, DraftChanged naming the parts that both changed,
    NotAllowed for changes of extensions by somebody who may not, and what `plans.apply` raises.
    """
    with transaction.atomic():
        lock_account(account.pk)
        draft, live = _draft_of(account), read(account.pk)
        merged, conflicts = merge(from_json(draft.base), from_json(draft.plan), live)
        if conflicts:
            raise DraftChanged(
                f"Changed in the draft and by somebody else meanwhile: {', '.join(conflicts)}"
            )
        _check_extensions(live, merged, allowed=extensions_allowed)
        draft.delete()
        return _make(account, live, merged, at, by, note, "portal")


def roll_back(
    *,
    account: Account,
    publication: Publication,
    at: datetime,
    by: str,
    extensions_allowed: bool = True,
) -> Publication:
    """Has callers meet again what they met by an earlier publication; an open draft stays.

    Numbers that were added since stay as they are; numbers and escalation levels that are gone
    are left out. Raises NotAllowed as `publish` does, and what `plans.apply` raises.
    """
    with transaction.atomic():
        lock_account(account.pk)
        live = read(account.pk)
        plan = _still_there(account, from_json(publication.plan), live)
        _check_extensions(live, plan, allowed=extensions_allowed)
        note = f"Back to publication {publication.number}"
        return _make(account, live, plan, at, by, note, "rollback")


def _still_there(account: Account, plan: Plan, live: Plan) -> Plan:
    plan = without_numbers(plan, {number.number for number in live.numbers})
    levels = EscalationLevel.objects.filter(account=account)
    there = set(levels.values_list("pk", flat=True)) | {0}
    systems = (
        system if system.voicemail_level in there else replace(system, voicemail_level=0)
        for system in plan.systems
    )
    return respelt(replace(plan, systems=tuple(systems)), live)


def import_plan(*, account: Account, plan: Plan, at: datetime, by: str) -> Publication:
    """Has callers meet a plan that was read from a file; an open draft stays.

    Raises what `plans.apply` raises.
    """
    with transaction.atomic():
        lock_account(account.pk)
        live = read(account.pk)
        return _make(account, live, plan, at, by, "", "import")


def import_yaml(*, account: Account, text: str, at: datetime, by: str) -> Publication:
    """As `import_plan`, of a file's text. Raises InvalidInput that names the line: `line 12: …`."""
    with transaction.atomic():
        lock_account(account.pk)
        live = read(account.pk)
        return _make(account, live, plan_for(account.pk, text, live), at, by, "", "import")


def _check_extensions(before: Plan, after: Plan, *, allowed: bool) -> None:
    if allowed:
        return
    led = [
        {system.sid: set(system.extensions) for system in plan.systems} for plan in (before, after)
    ]
    changed = {
        sid for sid in {**led[0], **led[1]} if led[0].get(sid, set()) != led[1].get(sid, set())
    }
    if changed or set(before.numbers) != set(after.numbers):
        raise NotAllowed("Only an enterprise administrator can publish changes of extensions")


def _make(
    account: Account, live: Plan, plan: Plan, at: datetime, by: str, note: str, through: str
) -> Publication:
    _note_changes_by_api(account, live, at)
    apply(account=account, plan=plan, at=at, by=by)
    return _record(account, read(account.pk), at, by, note, through)


def _note_changes_by_api(account: Account, live: Plan, at: datetime) -> None:
    """Keeps what the API made of the last publication as one of its own, to be rolled back to."""
    last = Publication.objects.filter(account=account).order_by("number").last()
    if not same(from_json(last.plan) if last else Plan(), live):
        _record(account, live, at, "", "", "api")


def _record(
    account: Account, plan: Plan, at: datetime, by: str, note: str, through: str
) -> Publication:
    last = Publication.objects.filter(account=account).order_by("number").only("number").last()
    touch(account.pk)
    return Publication.objects.create(
        account=account,
        number=last.number + 1 if last else 1,
        plan=to_json(plan),
        at=at,
        by=by,
        note=note[:MAX_NOTE],
        through=through,
    )
