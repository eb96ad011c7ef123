"""The draft in the console: its changes, publishing, discarding, history and rolling back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from deskbell.accounts.models import Account, PhoneNumber, User
from deskbell.attendant import actions
from deskbell.attendant.actions.drafts import edit_draft
from deskbell.attendant.models import Draft, System
from deskbell.attendant.rules.differences import differences
from deskbell.attendant.rules.edits import find_number, find_system, put_number, put_system
from deskbell.attendant.rules.plans import MenuPlan, Plan, SystemPlan
from deskbell.attendant.rules.schedule import DateSpan
from deskbell.platform.tenancy import account_scope
from deskbell.portal.attendant.history.words import difference_words

pytestmark = pytest.mark.django_db
HISTORY = "/attendant/history/"
DRAFT = f"{HISTORY}draft/"
Sign = Callable[[User], Client]


@pytest.fixture
def describe(attendant: System, acme: Account, at: datetime) -> Callable[[str], None]:
    """Changes the system's description in the draft."""

    def make(words: str) -> None:
        def change(plan: Plan) -> Plan:
            return put_system(plan, replace(find_system(plan, attendant.sid), description=words))

        with account_scope(acme.pk):
            edit_draft(account=acme, change=change, at=at, by="alice@example.com")

    return make


def live(system: System) -> str:
    """The description that is live."""
    with account_scope(system.account_id):
        return System.objects.get(pk=system.pk).description


def test_the_bar_counts_and_leads(page: Client, describe: Callable[[str], None]) -> None:
    describe("One")
    text = page.get("/attendant/systems/").content.decode()
    assert "1 change not published" in text
    for path in ("", "publish/", "discard/"):
        assert f'href="{DRAFT}{path}"' in text
    shown = page.get(DRAFT).content.decode()
    assert "alice@example.com" in shown
    assert "One" in shown


def test_publishing_makes_it_live_and_history(
    page: Client, describe: Callable[[str], None], attendant: System
) -> None:
    describe("One")
    assert live(attendant) == ""
    assert "Publish 1 change?" in page.get(f"{DRAFT}publish/").content.decode()
    answer = page.post(f"{DRAFT}publish/", {"note": "Summer hours"}, follow=True)
    text = answer.content.decode()
    assert live(attendant) == "One"
    assert "Summer hours" in text
    assert "alice@example.com" in text
    assert "draft-bar" not in text


def test_days_stay_capital_and_in_the_order_of_the_calendar() -> None:
    days = [date(2027, 1, 1), date(2026, 12, 24)]
    menus = (MenuPlan(sid="MN1", name="Night"), MenuPlan(sid="MN2", name="Closed"))
    old = (DateSpan("MN1", days[0], days[0]),)
    before = SystemPlan(sid="AA1", name="Main line", menus=menus, dates=old)
    spans = tuple(DateSpan("MN2", day, day) for day in days)
    changed = replace(before, dates=spans)
    found = differences(Plan(systems=(before,)), Plan(systems=(changed,)))
    words = difference_words(found[0])
    assert words.endswith("changes: December 24, 2026, January 1, 2027")


def test_discarding_changes_nothing(
    page: Client, describe: Callable[[str], None], attendant: System
) -> None:
    describe("One")
    assert "Main line" in page.get(f"{DRAFT}discard/").content.decode()
    assert page.post(f"{DRAFT}discard/").status_code == 302
    assert live(attendant) == ""
    with account_scope(attendant.account_id):
        assert not Draft.objects.exists()
    assert page.post(f"{DRAFT}discard/").status_code == 302


def test_rolling_back(page: Client, describe: Callable[[str], None], attendant: System) -> None:
    for words in ("One", "Two"):
        describe(words)
        page.post(f"{DRAFT}publish/", {"note": words})
    rows = page.get(HISTORY).context["list"].rows
    first = next(row.number for row in rows if row.note == "One")
    shown = page.get(f"{HISTORY}{first}/?with=now").content.decode()
    assert "Two" in shown
    asked = page.get(f"{HISTORY}{first}/roll-back/").content.decode()
    assert "Main line" in asked
    assert page.post(f"{HISTORY}{first}/roll-back/").status_code == 302
    assert live(attendant) == "One"
    newest = page.get(HISTORY).context["newest"]
    assert newest > max(row.number for row in rows)
    same = page.get(f"{HISTORY}{newest}/?with=now").content.decode()
    assert "Callers meet exactly this now" in same


@pytest.mark.parametrize(("prefer", "kept"), [("mine", "Draft"), ("theirs", "Live")])
def test_what_both_sides_changed_is_asked(
    page: Client,
    describe: Callable[[str], None],
    attendant: System,
    at: datetime,
    prefer: str,
    kept: str,
) -> None:
    describe("Draft")
    with account_scope(attendant.account_id):
        actions.edit_system(system=attendant, description="Live", at=at)
    answer = page.post(f"{DRAFT}publish/", {"note": "Mine"})
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Main line" in text
    assert "Keep theirs" in text
    assert live(attendant) == "Live"
    assert page.post(f"{DRAFT}publish/", {"note": "Mine", "prefer": prefer}).status_code == 302
    assert live(attendant) == kept


def test_an_aa_admin_does_not_publish_extensions(
    page: Client, signed_in: Sign, bob: User, attendant: System, acme: Account, at: datetime
) -> None:
    def change(plan: Plan) -> Plan:
        number = find_number(plan, "+1 212 555 0101")
        return put_number(plan, replace(number, spoken_name="Somebody else"))

    with account_scope(acme.pk):
        edit_draft(account=acme, change=change, at=at, by="alice@example.com")
    answer = signed_in(bob).post(f"{DRAFT}publish/", follow=True)
    assert "Nothing was published" in answer.content.decode()
    with account_scope(acme.pk):
        assert PhoneNumber.objects.get(extension="101").extension_spoken_name == "Ines Ortega"
    page.post(f"{DRAFT}publish/")
    with account_scope(acme.pk):
        assert PhoneNumber.objects.get(extension="101").extension_spoken_name == "Somebody else"


@pytest.mark.parametrize("path", [f"{HISTORY}99/", f"{HISTORY}99/roll-back/", f"{HISTORY}0/"])
def test_what_was_never_published(page: Client, acme: Account, path: str) -> None:
    assert page.get(path).status_code == 404
    if path.endswith("roll-back/"):
        assert page.post(path).status_code == 404


def test_many_publications_take_few_queries(
    page: Client,
    describe: Callable[[str], None],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for number in range(6):
        describe(str(number))
        page.post(f"{DRAFT}publish/")
    with django_assert_max_num_queries(30):
        assert len(page.get(HISTORY).context["list"].rows) >= 6
