"""The Recordings pages: who may open them, what they list, and what they lead to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from deskbell import speech
from deskbell.accounts.actions import add_number, join
from deskbell.accounts.models import Account, PhoneNumber, User
from deskbell.accounts.rules import Right
from deskbell.calls.actions import begin, keep_recording, remove_audio
from deskbell.calls.models import Call, Recording, TranscriptState
from deskbell.foundation.sids import new_sid
from deskbell.messages.models import Message
from deskbell.platform.tenancy import account_scope

pytestmark = pytest.mark.django_db

LIST = "/recordings/"
SOUND = speech.write_wav(b"\x00\x08\x00\xf8" * 4000)
Record = Callable[..., Recording]


@pytest.fixture
def record(acme: Account, acme_number: PhoneNumber, at: datetime) -> Record:
    """Makes a recording of Acme: `minutes` after `at`, from `caller`; fields of the call change."""

    def make(minutes: float = 0, caller: str = "+12125550134", **call: Any) -> Recording:
        when = at + timedelta(minutes=minutes)
        number = call.pop("number", acme_number)
        with account_scope(acme.pk):
            made = begin(
                account_id=acme.pk,
                sid=new_sid("CA"),
                number=number,
                caller_id=caller,
                caller_name=call.pop("caller_name", ""),
                dialled=number.number,
                at=when,
            )
            Call.objects.filter(pk=made.pk).update(**call)
            sid = new_sid("RE")
            return keep_recording(sid=sid, call_sid=made.sid, wav=SOUND, seconds=1, at=when)

    return make


def said(recording: Recording, words: str, state: str = TranscriptState.DONE) -> None:
    with account_scope(recording.account_id):
        rows = Recording.objects.filter(pk=recording.pk)
        rows.update(transcript=words, transcript_state=state)


def text(page: Client, path: str = LIST, /, **query: Any) -> str:
    answer = page.get(path, query)
    assert answer.status_code == 200
    return answer.content.decode()


def rows(page: Client, /, **query: Any) -> list[int]:
    """The ids of the rows that are listed, in their order."""
    parts = text(page, **query).split('id="r-')[1:]
    return [int(part.partition('"')[0]) for part in parts]


def test_only_those_with_the_access_find_and_open_it(
    signed_in: Callable[[User], Client], bob: User, acme: Account, record: Record
) -> None:
    recording, client = record(), signed_in(bob)
    assert "/recordings/" not in client.get("/messages/").content.decode()
    for path in ("", f"{recording.pk}/", f"{recording.pk}/audio/", f"{recording.pk}/wave.svg"):
        refused = client.get(LIST + path)
        assert refused.status_code == 403
        assert "needs the Call Recording access" in refused.content.decode()
        assert "Location" not in refused.headers
    join(user=bob, account=acme, role="AA_ADMIN", accesses=[Right.CALL_RECORDING])
    assert 'href="/recordings/"' in client.get("/messages/").content.decode()
    assert rows(client) == [recording.pk]


def test_nothing_yet_is_said(page: Client) -> None:
    shown = text(page)
    assert "There is no recording yet" in shown
    assert "kept for 31 days" in shown
    assert 'type="search"' not in shown


def test_newest_first_and_by_each_header(page: Client, record: Record) -> None:
    old = record(0, "+12125550199", agent_name="rita")
    new = record(5, "+12125550101", agent_name="olivia")
    assert rows(page) == [new.pk, old.pk]
    assert rows(page, sort="from", dir="asc") == [new.pk, old.pk]
    assert rows(page, sort="agent", dir="desc") == [old.pk, new.pk]
    assert rows(page, sort="seconds", dir="asc") == [old.pk, new.pk]
    assert rows(page, sort="nonsense", dir="up", page="x") == [new.pk, old.pk]
    assert 'aria-sort="descending"' in text(page)


@pytest.mark.parametrize(
    "search", ["Priya", "raman", "(212) 555-0177", "2125550177", "invoice", "PRIYA invoice"]
)
def test_searched_by_caller_number_and_words(page: Client, record: Record, search: str) -> None:
    found = record(0, "+12125550177", caller_name="Priya Raman")
    said(found, "please send the invoice again")
    record(1)
    assert rows(page, q=search) == [found.pk]


@pytest.mark.parametrize("search", ["%", "_", "'", '"\\', "nobody\0", "אב", "x " * 150])
def test_searches_that_find_nothing(page: Client, record: Record, search: str) -> None:
    record()
    shown = text(page, q=search)
    assert "No recording has" in shown
    assert "see all recordings" in shown


def test_days_are_of_the_accounts_wall_clock(page: Client, record: Record, at: datetime) -> None:
    """Acme is in New York, where a day begins at five in UTC; `at` is at fifteen."""
    before = record((datetime(2026, 3, 4, 4, 59, tzinfo=UTC) - at).total_seconds() / 60)
    first = record((datetime(2026, 3, 4, 5, 0, tzinfo=UTC) - at).total_seconds() / 60)
    assert rows(page, from_date="2026-03-04") == [first.pk]
    assert rows(page, to_date="3/3/2026") == [before.pk]
    assert rows(page, from_date="2026-03-03", to_date="2026-03-04") == [first.pk, before.pk]
    assert "from these days" in text(page, from_date="2026-04-01")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"from_date": "02-30-2026"}, "is not a day"),
        ({"to_date": "<b>"}, "“&lt;b&gt;” is not a day"),
        ({"from_date": "2026-03-05", "to_date": "2026-03-04"}, "Ends before it begins"),
        ({"number": "5550000"}, "is not one of this account"),
    ],
)
def test_what_makes_no_sense_is_said_and_narrows_nothing(
    page: Client, record: Record, query: dict[str, str], words: str
) -> None:
    recording = record(24 * 60)
    assert words in text(page, **query)
    assert rows(page, **query) == [recording.pk]


def test_by_number(page: Client, record: Record, acme: Account, at: datetime) -> None:
    with account_scope(acme.pk):
        second = add_number(account=acme, number="+1 212 555 0143", at=at)
    record()
    found = record(number=second)
    assert rows(page, number=second.digits) == [found.pk]


def test_another_accounts_number_is_none_of_this(
    page: Client, record: Record, other: Account, at: datetime
) -> None:
    with account_scope(other.pk):
        theirs = add_number(account=other, number="+1 312 555 0122", at=at)
    recording = record()
    assert "is not one of this account" in text(page, number=theirs.digits)
    assert "(312) 555-0122" not in text(page)
    assert rows(page, number=theirs.digits) == [recording.pk]


def test_pages(page: Client, record: Record) -> None:
    made = [record(minute).pk for minute in range(27)]
    assert rows(page) == made[:1:-1]
    assert rows(page, page=2) == [made[1], made[0]]
    assert rows(page, page=99) == [made[1], made[0]]
    assert "27 of 27" in text(page, page=2)


def test_as_many_queries_for_many_as_for_one(
    page: Client, record: Record, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for minute in range(25):
        record(minute)
    with django_assert_max_num_queries(14):
        text(page)


def test_a_search_gets_the_list_alone(page: Client, record: Record) -> None:
    record()
    answer = page.get(LIST, {"q": "212", "dir": "desc"}, headers={"HX-Request": "true"})
    part = answer.content.decode()
    assert answer.headers["HX-Replace-Url"] == "/recordings/?q=212"
    assert "<html" not in part
    assert "recording-errors" in part


def test_a_recording_plays_draws_and_leads_to_its_message(page: Client, recorded: Message) -> None:
    assert recorded.recording is not None
    base = f"{LIST}{recorded.recording.pk}/"
    shown = text(page, base)
    assert f'src="{base}audio/"' in shown
    assert f"{base}wave.svg#wave" in shown
    assert f"/messages/{recorded.pk}/" in shown
    assert f"/messages/{recorded.pk}/" in text(page)
    led = page.get(f"{base}audio/")
    assert led.status_code == 302
    assert "no-store" in led.headers["Cache-Control"]
    sound: Any = Client().get(led.headers["Location"])
    assert b"".join(sound.streaming_content) == SOUND
    saved: Any = Client().get(page.get(f"{base}audio/?file=1").headers["Location"])
    assert saved.headers["Content-Disposition"].startswith("attachment")


def test_a_talk_leads_to_the_message_that_was_written_in_it(
    page: Client, recorded: Message
) -> None:
    assert recorded.recording is not None
    with account_scope(recorded.account_id):
        call_id = recorded.recording.call_id
        Message.objects.filter(pk=recorded.pk).update(recording=None, call_id=call_id)
    assert f"/messages/{recorded.pk}/" in text(page)
    assert f"/messages/{recorded.pk}/" in text(page, f"{LIST}{recorded.recording.pk}/")


def test_the_picture_is_drawn_once(page: Client, record: Record) -> None:
    path = f"{LIST}{record().pk}/wave.svg"
    first = page.get(path)
    assert first.headers["Content-Type"] == "image/svg+xml"
    assert b'id="wave"' in first.content
    again = page.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("words", "state", "shown"),
    [
        ("", TranscriptState.NONE, ""),
        ("", TranscriptState.WAITING, "is being written down"),
        ("call me <b>back</b>", TranscriptState.WAITING, "The rest is being written down"),
        ("call me <b>back</b>", TranscriptState.DONE, "call me &lt;b&gt;back&lt;/b&gt;"),
        ("call me", TranscriptState.DONE, "words may be wrong"),
        ("", TranscriptState.DONE, "No words were understood"),
        ("", TranscriptState.FAILED, "could not be written down"),
    ],
)
def test_what_was_said(page: Client, record: Record, words: str, state: str, shown: str) -> None:
    recording = record()
    said(recording, words, state)
    content = text(page, f"{LIST}{recording.pk}/")
    assert shown in content
    if not words:
        assert "In words" not in content


def test_removed_is_gone_everywhere(page: Client, record: Record, acme: Account) -> None:
    recording = record()
    with account_scope(acme.pk):
        remove_audio(recordings=[recording], at=recording.started_at)
    assert "There is no recording yet" in text(page)
    for path in ("", "audio/", "wave.svg"):
        assert page.get(f"{LIST}{recording.pk}/{path}").status_code == 404


def test_a_file_that_is_gone_is_said(page: Client, record: Record) -> None:
    recording = record()
    recording.audio.storage.delete(str(recording.audio.name))
    shown = text(page, f"{LIST}{recording.pk}/")
    assert "no longer kept" in shown
    assert "<audio" not in shown
    assert page.get(f"{LIST}{recording.pk}/wave.svg").status_code == 404
    led = page.get(f"{LIST}{recording.pk}/audio/")
    assert page.get(led.headers["Location"]).status_code == 404


def test_the_list_as_a_table(
    page: Client, record: Record, signed_in: Callable[[User], Client], bob: User
) -> None:
    record(caller_name="=1+1")
    said(record(minutes=5, caller="+12125550199"), "Call me; =2+2 👍")
    answer = page.get(LIST, {"format": "csv", "sort": "from", "dir": "asc"})
    assert answer.headers["Content-Type"].startswith("text/csv")
    labels, first, second = answer.content.decode().splitlines()
    assert labels.startswith("\ufeffID,Recorded,Caller,From,")
    assert "'=1+1,(212) 555-0134,(212) 555-0142," in first
    assert second.endswith(",1,,Call me; '=2+2 👍")
    assert len(page.get(LIST, {"format": "csv", "q": "=2+2"}).content.splitlines()) == 2
    assert "2026-03-04 10:05:00" in second
    assert 'sort=from&amp;format=csv"' in text(page, sort="from")
    wrong = page.get(LIST, {"format": "csv", "from_date": "2026-02-30"}).content.decode()
    assert "“2026-02-30” is not a day" in wrong
    assert signed_in(bob).get(LIST, {"format": "csv"}).status_code == 403


def test_what_one_receptionist_took(page: Client, record: Record, rita: User) -> None:
    hers = record(agent_id=rita.pk, agent_name="Rita")
    others = record(minutes=1)
    assert rows(page) == [others.pk, hers.pk]
    assert rows(page, agent=str(rita.pk)) == [hers.pk]
    assert rows(page, agent="999") == []
    assert rows(page, agent="Rita") == [others.pk, hers.pk]
    assert f'<option value="{rita.pk}" selected>Rita</option>' in text(page, agent=str(rita.pk))
