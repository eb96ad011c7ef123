"""Editing an attendant: what is refused, and what a change does to callers."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection

from deskbell.accounts.actions import add_number
from deskbell.accounts.models import Account, PhoneNumber
from deskbell.attendant import actions, queries
from deskbell.attendant.errors import AnnouncementNotFound, MenuNotFound, NumberInUse
from deskbell.attendant.jobs import speak_announcement, tidy_calls
from deskbell.attendant.models import (
    CallStep,
    LiveCall,
    Prompt,
    Sentence,
    System,
    SystemNumber,
    WeeklyEntry,
)
from deskbell.attendant.rules import DateSpan, MenuRules, WeekSpan
from deskbell.attendant.rules import Sentence as Words
from deskbell.calls.actions import begin, end
from deskbell.foundation.errors import InvalidInput, NotFound, OutOfScope
from deskbell.platform.tenancy import account_scope, system_scope


@pytest.fixture
def system(acme: Account, at: datetime) -> System:
    with account_scope(acme.pk):
        return actions.add_system(account=acme, name="Front desk", at=at, time_zone=acme.time_zone)


def go_to(sid: str) -> list[dict[str, Any]]:
    return [{"menuKey": "1", "menuAction": {"actionType": "GO_TO_MENU", "actionData": sid}}]


def test_a_configuration_is_read_once_per_change(
    system: System, at: datetime, django_assert_num_queries: Any
) -> None:
    with account_scope(system.account_id):
        menu = actions.add_menu(system=system, name="Main", at=at)
        sub = actions.add_menu(system=system, name="Sub", at=at, keys=go_to(menu.sid))
        actions.edit_menu(menu=menu, at=at, keys=go_to(sub.sid), timeout_seconds=7)
        monday = WeekSpan(menu.sid, 1, time(9), time(17))
        actions.set_weekly_schedule(system=system, entries=[monday], at=at)
        holiday = DateSpan(sub.sid, date(2026, 7, 4), date(2026, 7, 4))
        actions.set_date_ranges(system=system, ranges=[holiday], at=at)
        system.refresh_from_db()
        with django_assert_num_queries(6):
            found = queries.configuration_for(system)
        with django_assert_num_queries(0):
            assert queries.configuration_for(system) is found
        assert (found.week, found.dates) == ((monday,), (holiday,))
        assert found.time_zone == "America/New_York"
        main = found.menus[menu.sid]
        assert isinstance(main, MenuRules)
        assert main.keys["1"].data == sub.sid
        assert found.limits_of(main).timeout_seconds == 7
        actions.edit_system(system=system, at=at, timeout_seconds=9)
        assert queries.configuration_for(system).limits.timeout_seconds == 9


def test_a_stored_action_that_is_unknown_costs_no_caller_the_call(
    system: System, at: datetime
) -> None:
    with account_scope(system.account_id):
        menu = actions.add_menu(system=system, name="Main", at=at)
        menu.keys = [{"menuKey": "1", "menuAction": {"actionType": "SING"}}]
        menu.save()
        system.refresh_from_db()
        assert queries.configuration_for(system).menus[menu.sid].keys == {}


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"name": " "}, InvalidInput),
        ({"time_zone": "Mars/Olympus"}, InvalidInput),
        ({"status": "ASLEEP"}, InvalidInput),
        ({"timeout_seconds": 0}, InvalidInput),
        ({"timeout_max_occurance": 101}, InvalidInput),
        ({"invalid_input_action": {"actionType": "SING"}}, InvalidInput),
        (
            {"timeout_action": {"actionType": "VOICEMAIL", "actionData": "AN1"}},
            AnnouncementNotFound,
        ),
        ({"timeout_action": {"actionType": "GO_TO_MENU", "actionData": "MN1"}}, MenuNotFound),
    ],
)
def test_systems_that_cannot_be(
    acme: Account, at: datetime, fields: Any, error: type[Exception]
) -> None:
    with account_scope(acme.pk), pytest.raises(error):
        actions.add_system(account=acme, at=at, **({"name": "Desk"} | fields))


def test_nothing_of_another_account_can_be_named(
    system: System, other: Account, at: datetime
) -> None:
    with account_scope(other.pk):
        theirs = actions.add_announcement(account=other, name="Theirs", body="Hello", at=at)
        number = add_number(account=other, number="+1 212 555 0150", at=at)
        desk = actions.add_system(account=other, name="Desk", at=at)
        menu = actions.add_menu(system=desk, name="Theirs", at=at)
        with pytest.raises(OutOfScope):
            actions.edit_system(system=system, at=at, name="Mine now")
    with system_scope("even where every row can be seen"):
        with pytest.raises(AnnouncementNotFound):
            actions.add_menu(system=system, name="Main", at=at, announcement=theirs)
        with pytest.raises(AnnouncementNotFound):
            actions.edit_system(system=system, at=at, apology=theirs)
        with pytest.raises(NotFound):
            actions.assign_number(system=system, phone_number=number, at=at)
        with pytest.raises(MenuNotFound):
            actions.add_menu(system=system, name="Main", at=at, keys=go_to(menu.sid))
        entry = WeekSpan(menu.sid, 1, time(9), time(17))
        with pytest.raises(MenuNotFound):
            actions.set_weekly_schedule(system=system, entries=[entry], at=at)


def test_a_number_leads_to_one_system_and_an_extension_to_several(
    system: System, acme: Account, acme_number: PhoneNumber, at: datetime
) -> None:
    with account_scope(acme.pk):
        second = actions.add_system(account=acme, name="Second", at=at)
        for _ in range(2):
            actions.assign_number(system=system, phone_number=acme_number, at=at)
        with pytest.raises(NumberInUse):
            actions.assign_number(system=second, phone_number=acme_number, at=at)
        assert queries.system_for(acme_number) == system
        extension = add_number(account=acme, number="+1 212 555 0143", extension="101", at=at)
        for each in (system, second):
            actions.assign_number(system=each, phone_number=extension, at=at)
        assert queries.system_for(extension) == system
        rows = SystemNumber.objects.filter(system=system).order_by("is_extension")
        assert [row.is_extension for row in rows] == [False, True]


def test_a_refused_schedule_leaves_the_old_one(system: System, at: datetime) -> None:
    with account_scope(system.account_id):
        menu = actions.add_menu(system=system, name="Main", at=at)
        entry = WeekSpan(menu.sid, 1, time(9), time(17))
        actions.set_weekly_schedule(system=system, entries=[entry], at=at)
        with pytest.raises(InvalidInput):
            actions.set_weekly_schedule(system=system, entries=[entry, entry], at=at)
        assert WeeklyEntry.objects.filter(system=system).count() == 1


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": ""}, "name"),
        ({"body": "  "}, "body"),
        ({"body": "a" * 5001}, "body"),
        ({"body": "…!"}, "body"),
        ({"body": "a\x00b"}, "body"),
        ({"language": "klingon"}, "language"),
        ({"voice": "Robot"}, "voice"),
    ],
)
def test_announcements_that_cannot_be(
    acme: Account, at: datetime, fields: dict[str, str], field: str
) -> None:
    values = {"name": "Hours", "body": "Nine to five"} | fields
    with account_scope(acme.pk), pytest.raises(InvalidInput) as caught:
        actions.add_announcement(account=acme, at=at, **values)
    assert caught.value.field == field


def jobs_waiting() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pgqueuer WHERE entrypoint = 'attendant.speak_announcement'"
        )
        return int(cursor.fetchone()[0])


def test_an_announcement_is_spoken_by_a_job_of_its_transaction(
    acme: Account, system: System, at: datetime
) -> None:
    before = jobs_waiting()
    with account_scope(acme.pk):
        made = actions.add_announcement(
            account=acme, name="Hours", body="Bonjour", language="fr-FR", at=at
        )
    assert jobs_waiting() == before + 1
    for _ in range(2):
        speak_announcement.work(account_id=acme.pk, announcement_id=made.pk)
    with account_scope(acme.pk):
        made.refresh_from_db()
        assert made.prompt is not None
        assert 0.2 < made.prompt.seconds < 5
        audio = queries.prompt_audio(made.prompt.sha256)
        assert audio is not None
        assert len(audio) == round(made.prompt.seconds * 8000)
        old = system.version
        system.refresh_from_db()
        assert system.version != old
        assert queries.configuration_for(system).announcements[made.sid].prompt
    speak_announcement.work(account_id=acme.pk, announcement_id=0)


def test_an_announcement_that_cannot_be_spoken_does_not_come_back_as_a_job(
    acme: Account, at: datetime
) -> None:
    with account_scope(acme.pk):
        made = actions.add_announcement(account=acme, name="One", body="One", at=at)
        made.language = "klingon"
        made.save()
    speak_announcement.work(account_id=acme.pk, announcement_id=made.pk)
    with account_scope(acme.pk):
        made.refresh_from_db()
        assert made.prompt is None


def test_what_is_not_spoken_yet_is_prepared_once(
    system: System, acme: Account, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def spoken(text: str, **_options: str) -> bytes:
        return text.encode()  # the real one loads for seconds; above it speaks

    monkeypatch.setattr("deskbell.speech.speak_mulaw", spoken)
    with account_scope(acme.pk):
        actions.add_announcement(account=acme, name="Hours", body="Nine to five", at=at)
    told: list[tuple[int, int, str]] = []
    actions.prepare_prompts(lambda done, total, text: told.append((done, total, text)))
    total = len(Words) + 1
    assert [each[:2] for each in told] == [(n, total) for n in range(total)]
    assert told[-1][2] == "Nine to five"
    actions.prepare_prompts(lambda *_told: pytest.fail("nothing is left to do"))
    with system_scope("a test"):
        assert Sentence.objects.count() == len(Words)
        assert len(queries.prompts_in_use()) == total
        system.refresh_from_db()
        found = queries.configuration_for(system)
    assert all(found.sentence(name).prompt for name in Words)


def test_the_same_audio_is_kept_once(db: None) -> None:
    assert actions.keep_prompt(b"ab") == actions.keep_prompt(b"ab")
    assert Prompt.objects.count() == 1


def test_calls_that_ended_are_forgotten_after_a_month(
    system: System, acme: Account, at: datetime
) -> None:
    with account_scope(acme.pk):
        call = begin(
            account_id=acme.pk,
            sid="CA" + "1" * 32,
            number=None,
            caller_id="",
            caller_name="",
            dialled="1",
            at=at,
        )
        actions.answer(system=system, call=call, at=at)
        assert actions.forget_ended(at=at + timedelta(days=9)) == 0
        end(sid=call.sid, status="completed", at=at, seconds=1, who="caller", quality={})
        assert actions.forget_ended(at=at + timedelta(days=29)) == 0
        assert actions.forget_ended(at=at + timedelta(days=30)) == 1
        assert not LiveCall.objects.exists()
        assert CallStep.objects.filter(call=call).count() == 1
    tidy_calls()
