"""What is wrong with a menu while somebody types it, and what Doctor says about it then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from deskbell.attendant.rules.edits import put_announcement, put_menu
from deskbell.attendant.rules.plans import AnnouncementPlan, Plan
from deskbell.doctor.findings import Finding
from deskbell.doctor.queries import findings
from deskbell.foundation.clock import now

from ..action_forms import MISSING
from ..announcements.forms import NO_WORD
from ..announcements.sounds import Heard, sounds_of
from ..flow.colours import colours_of
from .forms import MenuForm
from .keypad import Key, keypad, leads_of

# An announcement that is being written has a sid only once it is saved.
UNSAVED = "AN-new"


@dataclass(frozen=True, slots=True)
class Checked:
    """What the page shows beside the form: the keys in words, what Doctor found, what is said."""

    pad: Sequence[Key]
    findings: Sequence[Finding]
    says: AnnouncementPlan | None = None
    sound: Heard | None = None


def plan_with(form: MenuForm, sid: str, plan: Plan, *, written_sid: str = UNSAVED) -> Plan:
    """The plan with the form's menu, and the announcement that is written in it, put in.

    Raises SystemNotFound where the menu's system is not there any more.
    """
    written = form.written(written_sid)
    if written is not None:
        plan = put_announcement(plan, written)
    return put_menu(plan, form.around.system.sid, form.made(sid, written))


def check_form(form: MenuForm, sid: str, *, account_id: int) -> Checked:
    """What is to be said about the menu as it stands in the form, saved or not.

    Asks the database as Doctor does. Needs the account's scope.
    """
    form.errors  # noqa: B018 reading them is what cleans the form
    plan = plan_with(form, sid, form.around.plan) if form.is_bound else form.around.plan
    found = [each for each in findings(account_id, plan=plan, at=now()) if each.sid == sid]
    actions = dict(form.actions()) if form.is_bound else dict(form.part.keys if form.part else ())
    pad = keypad(
        actions,
        form.around.choices,
        colours=colours_of(form.around.system.menus),
        leads=leads_of(form.around.plan),
        findings=found,
        wrong=[*form.errors, *form.saved],
    )
    keyed = {key.key for key in pad}
    says = [each for each in plan.announcements if each.sid == form["announcement"].value()]
    return Checked(
        pad=pad,
        findings=[each for each in found if each.key not in keyed],
        says=says[0] if says else None,
        sound=next(iter(sounds_of(says).values()), None),
    )


def forget_unfinished(form: MenuForm) -> None:
    """Leaves out what is only not there yet: nobody wants to be scolded while typing."""
    unfinished = {*MISSING.values(), NO_WORD, str(form.fields["name"].error_messages["required"])}
    for name, words in list(form.errors.items()):
        if unfinished.issuperset(map(str, words)):
            del form.errors[name]
