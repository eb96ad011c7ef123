"""Drafts, publications, rolling back: what is collected, what clashes, what can be undone."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from django.db import connection

from deskbell.accounts.actions import add_number, remove_number
from deskbell.accounts.models import Account, PhoneNumber
from deskbell.attendant import actions, plans, queries
from deskbell.attendant.errors import AnnouncementNotFound, DraftChanged
from deskbell.attendant.models import Draft, Menu, Publication, System
from deskbell.attendant.rules import edits
from deskbell.attendant.rules.plan_json import from_json
from deskbell.attendant.rules.plans import AnnouncementPlan, MenuPlan, NumberPlan, Plan
from deskbell.foundation.errors import Conflict, InvalidInput, NotAllowed
from deskbell.foundation.sids import new_sid
from deskbell.oncall.actions import add_level
from deskbell.platform.changes import version_of
from deskbell.platform.tenancy import account_scope

ALICE = "alice@example.com"


@pytest.fixture
def account(acme: Account) -> Any:
    with account_scope(acme.pk):
        yield acme


@pytest.fixture
def system(account: Account, at: datetime) -> System:
    made = actions.add_system(account=account, name="Front desk", at=at)
    actions.add_menu(system=made, name="Day", at=at)
    return made


def rename(sid: str, name: str) -> Any:
    def change(plan: Plan) -> Plan:
        system, menu = edits.find_menu(plan, sid)
        return edits.put_menu(plan, system.sid, replace(menu, name=name))

    return change


def describe(sid: str, words: str) -> Any:
    return lambda plan: edits.put_system(
        plan, replace(edits.find_system(plan, sid), description=words)
    )


def edit(account: Account, change: Any, at: datetime) -> Draft:
    return actions.edit_draft(account=account, change=change, at=at, by=ALICE)


def publish(account: Account, at: datetime, **more: Any) -> Publication:
    return actions.publish(account=account, at=at, by=ALICE, **more)


def test_callers_meet_a_draft_when_it_is_published(system: System, at: datetime) -> None:
    account, menu = system.account, Menu.objects.get()
    before = version_of(account.pk)
    draft = edit(account, rename(menu.sid, "Daytime"), at)
    assert (draft.revision, draft.updated_by) == (1, ALICE)
    assert version_of(account.pk) > before
    assert Menu.objects.get().name == "Day"
    found = queries.planned(account.pk)
    assert (found.draft, found.conflicts) == (draft, ())
    assert found.plan.systems[0].menus[0].name == "Daytime"
    assert found.live.systems[0].menus[0].name == "Day"
    assert edit(account, describe(system.sid, "New"), at).revision == 2
    made = publish(account, at, note="Better")
    assert (made.number, made.through, made.note, made.by) == (2, "portal", "Better", ALICE)
    assert Menu.objects.get().name == "Daytime"
    assert not Draft.objects.exists()
    history = queries.publications(account.pk)
    assert [(row.number, row.through) for row in history] == [(2, "portal"), (1, "api")]
    assert from_json(history[0].plan) == plans.read(account.pk)
    with pytest.raises(Conflict, match="no draft"):
        publish(account, at)


def test_a_change_that_cannot_be_writes_nothing(system: System, at: datetime) -> None:
    account = system.account
    with pytest.raises(InvalidInput):
        edit(account, rename(Menu.objects.get().sid, " "), at)
    with pytest.raises(InvalidInput, match="not kept here"):
        silent = AnnouncementPlan(new_sid("AN"), "New", type="play", audio="0" * 64)
        edit(account, lambda plan: edits.put_announcement(plan, silent), at)
    assert not Draft.objects.exists()
    assert not Publication.objects.exists()


def test_a_draft_is_thrown_away(system: System, at: datetime) -> None:
    edit(system.account, describe(system.sid, "New"), at)
    actions.discard_draft(account=system.account, at=at)
    actions.discard_draft(account=system.account, at=at)
    assert not Draft.objects.exists()


def test_what_the_api_changed_meanwhile_is_published_as_well(system: System, at: datetime) -> None:
    account, menu = system.account, Menu.objects.get()
    edit(account, rename(menu.sid, "Daytime"), at)
    actions.edit_system(system=system, at=at, description="By the API")
    late = actions.add_menu(system=system, name="Night", at=at)
    shown = queries.planned(account.pk).plan.systems[0]
    assert (shown.description, [each.name for each in shown.menus]) == (
        "By the API",
        ["Daytime", "Night"],
    )
    edit(account, rename(late.sid, "Nighttime"), at)
    made = publish(account, at)
    live = plans.read(account.pk).systems[0]
    assert (live.description, [each.name for each in live.menus]) == (
        "By the API",
        ["Daytime", "Nighttime"],
    )
    history = {row.number: row.through for row in Publication.objects.all()}
    assert history == {1: "api", 2: "api", 3: "portal"}
    assert made.number == 3


@pytest.mark.parametrize(("keep", "name"), [("mine", "Mine"), ("theirs", "Theirs")])
def test_what_both_changed_is_named_and_settled(
    system: System, at: datetime, keep: Any, name: str
) -> None:
    account, menu = system.account, Menu.objects.get()
    edit(account, rename(menu.sid, "Mine"), at)
    edit(account, describe(system.sid, "Mine as well"), at)
    actions.edit_menu(menu=menu, at=at, name="Theirs")
    assert queries.planned(account.pk).conflicts == ('Menu "Mine"',)
    with pytest.raises(DraftChanged, match='Menu "Mine"'):
        publish(account, at)
    assert Menu.objects.get().name == "Theirs"
    actions.settle_draft(account=account, keep=keep, at=at, by=ALICE)
    publish(account, at)
    assert Menu.objects.get().name == name
    assert System.objects.get().description == "Mine as well"


def test_what_the_api_took_from_a_draft_can_be_mended_piece_by_piece(
    system: System, at: datetime
) -> None:
    account = system.account
    said = actions.add_announcement(account=account, name="Hello", body="Hello", at=at)
    menus = [actions.add_menu(system=system, name=name, at=at).sid for name in ("One", "Two")]

    def play(menu_sid: str, said_sid: str) -> Any:
        def change(plan: Plan) -> Plan:
            _, menu = edits.find_menu(plan, menu_sid)
            return edits.put_menu(plan, system.sid, replace(menu, announcement=said_sid))

        return change

    for sid in menus:
        edit(account, play(sid, said.sid), at)
    actions.delete_announcement(announcement=said, at=at)
    with pytest.raises(AnnouncementNotFound):
        publish(account, at)
    with pytest.raises(InvalidInput):
        edit(account, rename(Menu.objects.get(name="Day").sid, " "), at)
    edit(account, describe(system.sid, "Something else"), at)
    with pytest.raises(AnnouncementNotFound):
        edit(account, play(menus[0], new_sid("AN")), at)
    for sid in menus:
        edit(account, play(sid, ""), at)
    publish(account, at)
    assert System.objects.get().description == "Something else"


@pytest.mark.parametrize("keep", ["mine", "theirs"])
def test_what_is_kept_brings_its_system_back(system: System, at: datetime, keep: Any) -> None:
    """One side took the system away, the other gave it another menu; nobody's menu is lost."""
    account = system.account
    day = Menu.objects.get().sid
    new = MenuPlan(new_sid("MN"), "New")
    if keep == "mine":
        edit(account, lambda plan: edits.put_menu(plan, system.sid, new), at)
        actions.delete_system(system=system, at=at)
    else:
        edit(account, lambda plan: edits.drop_system(plan, system.sid), at)
        actions.add_menu(system=system, name="New", at=at)
    with pytest.raises(DraftChanged, match='Menu "New"'):
        publish(account, at)
    actions.settle_draft(account=account, keep=keep, at=at, by=ALICE)
    publish(account, at)
    (live,) = plans.read(account.pk).systems
    assert (live.sid, [menu.name for menu in live.menus]) == (system.sid, ["Day", "New"])
    assert live.menus[0].sid == day


@pytest.mark.parametrize("keep", ["mine", "theirs"])
def test_what_is_not_kept_goes_with_its_system(system: System, at: datetime, keep: Any) -> None:
    account = system.account
    new = MenuPlan(new_sid("MN"), "New")
    if keep == "theirs":
        edit(account, lambda plan: edits.put_menu(plan, system.sid, new), at)
        actions.delete_system(system=system, at=at)
    else:
        edit(account, lambda plan: edits.drop_system(plan, system.sid), at)
        actions.add_menu(system=system, name="New", at=at)
    actions.settle_draft(account=account, keep=keep, at=at, by=ALICE)
    publish(account, at)
    assert plans.read(account.pk).systems == ()


def test_rolling_back_brings_back_what_was(system: System, at: datetime) -> None:
    account, menu = system.account, Menu.objects.get()
    edit(account, rename(menu.sid, "Daytime"), at)
    publish(account, at)
    after = plans.read(account.pk)
    first = Publication.objects.get(number=1)
    made = actions.roll_back(account=account, publication=first, at=at, by=ALICE)
    assert (made.number, made.through, made.note) == (3, "rollback", "Back to publication 1")
    assert Menu.objects.get().name == "Day"
    actions.delete_system(system=system, at=at)
    second = Publication.objects.get(number=2)
    made = actions.roll_back(account=account, publication=second, at=at, by=ALICE)
    assert plans.read(account.pk) == after
    assert (made.number, Publication.objects.get(number=4).through) == (5, "api")


def test_rolling_back_past_what_the_operator_took_away(
    system: System, acme_number: PhoneNumber, at: datetime
) -> None:
    account = system.account
    level = add_level(account_id=account.pk, name="First", at=at)
    actions.assign_number(system=system, phone_number=acme_number, at=at)
    actions.edit_system(system=system, at=at, voicemail_level=level)
    edit(account, describe(system.sid, "New"), at)
    publish(account, at)
    remove_number(number=acme_number, at=at)
    level.delete()
    added = add_number(account=account, number="+1 212 555 0150", at=at)
    first = Publication.objects.get(number=1)
    actions.roll_back(account=account, publication=first, at=at, by=ALICE)
    live = plans.read(account.pk)
    assert (live.systems[0].description, live.systems[0].numbers) == ("", ())
    assert live.numbers == (NumberPlan(added.number),)


def test_who_may_not_change_extensions_publishes_the_rest(
    system: System, acme_number: PhoneNumber, at: datetime
) -> None:
    account = system.account
    edit(account, describe(system.sid, "New"), at)
    publish(account, at, extensions_allowed=False)
    turned = NumberPlan(acme_number.number, is_extension=True, extension="101")
    edit(account, lambda plan: edits.put_number(plan, turned), at)
    with pytest.raises(NotAllowed):
        publish(account, at, extensions_allowed=False)
    publish(account, at)
    lead = lambda plan: edits.put_system(  # noqa: E731 as the other changes
        plan, replace(plan.systems[0], extensions=(turned.number,))
    )
    edit(account, lead, at)
    with pytest.raises(NotAllowed):
        publish(account, at, extensions_allowed=False)
    first = Publication.objects.get(number=1)
    with pytest.raises(NotAllowed):
        actions.roll_back(
            account=account, publication=first, at=at, by=ALICE, extensions_allowed=False
        )


@pytest.mark.django_db(transaction=True)
def test_of_two_people_at_once_none_loses_an_edit(at: datetime) -> None:
    from deskbell.accounts.actions import open_account

    account = open_account(number="W0499", name="Two", time_zone="UTC", at=at)
    system_sid = new_sid("AA")
    with account_scope(account.pk):
        system = actions.add_system(account=account, name="Desk", at=at, sid=system_sid)
        menus = [actions.add_menu(system=system, name=f"Menu {n}", at=at) for n in range(4)]
    together = threading.Barrier(len(menus))

    def work(menu: Menu) -> None:
        try:
            with account_scope(account.pk):
                together.wait(10)
                for turn in range(5):
                    edit(account, rename(menu.sid, f"{menu.name} {turn}"), at)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(menu,)) for menu in menus]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with account_scope(account.pk):
        assert Draft.objects.get().revision == 20
        names = [menu.name for menu in queries.planned(account.pk).plan.systems[0].menus]
    assert names == [f"Menu {n} 4" for n in range(4)]
