"""Call recordings as integrations rely on them: the seed's example, field by field, and bad input.

Source: seed 000, "List Call Recordings".
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from deskbell import speech
from deskbell.accounts.actions import add_number, make_api_token
from deskbell.accounts.models import Account, PhoneNumber
from deskbell.calls.actions import begin, keep_recording, remove_audio
from deskbell.calls.models import Call, Recording
from deskbell.foundation.sids import new_sid
from deskbell.platform.tenancy import account_scope

pytestmark = pytest.mark.django_db

URL = "/api/v2/call-recordings"
SOUND = speech.write_wav(b"\x00\x10\x00\xf0" * 400)
EXAMPLE = """
{"data": [{
  "id": 36, "call_id": 266805, "call_sid": "4f1c7b5e-744b-11ef-9bdd-02420a1f2070",
  "account_number": "JoseDev", "did_number": "5617819977", "from": "529841275287",
  "agent_username": "jose", "started_at": "2024-09-16T16:47:21.169Z",
  "recording": "https://yourdomain.com/recording.mp3",
  "cdr": {
    "id": 247298, "unique_call_id": 1000266805, "start_time": "2024-09-16T16:47:07.002Z",
    "call_type": "InboundCall", "start_client": "JoseDev", "end_client": "JoseDev",
    "callerid": "529841275287", "number_dialed": "5617819977", "did": "5617819977",
    "agent_name": "jose", "agent_id": 11, "skill_name": "Spanish", "skill_id": "1",
    "connection_sec": 18, "ivr_sec": 0, "wait_sec": 11, "talk_sec": 6, "hold_sec": 0,
    "transfer_sec": 0, "wrap_sec": 0, "agent_answer_time": "2024-09-16T16:47:19.326Z",
    "end_time": "2024-09-16T16:47:25.171Z", "hang_up_time": "2024-09-16T16:47:25.068Z",
    "who_hung_up": "agent", "original_call_id": 266805,
    "call_created_at": "2024-09-16T16:47:07.478Z", "is_orphaned": false,
    "conference_sec": 0, "conference_talk_sec": 0
  }
}]}
"""
# What is ours to number or to make, and the one instant of two that we keep (design, portal API).
OURS = {"recording"}
OURS_OF_CALLS = {"id", "call_created_at"}


def client_for(account: Account, at: datetime, *scopes: str) -> Client:
    wanted = list(scopes) or ["call_recordings:read"]
    token = make_api_token(account=account, name="CRM", scopes=wanted, at=at)
    return Client(headers={"Authorization": f"Bearer {token}"})


@pytest.fixture
def client(acme: Account, at: datetime) -> Client:
    return client_for(acme, at)


def record(account: Account, number: PhoneNumber | None, at: datetime, **call: Any) -> Recording:
    """A recording of a call that began at `at`; `call` changes the call's fields."""
    with account_scope(account.pk):
        made = begin(
            account_id=account.pk,
            sid=call.pop("sid", "") or new_sid("CA"),
            number=number,
            caller_id=call.pop("caller_id", "+12125550134"),
            caller_name="",
            dialled=number.number if number else "+12125550142",
            at=at,
        )
        Call.objects.filter(pk=made.pk).update(**call)
        return keep_recording(
            sid=new_sid("RE"), call_sid=made.sid, wav=SOUND, seconds=1, at=at + timedelta(seconds=9)
        )


def listed(client: Client, **query: Any) -> list[int]:
    answer = client.get(URL, query)
    assert answer.status_code == 200, answer.content
    return [each["id"] for each in answer.json()["data"]]


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_the_seeds_example_field_by_field(acme: Account, at: datetime) -> None:
    Account.objects.filter(pk=acme.pk).update(number="JoseDev")
    example = json.loads(EXAMPLE)["data"][0]
    cdr = example["cdr"]
    with account_scope(acme.pk):
        did = add_number(account=acme, number="+1 561 781 9977", at=at)
        Call.objects.create(
            pk=266805,
            account=acme,
            sid="CA4f1c7b5e744b11ef9bdd02420a1f2070",
            phone_number=did,
            caller_id="+529841275287",
            number_dialed="+15617819977",
            agent_id=11,
            agent_name="jose",
            skill_id="1",
            skill_name="Spanish",
            status="completed",
            started_at=moment(cdr["start_time"]),
            agent_answered_at=moment(cdr["agent_answer_time"]),
            hung_up_at=moment(cdr["hang_up_time"]),
            ended_at=moment(cdr["end_time"]),
            who_hung_up="agent",
            connection_sec=18,
            wait_sec=11,
            talk_sec=6,
        )
        kept = keep_recording(
            sid=new_sid("RE"),
            call_sid="CA4f1c7b5e744b11ef9bdd02420a1f2070",
            wav=SOUND,
            seconds=4,
            at=moment(example["started_at"]),
        )
        Recording.objects.filter(pk=kept.pk).update(id=36)
        Recording.objects.filter(sid=kept.sid).exclude(pk=36).delete()
    client = client_for(acme, at)
    shown = client.get(URL).json()["data"]
    single = client.get(f"{URL}/36").json()
    assert list(single) == ["data"]
    assert len(shown) == 1
    for found in (shown[0], single["data"]):
        assert list(found) == list(example)
        assert list(found["cdr"]) == list(cdr)
        differs = {name for name in example if name != "cdr" and found[name] != example[name]}
        assert differs == OURS
        assert {name for name in cdr if found["cdr"][name] != cdr[name]} == OURS_OF_CALLS
        assert found["cdr"]["id"] == found["call_id"]
        assert found["cdr"]["call_created_at"] == found["cdr"]["start_time"]


def test_the_address_opens_the_audio_without_a_token(
    client: Client, acme: Account, acme_number: PhoneNumber, at: datetime
) -> None:
    record(acme, acme_number, at)
    url = urlsplit(client.get(URL).json()["data"][0]["recording"])
    assert url.scheme in {"http", "https"}
    answer: Any = Client().get(f"{url.path}?{url.query}")
    assert b"".join(answer.streaming_content) == SOUND


def test_what_is_not_there_is_null(
    client: Client, acme: Account, acme_number: PhoneNumber, at: datetime
) -> None:
    record(acme, acme_number, at, caller_id="bob@phone")
    found = client.get(URL).json()["data"][0]
    assert found["from"] == "bob@phone"
    assert found["agent_username"] is None
    missing = {name for name, value in found["cdr"].items() if value is None}
    assert missing == {
        "agent_name", "agent_id", "skill_name", "skill_id", "agent_answer_time", "end_time",
        "hang_up_time", "who_hung_up",
    }  # fmt: skip


def test_pages_newest_first(
    client: Client, acme: Account, acme_number: PhoneNumber, at: datetime
) -> None:
    made = [record(acme, acme_number, at + timedelta(minutes=n)).pk for n in range(5)]
    answer = client.get(URL, {"per_page": 2, "page": 2})
    assert [each["id"] for each in answer.json()["data"]] == [made[2], made[1]]
    assert answer.headers["X-Total-Count"] == "5"
    links = answer.headers["Link"]
    for relation in ("first", "prev", "next", "last"):
        assert f'rel="{relation}"' in links
    assert listed(client, page=9) == []


def test_days_are_the_accounts(client: Client, acme: Account, acme_number: PhoneNumber) -> None:
    """Acme is in New York: the fourth of March begins there at five in UTC."""
    midnight = datetime(2026, 3, 4, 5, tzinfo=UTC) - timedelta(seconds=9)
    before = record(acme, acme_number, midnight - timedelta(seconds=1)).pk
    first = record(acme, acme_number, midnight).pk
    late = record(acme, acme_number, midnight + timedelta(hours=24, seconds=-1)).pk
    after = record(acme, acme_number, midnight + timedelta(hours=24)).pk
    assert listed(client, from_date="03-04-2026", to_date="03-04-2026") == [late, first]
    assert listed(client, from_date="03-05-2026") == [after]
    assert listed(client, to_date="03-03-2026") == [before]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"from_date": "2026-03-04"}, "from_date"),
        ({"from_date": "02-30-2026"}, "from_date"),
        ({"to_date": "yesterday"}, "to_date"),
        ({"to_date": ""}, "to_date"),
        ({"from_date": "03-05-2026", "to_date": "03-04-2026"}, "to_date"),
        ({"page": "0"}, "page"),
        ({"per_page": "201"}, "per_page"),
    ],
)
def test_what_makes_no_sense_is_named(client: Client, query: dict[str, str], field: str) -> None:
    answer = client.get(URL, query)
    assert answer.status_code == 422
    assert answer.json() == {"error": f"Invalid parameter: {field}"}


def test_removed_and_not_yet_here_are_not_listed(
    client: Client, acme: Account, acme_number: PhoneNumber, at: datetime
) -> None:
    gone = record(acme, acme_number, at)
    with account_scope(acme.pk):
        keep_recording(sid=new_sid("RE"), call_sid=gone.call.sid, wav=None, seconds=3, at=at)
        remove_audio(recordings=[gone], at=at)
    assert listed(client) == []
    assert client.get(f"{URL}/{gone.pk}").status_code == 404


@pytest.mark.parametrize("wrong", ["0", "999999", "abc", "9" * 30, "1.5", "-1"])
def test_unknown_ids(client: Client, wrong: str) -> None:
    answer = client.get(f"{URL}/{wrong}")
    assert answer.status_code == 404
    assert answer.json() == {"error": "Not found"}


def test_tokens(acme: Account, acme_number: PhoneNumber, other: Account, at: datetime) -> None:
    mine = record(acme, acme_number, at).pk
    assert Client().get(URL).status_code == 401
    assert Client().get(URL).json() == {"error": "Unauthorized"}
    unscoped = client_for(acme, at, "messages:read").get(URL)
    assert unscoped.status_code == 403
    assert unscoped.json() == {"error": "Forbidden"}
    theirs = client_for(other, at)
    assert listed(theirs) == []
    assert theirs.get(f"{URL}/{mine}").status_code == 404


def test_as_many_queries_for_many_as_for_one(
    client: Client,
    acme: Account,
    acme_number: PhoneNumber,
    at: datetime,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for minute in range(30):
        record(acme, acme_number, at + timedelta(minutes=minute))
    with django_assert_max_num_queries(4):  # the token and its use, the page, how many
        assert len(listed(client)) == 25
