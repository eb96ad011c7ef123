"""The Call Flow page: the picture, the list and the panel, what callers did, draft and live."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, time, timedelta

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from deskbell.accounts.models import Account, PhoneNumber, User
from deskbell.attendant.actions import add_menu
from deskbell.attendant.models import CallStep, Menu, System
from deskbell.attendant.rules.schedule import WeekSpan
from deskbell.calls.actions import begin
from deskbell.foundation.clock import now
from deskbell.foundation.sids import new_sid
from deskbell.platform.tenancy import account_scope
from deskbell.portal.attendant.flow.graph import Count
from deskbell.portal.attendant.flow.traffic import KEPT, counts_of
from deskbell.portal.attendant.flow.words import hours_of, in_short, shortened

pytestmark = pytest.mark.django_db
PAGE = "/attendant/"
Sign = Callable[[User], Client]


def test_hours_in_words() -> None:
    week = [WeekSpan("MN1", day, time(8), time(18)) for day in range(1, 6)]
    week += [WeekSpan("MN1", 6, time(0), time(0)), WeekSpan("MN1", 7, time(9, 30), time(0))]
    assert hours_of(week) == [
        "Monday to Friday, 8 AM to 6 PM",
        "Saturday, all day",
        "Sunday, 9:30 AM to midnight",
    ]
    dash = "\N{EN DASH}"
    assert hours_of(week, short=True)[0] == f"Mon{dash}Fri 8 AM{dash}6 PM"


def test_an_action_that_is_not_known_is_said_too() -> None:
    assert in_short("SING_A_SONG") == "Sing a song"


def test_words_that_do_not_fit_are_cut() -> None:
    assert shortened("Opening hours", 300, 12) == "Opening hours"
    assert shortened("Opening hours and directions", 90, 12).endswith("…")
    assert shortened("Opening", 1, 12) == "…"


def test_an_account_without_systems_is_told(page: Client) -> None:
    assert "There is no auto attendant yet" in page.get(PAGE).content.decode()


def test_the_picture_shows_the_system(page: Client, attendant: System) -> None:
    text = page.get(PAGE).content.decode()
    assert '<svg class="flow"' in text
    assert "(212) 555-0142" in text
    assert 'fill="#e56052"' in text
    assert "Mon\N{EN DASH}Fri 8 AM\N{EN DASH}6 PM" in text


def test_the_list_says_the_same(page: Client, attendant: System) -> None:
    text = page.get(f"{PAGE}?as=list").content.decode()
    assert '<svg class="flow"' not in text
    assert '<kbd class="outline-key">1</kbd>' in text
    assert "At other times" in text


def test_a_box_opens_its_panel_with_and_without_a_script(
    page: Client, attendant: System, acme: Account
) -> None:
    with account_scope(acme.pk):
        menu = Menu.objects.filter(system=attendant).first()
    assert menu is not None
    address = f"{PAGE}?system={attendant.sid}&box={menu.sid}"
    whole = page.get(address).content.decode()
    part = page.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" in whole
    assert "<html" not in part
    for text in (whole, part):
        assert f"/attendant/menus/{menu.sid}/" in text
    for box in ("week", attendant.sid, "number +1 212 555 0142"):
        answer = page.get(PAGE, {"box": box})
        assert answer.status_code == 200
        assert answer.context["part"].edit_url


def test_a_box_or_system_that_is_not_there_is_not_found(page: Client, attendant: System) -> None:
    assert page.get(f"{PAGE}?box=nothing").status_code == 404
    assert page.get(f"{PAGE}?system=AA00").status_code == 404


def test_what_people_typed_stays_text(
    page: Client, attendant: System, acme: Account, at: datetime
) -> None:
    with account_scope(acme.pk):
        menu = add_menu(system=attendant, at=at, name="<script>alert(1)</script>")
        Menu.objects.filter(pk=menu.pk).update(color_code='"><b x="')
    text = page.get(PAGE).content.decode()
    assert "<script>alert" not in text
    assert "<b x=" not in text


def test_callers_are_counted_on_keys(
    page: Client,
    attendant: System,
    acme: Account,
    acme_number: PhoneNumber,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    at = now() - timedelta(days=1)
    with account_scope(acme.pk):
        menu = Menu.objects.filter(system=attendant).earliest("pk")

        def call(*steps: tuple[str, str], who: str = "caller", when: datetime = at) -> None:
            made = begin(
                account_id=acme.pk,
                sid=new_sid("CA"),
                number=acme_number,
                caller_id="2125550134",
                caller_name="",
                dialled=acme_number.number,
                at=when,
            )
            for key, result in steps:
                CallStep.objects.create(
                    account_id=acme.pk, call=made, menu=menu, at=when, key=key, result=result
                )
            type(made).objects.filter(pk=made.pk).update(ended_at=when, who_hung_up=who)

        call(("", "ENTERED"), ("1", "GO_TO_MENU"))  # hung up after 1
        call(("", "ENTERED"), ("1", "GO_TO_MENU"), ("1", "GO_TO_MENU"), ("", "MESSAGE_TAKEN"))
        call(("", "ENTERED"))  # hung up in the menu
        call(("", "ENTERED"), ("9", "HANGUP"), who="system")
        call(("", "ENTERED"), ("1", "GO_TO_MENU"), when=at - timedelta(days=40))
        with django_assert_num_queries(2):
            counts = counts_of(attendant.sid, at=now())
    assert counts[menu.sid, "1"] == Count(2, 1)
    assert counts[menu.sid, "9"] == Count(1, 0)
    assert counts[menu.sid, ""] == Count(4, 1)


def test_days_that_are_over_are_counted_once_and_today_anew(
    attendant: System, acme: Account, acme_number: PhoneNumber
) -> None:
    at = now()
    with account_scope(acme.pk):
        menu = Menu.objects.filter(system=attendant).earliest("pk")
        call = begin(
            account_id=acme.pk,
            sid=new_sid("CA"),
            number=acme_number,
            caller_id="2125550134",
            caller_name="",
            dialled=acme_number.number,
            at=at,
        )

        def enter(when: datetime) -> int:
            CallStep.objects.create(
                account_id=acme.pk, call=call, menu=menu, at=when, key="", result="ENTERED"
            )
            return counts_of(attendant.sid, at=at).get((menu.sid, ""), Count()).calls

        counted = [enter(at - timedelta(days=days)) for days in (3, 0, 3, 40)]
        KEPT.forget()
        assert counted == [1, 2, 2, 2]
        assert counts_of(attendant.sid, at=at)[menu.sid, ""].calls == 2


def test_another_account_sees_nothing(signed_in: Sign, charlie: User, attendant: System) -> None:
    client = signed_in(charlie)
    assert client.get(f"{PAGE}?system={attendant.sid}").status_code == 404 or (
        "There is no auto attendant yet" in client.get(PAGE).content.decode()
    )
    assert "Main line" not in client.get(PAGE).content.decode()


def test_the_page_asks_the_database_as_often_for_many_menus(
    page: Client, attendant: System, acme: Account, at: datetime
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    page.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        page.get(PAGE)
    with account_scope(acme.pk):
        for number in range(12):
            add_menu(system=attendant, at=at, name=f"Menu {number}")
    with CaptureQueriesContext(connection) as many:
        text = page.get(PAGE).content.decode()
    assert len(many) <= len(few)
    assert len(re.findall("flow-menu", text)) > 12
