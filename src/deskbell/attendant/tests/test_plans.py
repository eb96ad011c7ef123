"""Plans and the tables: what is read is what was applied, and only what differs is written."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings

from deskbell.accounts.actions import add_number
from deskbell.accounts.errors import NumberNotFound
from deskbell.accounts.models import Account
from deskbell.attendant import actions, errors, plans
from deskbell.attendant.models import Announcement, Menu, System
from deskbell.attendant.rules import Action, ActionType, DateSpan, WeekSpan, edits
from deskbell.attendant.rules.plans import (
    AnnouncementPlan,
    MenuPlan,
    NumberPlan,
    Plan,
    SystemPlan,
)
from deskbell.foundation.errors import InvalidInput, NotFound
from deskbell.platform.tenancy import account_scope
from tests.plan_strategies import KNOWN, sid
from tests.plan_strategies import plans as any_plan

WELCOME, CLOSED, DESK, OTHER = sid("AN", 1), sid("AN", 2), sid("AA", 1), sid("AA", 2)
DAY, NIGHT = sid("MN", 1), sid("MN", 2)


@pytest.fixture
def account(acme: Account, at: datetime) -> Any:
    with account_scope(acme.pk):
        for number in KNOWN:
            add_number(account=acme, number=number, at=at)
        yield acme


@pytest.fixture
def plan(account: Account) -> Plan:
    """Two menus that lead to each other, in one system, beside another."""
    day = MenuPlan(
        DAY,
        "Day",
        color_code="#e56052",
        announcement=WELCOME,
        keys=(
            ("2", Action(ActionType.GO_TO_MENU, NIGHT)),
            ("1", Action(ActionType.TRANSFER_TO_PHONE, "+1 212 555 0199")),
        ),
    )
    night = MenuPlan(
        NIGHT,
        "Night",
        timeout_action=Action(ActionType.ANNOUNCEMENT_HANGUP, CLOSED),
        keys=(("*", Action(ActionType.GO_TO_MENU, DAY)),),
    )
    desk = SystemPlan(
        DESK,
        "Front desk",
        time_zone="America/New_York",
        numbers=(KNOWN[1], KNOWN[0]),
        extensions=(KNOWN[2],),
        apology=CLOSED,
        no_answer_action=Action(ActionType.VOICEMAIL),
        menus=(day, night),
        week=(WeekSpan(DAY, 1, time(9), time(17)), WeekSpan(NIGHT, 1, time(17), time(0))),
        dates=(DateSpan(NIGHT, date(2026, 12, 25), date(2026, 12, 26)),),
    )
    numbers = [NumberPlan(number) for number in KNOWN]
    numbers[2] = NumberPlan(KNOWN[2], is_extension=True, extension="101", spoken_name="Olivia")
    said = (
        AnnouncementPlan(WELCOME, "Welcome", body="Welcome.", language="en-US", voice="Man"),
        AnnouncementPlan(CLOSED, "Closed", type="play"),
    )
    return Plan(said, (desk, SystemPlan(OTHER, "Other")), tuple(numbers))


def apply(account: Account, plan: Plan, at: datetime) -> None:
    plans.apply(account=account, plan=plan, at=at, by="alice@example.com")


def versions(account: Account) -> dict[str, Any]:
    return dict(System.objects.filter(account=account).values_list("sid", "version"))


def test_what_is_applied_is_read(account: Account, plan: Plan, at: datetime) -> None:
    apply(account, plan, at)
    assert plans.read(account.pk) == plan
    menu = Menu.objects.get(sid=DAY)
    assert (menu.created_by, menu.created_at) == ("alice@example.com", at)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        plans.read(account.pk)
    assert len(queries) == 7


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(any_plan(), any_plan())
def test_any_plan_after_any_other(account: Account, at: datetime, one: Plan, other: Plan) -> None:
    for wanted in (one, other, other):
        apply(account, wanted, at)
        assert plans.read(account.pk) == wanted


def test_the_order_of_parts_is_kept_whatever_was_there_before(
    account: Account, plan: Plan, at: datetime
) -> None:
    apply(account, plan, at)
    fewer = replace(
        plan,
        announcements=plan.announcements[1:],
        systems=(replace(plan.systems[0], menus=(), week=(), dates=()),),
    )
    apply(account, fewer, at)
    apply(account, plan, at)
    assert plans.read(account.pk) == plan
    turned = replace(plan, systems=plan.systems[::-1], announcements=plan.announcements[::-1])
    before = versions(account)
    apply(account, turned, at)
    assert plans.read(account.pk) == turned
    assert versions(account) == before
    late = actions.add_system(account=account, name="Late", at=at)
    assert plans.read(account.pk).systems[-1].sid == late.sid


def test_only_what_differs_is_written(account: Account, plan: Plan, at: datetime) -> None:
    apply(account, plan, at)
    prompt = actions.keep_prompt(b"\xff" * 800)
    Announcement.objects.filter(sid=WELCOME).update(prompt=prompt, prompt_at=at)
    before, keys = versions(account), set(Menu.objects.values_list("pk", flat=True))
    later = at + timedelta(hours=1)
    apply(account, plan, later)
    assert versions(account) == before
    assert not System.objects.filter(updated_at=later).exists()
    named = edits.put_announcement(plan, replace(plan.announcements[0], name="Hello"))
    apply(
        account, edits.put_menu(named, DESK, replace(plan.systems[0].menus[1], name="Late")), later
    )
    assert Announcement.objects.get(sid=WELCOME).prompt == prompt
    after = versions(account)
    assert (after[DESK] != before[DESK], after[OTHER]) == (True, before[OTHER])
    assert set(Menu.objects.values_list("pk", flat=True)) == keys
    assert Menu.objects.get(sid=DAY).updated_at == at
    spoken = replace(plan.announcements[0], body="Good day.")
    apply(account, edits.put_announcement(plan, spoken), later)
    assert Announcement.objects.get(sid=WELCOME).prompt is None


def test_a_play_announcement_takes_the_sound_that_is_named(
    account: Account, plan: Plan, at: datetime
) -> None:
    prompt = actions.keep_prompt(b"\xff" * 800)
    sounding = edits.put_announcement(plan, replace(plan.announcements[1], audio=prompt.sha256))
    apply(account, sounding, at)
    closed = Announcement.objects.get(sid=CLOSED)
    assert (closed.prompt, closed.prompt_at) == (prompt, at)
    before = versions(account)
    apply(account, plan, at)
    assert Announcement.objects.get(sid=CLOSED).prompt is None
    assert versions(account) != before
    turned = replace(plan.announcements[0], type="play", audio=prompt.sha256)
    apply(account, edits.put_announcement(plan, turned), at)
    assert plans.read(account.pk).announcements[0] == turned


def test_numbers_swap_turn_and_move(account: Account, plan: Plan, at: datetime) -> None:
    both = edits.put_number(
        plan, NumberPlan(KNOWN[3], is_extension=True, extension="102", spoken_name="Rita")
    )
    apply(account, both, at)
    swapped = edits.put_number(both, replace(both.numbers[2], extension="102"))
    swapped = edits.put_number(swapped, replace(both.numbers[3], extension="101"))
    apply(account, swapped, at)
    assert plans.read(account.pk) == swapped
    desk, other = swapped.systems
    moved = replace(
        swapped, systems=(replace(desk, numbers=()), replace(other, numbers=desk.numbers))
    )
    apply(account, moved, at)
    assert plans.read(account.pk) == moved
    turned = edits.put_number(moved, NumberPlan(KNOWN[0], is_extension=True, extension="103"))
    turned = edits.put_number(turned, NumberPlan(KNOWN[2]))
    apply(account, turned, at)
    assert plans.read(account.pk) == turned
    assert turned.systems[1].extensions == (KNOWN[0],)


def test_numbers_are_known_however_they_are_spelt_and_stay_where_they_are_left_out(
    account: Account, plan: Plan, at: datetime
) -> None:
    desk = replace(plan.systems[0], numbers=("212-555-0143", "12125550142"))
    spelt = edits.put_system(replace(plan, numbers=plan.numbers[1:3]), desk)
    spelt = replace(spelt, numbers=(NumberPlan("2125550142"), *spelt.numbers))
    apply(account, spelt, at)
    assert plans.read(account.pk) == plan


def test_a_menu_moves_to_another_system(account: Account, plan: Plan, at: datetime) -> None:
    apply(account, plan, at)
    key = Menu.objects.get(sid=NIGHT).pk
    desk, other = plan.systems
    day = replace(desk.menus[0], keys=())
    night = replace(desk.menus[1], keys=())
    moved = replace(
        plan,
        systems=(
            replace(desk, menus=(day,), week=desk.week[:1], dates=()),
            replace(other, menus=(night,)),
        ),
    )
    apply(account, moved, at)
    assert plans.read(account.pk) == moved
    assert Menu.objects.get(sid=NIGHT).pk == key


@pytest.mark.parametrize(
    ("what", "error", "words"),
    [
        ("sid", InvalidInput, "another account"),
        ("odd sid", InvalidInput, "not a sid"),
        ("audio", InvalidInput, "not kept here"),
        ("level", NotFound, "no escalation level 4711"),
        ("key's level", NotFound, "no escalation level 4711"),
        ("number", NumberNotFound, "no number \\+1 212 555 0177"),
        ("reference", errors.AnnouncementNotFound, "no announcement"),
    ],
)
def test_what_the_account_cannot_have_changes_nothing(
    account: Account, other: Account, plan: Plan, at: datetime, what: str, error: Any, words: str
) -> None:
    apply(account, plan, at)
    with account_scope(other.pk):
        theirs = actions.add_system(account=other, name="Theirs", at=at)
        theirs_menu = actions.add_menu(system=theirs, name="Theirs", at=at)
    desk = replace(plan.systems[0], name="Another name")
    oncall = (("1", Action(ActionType.TRANSFER_TO_ONCALL, "4711")),)
    wrong = {
        "sid": edits.put_menu(plan, DESK, MenuPlan(theirs_menu.sid, "Mine now")),
        "odd sid": edits.put_announcement(plan, replace(plan.announcements[1], sid="AN7")),
        "audio": edits.put_announcement(plan, replace(plan.announcements[1], audio="0" * 64)),
        "level": edits.put_system(plan, replace(desk, voicemail_level=4711)),
        "key's level": edits.put_menu(plan, DESK, replace(desk.menus[0], keys=oncall)),
        "number": replace(plan, numbers=(*plan.numbers, NumberPlan("+1 212 555 0177"))),
        "reference": edits.put_system(plan, replace(desk, apology=sid("AN", 9))),
    }[what]
    wrong = replace(
        wrong,
        announcements=(*wrong.announcements, AnnouncementPlan(sid("AN", 8), "N", type="play")),
    )
    before = plans.read(account.pk)
    with pytest.raises(error, match=words):
        apply(account, wrong, at)
    assert plans.read(account.pk) == before


def test_an_emergency_keeps_what_it_needs(account: Account, plan: Plan, at: datetime) -> None:
    apply(account, plan, at)
    system = System.objects.get(sid=DESK)
    night = Menu.objects.get(sid=NIGHT)
    actions.set_emergency(system=system, menu=night, until=at + timedelta(hours=1), at=at)
    day = replace(plan.systems[0].menus[0], keys=())
    desk = replace(plan.systems[0], menus=(day,), week=(), dates=())
    with pytest.raises(errors.MenuLeadsHere, match="emergency"):
        apply(account, edits.put_system(plan, desk), at)
    apply(account, edits.put_system(plan, desk), at + timedelta(hours=2))
    assert not Menu.objects.filter(sid=NIGHT).exists()


def test_queries_do_not_grow_with_what_stays(account: Account, plan: Plan, at: datetime) -> None:
    def cost(wanted: Plan) -> int:
        apply(account, wanted, at)
        changed = edits.put_system(wanted, replace(wanted.systems[1], description="New"))
        with CaptureQueriesContext(connection) as queries:
            apply(account, changed, at)
        return len(queries)

    few = cost(plan)
    menus = tuple(MenuPlan(sid("MN", 100 + number), f"Menu {number}") for number in range(50))
    many = cost(
        edits.put_system(plan, replace(plan.systems[0], menus=plan.systems[0].menus + menus))
    )
    assert many == few


def test_a_file_that_was_cut_takes_nothing_away(account: Account, plan: Plan, at: datetime) -> None:
    apply(account, plan, at)
    live = plans.read(account.pk)
    whole = plans.to_yaml(live)
    for cut in (
        "format: 1\n",
        whole.partition("systems:")[0],
        whole.partition("systems:")[0] + "systems:\n",
    ):
        with pytest.raises(
            InvalidInput, match=r"^line \d+: the file has no systems; write systems: \[\]"
        ):
            plans.plan_for(account.pk, cut, live)
    nothing = plans.plan_for(account.pk, "announcements: []\nsystems: []\n", live)
    assert (nothing.announcements, nothing.systems) == ((), ())
    assert plans.plan_for(account.pk, "format: 1\n", Plan()) == Plan()
