"""All findings about an account: the plan's own, and those that need the database."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from django.conf import settings

from deskbell.accounts.models import Account
from deskbell.attendant import plans
from deskbell.attendant.models import Prompt, System
from deskbell.attendant.queries import PHONE
from deskbell.attendant.reception import has_receptionists
from deskbell.attendant.rules import ActionType
from deskbell.attendant.rules.plans import Plan
from deskbell.lines.queries import reach_of
from deskbell.oncall.models import OncallDefaults
from deskbell.oncall.queries import Scene, bars_of, scene, stretches_of
from deskbell.scripts.queries import scripts as all_scripts
from deskbell.scripts.rules import read as read_content

from .findings import Facts, Finding, worst_first
from .rules import duty, examine, scripts
from .rules.duty import Duty, Span
from .rules.scripts import ScriptRead
from .rules.survey import actions_of
from .rules.systems import BY_EXTENSION


def findings(account_id: int, *, at: datetime, plan: Plan | None = None) -> list[Finding]:
    """What callers and the people on call of an account would stumble over, the worst first.

    `plan` is what to look at, a draft for example; without it what callers meet now. On call is
    looked at from `at` (aware) for 14 days. Seventeen queries at most, and those of reading the
    plan. Needs the account's scope, or a system scope.
    """
    plan = plans.read(account_id) if plan is None else plan
    shown = scene(account_id, since=at, until=at + duty.LOOKED_AHEAD)
    forbidden, uncarried, is_out = _telephones(shown.account, plan)
    facts = Facts(
        at=at,
        levels={row.pk: row.name for row in shown.levels},
        seconds=_seconds(plan),
        reached=_emergency_menus(account_id, at),
        forbidden=forbidden,
        uncarried=uncarried,
        goes_out=is_out,
        has_receptionists=has_receptionists(),
    )
    rung = {
        action.data for action in actions_of(plan) if action.type is ActionType.TRANSFER_TO_ONCALL
    }
    on_call = duty.examine(_duties(account_id, shown, rung, at), at, shown.zone)
    return worst_first([*examine(plan, facts), *on_call, *_of_scripts(account_id, plan, facts)])


def _of_scripts(account_id: int, plan: Plan, facts: Facts) -> list[Finding]:
    """Findings about scripts; numbers want one where there are receptionists to read it."""
    read = [
        ScriptRead(
            script_id=row.pk,
            name=row.name,
            content=read_content(row.active.content if row.active else row.draft),
            is_published=row.active is not None,
            numbers=frozenset(each.number.number for each in row.numbers.all()),
        )
        for row in all_scripts(account_id)
    ]
    found = list(scripts.examine(read, facts.levels or {}))
    wanting = list(scripts.without_script(plan, read, facts))
    return found + (wanting if facts.has_receptionists else [])


def _telephones(
    account: Account, plan: Plan
) -> tuple[frozenset[str] | None, frozenset[str] | None, bool | None]:
    """What `Facts` says of telephones; nothing where hosted carriers bring calls: they connect."""
    if settings.ENVIRONMENT.carriers:
        return None, None, None
    actions = list(actions_of(plan))
    rung = {each.data for each in actions if each.type is ActionType.TRANSFER_TO_PHONE}
    if any(each.type in BY_EXTENSION for each in actions) or any(
        system.direct_dialling for system in plan.systems
    ):
        rung |= {number.number for number in plan.numbers if number.is_extension}
    if not rung and all(each.type is not ActionType.TRANSFER_TO_ONCALL for each in actions):
        return None, None, None
    found = reach_of(account, rung)
    return found.forbidden, found.uncarried, found.goes_out


def _seconds(plan: Plan) -> dict[str, float]:
    named = {each.audio for each in plan.announcements if each.audio}
    return dict(Prompt.objects.filter(pk__in=named).values_list("sha256", "seconds"))


def _emergency_menus(account_id: int, at: datetime) -> frozenset[str]:
    on = System.objects.filter(account_id=account_id, emergency_until__gt=at)
    named = on.exclude(emergency_menu=None).values_list("emergency_menu__sid", flat=True)
    return frozenset(str(sid) for sid in named)


def _duties(account_id: int, shown: Scene, rung: set[str], at: datetime) -> list[Duty]:
    defaults = OncallDefaults.objects.filter(account_id=account_id).exclude(fallback=None)
    account_falls_back = defaults.exists()
    spans, phones = _spans(shown, at)
    following = {row.next_level_id for row in shown.levels}
    return [
        Duty(
            level_id=row.pk,
            name=row.name,
            has_next=row.next_level_id is not None,
            is_next=row.pk in following,
            repeat=row.repeat,
            has_net=bool(row.fallback_id or row.hold_until_on_call or account_falls_back),
            spans=tuple(spans.get(row.pk, ())),
            is_rung=str(row.pk) in rung,
            has_phone=row.pk in phones,
        )
        for row in shown.levels
    ]


def _spans(shown: Scene, at: datetime) -> tuple[dict[int, list[Span]], set[int]]:
    """When somebody is on call, overrides applied, by level, and the levels on which somebody then
    has a phone; a shift that has lost all its methods reaches nobody."""
    until = at + duty.LOOKED_AHEAD
    found: dict[int, list[Span]] = defaultdict(list)
    there: dict[tuple[int, int], list[Span]] = defaultdict(list)
    for each in stretches_of(shown, at, until):
        if each.contacts:
            found[each.level_id].append((each.start, each.end))
        for contact in each.contacts:
            there[each.level_id, contact.id].append((each.start, each.end))
    phones = {
        bar.level_id
        for bar in bars_of(shown, at, until)
        for way in bar.methods
        if way.kind == PHONE
        for start, end in there[bar.level_id, way.contact_id]
        if start < bar.end and end > bar.start
    }
    return found, phones
