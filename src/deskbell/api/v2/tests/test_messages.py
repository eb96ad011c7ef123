"""Messages over the API: what integrations rely on, and what strangers must not get."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db.models import F
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from deskbell.accounts.models import Account, ApiToken, PhoneNumber
from deskbell.messages import actions
from deskbell.messages.models import Message
from deskbell.platform.tenancy import account_scope

Enter = Callable[..., Client]
# Seed 000, "Messages API v2", "Example Response Format".
SEED_FIELDS = [
    "id", "read", "pbx_name", "phone_number", "extension",
    "caller_id", "first_name", "last_name", "company_name", "content",
    "status", "account_id", "agent_id", "user_id", "created_at",
    "updated_at", "ivr", "pickup_date", "pickup_user_id", "contact_id",
    "delivered_at", "delivered_by", "delivered_to", "phone", "email",
    "call_ref_id", "sale_id", "note", "did_id", "address",
    "address2", "city", "state", "zip", "how_you_hear_about_us",
    "is_emergency", "alt_phone", "positive_data_dip", "answers", "escalation_level_id",
    "next_escalation_at", "receiver_name", "non_message_type", "activities_count",
    "closing_action_group_id",
    "email_subject", "escalation_counter", "origin", "message_received_date", "disposition",
    "call_id", "chat_session_id", "to_do_task_id", "from_to_do", "send_at",
    "uuid", "class_names",
]  # fmt: skip
SEED_NULL = {
    "user_id", "pickup_date", "pickup_user_id", "sale_id", "chat_session_id", "to_do_task_id",
    "send_at", "disposition",
}  # fmt: skip
BAD_TOKEN = {"success": False, "info": "Invalid token", "data": {}}
URL = "/api/v2/messages"


def take(
    account: Account, at: datetime, content: str = "Please call back", **known: Any
) -> Message:
    with account_scope(account.pk):
        return actions.take(
            account_id=account.pk, taken=actions.Taken(content=content, **known), at=at
        )


def ids(client: Client, **query: Any) -> list[int]:
    answer = client.get(URL, query)
    assert answer.status_code == 200, answer.content
    return [each["id"] for each in answer.json()["data"]]


def test_the_seeds_example_is_kept_field_by_field(
    acme: Account, acme_client: Client, acme_number: PhoneNumber
) -> None:
    at = datetime(2025, 1, 21, 22, 8, 20, 671999, tzinfo=UTC)
    answers = {"recent_changes": "", "urgent": "Yes", "additional_information": "", "zip": ""}
    with account_scope(acme.pk):
        message = take(acme, at, "This is a test message", answers=answers, number=acme_number)
        actions.place(
            message=message, level_id=7, attempt=0, next_at=at + timedelta(minutes=1), at=at
        )
        actions.mark_delivered(message=message, to="John Doe", contact_id=541, at=at)
    listed = json.loads(acme_client.get(URL).content, object_pairs_hook=list)
    single = json.loads(acme_client.get(f"{URL}/{message.pk}").content, object_pairs_hook=list)
    ((key, pairs),) = single
    assert listed == [("data", [pairs])]
    assert key == "data"
    shown = dict(pairs)
    assert [name for name, _ in pairs] == SEED_FIELDS
    assert [name for name, _ in shown["answers"]] == list(answers)
    assert shown["created_at"] == "2025-01-21T22:08:20.671Z"
    assert shown["next_escalation_at"] == "2025-01-21T22:09:20.671Z"
    assert shown["status"] == "delivered"
    assert shown["did_id"] == acme_number.pk
    assert shown["uuid"] == str(message.uuid)
    assert shown["is_emergency"] is False
    assert all(shown[name] is None for name in SEED_NULL)


def test_the_list_costs_the_same_queries_for_any_number_of_messages(
    acme: Account,
    acme_client: Client,
    at: datetime,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for count in (0, 1, 12):
        for _ in range(count):
            take(acme, at)
        with django_assert_num_queries(3):  # token and its use, count, page
            assert acme_client.get(URL).status_code == 200


def test_another_tenants_messages_do_not_exist(
    acme: Account, other: Account, acme_client: Client, at: datetime
) -> None:
    theirs, ours = take(other, at, "Secret"), take(acme, at)
    assert ids(acme_client) == [ours.pk]
    assert ids(acme_client, q="Secret") == []
    for answer in (
        acme_client.get(f"{URL}/{theirs.pk}"),
        acme_client.get(f"{URL}/{theirs.pk}/activities"),
        acme_client.post(f"{URL}/{theirs.pk}/acknowledge"),
    ):
        assert (answer.status_code, answer.json()) == (404, {"error": "Not found"})
    with account_scope(other.pk):
        assert Message.objects.get().is_open


@pytest.mark.parametrize("message_id", ["0", "999999", "9" * 30, "-1", "1.0", "x", "%00", "१"])
@pytest.mark.parametrize("rest", ["", "/activities", "/nothing"])
def test_ids_that_are_none(acme_client: Client, message_id: str, rest: str) -> None:
    answer = acme_client.get(f"{URL}/{message_id}{rest}")
    assert (answer.status_code, answer.json()) == (404, {"error": "Not found"})


def test_both_days_are_included_on_the_accounts_wall_clock(
    acme: Account, acme_client: Client
) -> None:
    midnight = datetime(2026, 3, 8, 5, 0, tzinfo=UTC)  # New York; the day has 23 hours
    tick = timedelta(microseconds=1)
    before, first = take(acme, midnight - tick), take(acme, midnight)
    last = take(acme, midnight + timedelta(hours=23) - tick)
    after = take(acme, midnight + timedelta(hours=23))
    assert ids(acme_client, from_date="03-08-2026", to_date="03-08-2026") == [last.pk, first.pk]
    assert ids(acme_client, from_date="03-09-2026") == [after.pk]
    assert ids(acme_client, to_date="03-07-2026") == [before.pk]
    assert ids(acme_client, to_date="03-09-2026", from_date="03-09-2026") == [after.pk]


def test_days_in_the_wrong_order(acme_client: Client) -> None:
    answer = acme_client.get(URL, {"from_date": "03-09-2026", "to_date": "03-08-2026"})
    assert (answer.status_code, answer.json()) == (422, {"error": "Invalid parameter: to_date"})
    swapped = acme_client.get(f"{URL}?to_date=03-08-2026&from_date=03-09-2026")
    assert swapped.json() == {"error": "Invalid parameter: to_date"}


@pytest.mark.parametrize("name", ["from_date", "to_date"])
@pytest.mark.parametrize(
    "day", ["2026-03-08", "3-8-2026", "02-29-2026", "13-01-2026", "00-00-0000", "", "01-01-9999",
            "01-01-0001", "٠٣-08-2026", "03-08-2026\n", "03/08/2026", "\0"]
)  # fmt: skip
def test_a_day_that_is_none_is_named(acme_client: Client, name: str, day: str) -> None:
    answer = acme_client.get(URL, {name: day})
    assert (answer.status_code, answer.json()) == (422, {"error": f"Invalid parameter: {name}"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("page", "0"), ("page", "x"), ("page", "9" * 5000), ("per_page", "201"),
        ("per_page", "-1"), ("per_page", "1e9"), ("status", "open"), ("status", ""),
        ("updated_since", "yesterday"), ("updated_since", "2026-03-04T15:00:00"),
        ("updated_since", "0001-01-01T00:00:00+14:00"), ("q", "\0"), ("q", "x" * 201),
    ],
)  # fmt: skip
def test_a_parameter_that_cannot_be_is_named(acme_client: Client, name: str, value: str) -> None:
    answer = acme_client.get(URL, {name: value})
    assert (answer.status_code, answer.json()) == (422, {"error": f"Invalid parameter: {name}"})


def test_the_first_fault_is_told(acme_client: Client) -> None:
    answer = acme_client.get(URL, {"page": "x", "to_date": "x", "from_date": "x"})
    assert answer.json() == {"error": "Invalid parameter: from_date"}


def test_pages_lead_to_each_other(acme: Account, acme_client: Client, at: datetime) -> None:
    taken = [take(acme, at, f"Wörter & 漢字 {number}").pk for number in range(5)]
    answer = acme_client.get(URL, {"per_page": "2", "q": "Wörter &"})
    seen: list[int] = []
    while True:
        assert answer.headers["X-Total-Count"] == "5"
        seen += [each["id"] for each in answer.json()["data"]]
        links = dict(part.split("; ")[::-1] for part in answer.headers["Link"].split(", "))
        if 'rel="next"' not in links:
            break
        answer = acme_client.get(links['rel="next"'].strip("<>"))
    assert seen == taken[::-1]
    assert set(links) == {'rel="first"', 'rel="last"', 'rel="prev"'}
    beyond = acme_client.get(f"{URL}?page=900000&per_page=200")
    assert beyond.json() == {"data": []}
    assert "page=1&" in beyond.headers["Link"]


def test_an_empty_list_has_one_page(acme_client: Client) -> None:
    answer = acme_client.get(URL)
    assert answer.content == b'{"data":[]}'
    assert answer.headers["X-Total-Count"] == "0"
    assert 'rel="next"' not in answer.headers["Link"]


def test_filters_narrow_together(acme: Account, acme_client: Client, at: datetime) -> None:
    early = take(acme, at, "Pipe 100% burst", first_name="Zoë")
    late = take(acme, at + timedelta(hours=1), "Pipe fixed", phone="+12125550177")
    with account_scope(acme.pk):
        actions.acknowledge(message=late, by="alice", at=late.created_at, through="portal")
    assert ids(acme_client, q="pipe") == [late.pk, early.pk]
    assert ids(acme_client, q="zoë pipe") == [early.pk]
    assert ids(acme_client, q="100%") == [early.pk]
    assert ids(acme_client, q="5550177", status="acknowledged") == [late.pk]
    assert ids(acme_client, q="pipe", status="new") == [early.pk]
    assert ids(acme_client, updated_since="2026-03-04T11:00:00-05:00") == [late.pk]
    assert ids(acme_client, updated_since="2026-03-04T16:00:00.001Z") == []


def test_any_text_comes_out_as_it_went_in(acme: Account, acme_client: Client, at: datetime) -> None:
    text = 'naïve "quotes" \\ back\u2028line </script> 👩‍🚒 עברית\ttab'
    message = take(acme, at, text, answers={text: text})
    answer = acme_client.get(f"{URL}/{message.pk}")
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert answer.json()["data"]["content"] == text
    assert answer.json()["data"]["answers"] == {text: text}


def test_a_message_is_acknowledged_once(acme: Account, acme_client: Client, at: datetime) -> None:
    message = take(acme, at)
    first = acme_client.post(f"{URL}/{message.pk}/acknowledge")
    assert first.status_code == 200
    shown = first.json()["data"]
    assert (shown["status"], shown["read"], shown["next_escalation_at"]) == (
        "acknowledged", True, None,
    )  # fmt: skip
    second = acme_client.post(
        f"{URL}/{message.pk}/acknowledge", data="{not json", content_type="application/json"
    )
    assert second.status_code == 409
    assert second.json() == {"error": "This message was already acknowledged by CRM."}
    activities = acme_client.get(f"{URL}/{message.pk}/activities")
    assert [each["kind"] for each in activities.json()["data"]] == ["taken", "acknowledged"]
    assert list(activities.json()["data"][1]) == ["id", "message_id", "at", "kind", "text", "by"]
    assert activities.json()["data"][1]["text"] == "Acknowledged by CRM, over the API"
    assert activities.headers["X-Total-Count"] == "2"


def test_reading_over_the_api_is_not_a_persons_look(
    acme: Account, acme_client: Client, at: datetime
) -> None:
    message = take(acme, at)
    assert acme_client.get(f"{URL}/{message.pk}").json()["data"]["read"] is False
    assert acme_client.get(f"{URL}/{message.pk}").json()["data"]["activities_count"] == 1


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Bearer wrong", "Basic abc", "wrong",
                                    "Bearer \xff\xfe", "Bearer a b"])  # fmt: skip
def test_a_bad_token_gets_the_seeds_answer(acme: Account, header: str) -> None:
    client = Client(headers={"Authorization": header} if header else {})
    for answer in (
        client.get(URL),
        client.get(URL, {"from_date": "x"}),
        client.get(f"{URL}/1"),
        client.get(f"{URL}/1/activities"),
        client.post(f"{URL}/1/acknowledge"),
    ):
        assert (answer.status_code, answer.json()) == (404, BAD_TOKEN)


def test_a_revoked_token_is_bad_at_once(acme: Account, enter: Enter) -> None:
    client = enter(acme)
    assert client.get(URL).status_code == 200
    ApiToken.objects.update(revoked_at=F("created_at"))
    assert client.get(URL).json() == BAD_TOKEN


def test_each_use_of_a_token_is_counted(acme_client: Client) -> None:
    acme_client.get(URL)
    acme_client.get(f"{URL}/1")
    token = ApiToken.objects.get()
    assert token.use_count == 2
    assert token.last_used_at is not None


def test_a_token_does_only_what_its_scopes_say(acme: Account, enter: Enter, at: datetime) -> None:
    message = take(acme, at)
    reader, writer = enter(acme, "messages:read"), enter(acme, "messages:write")
    for answer in (
        reader.post(f"{URL}/{message.pk}/acknowledge"),
        writer.get(URL),
        writer.get(f"{URL}/{message.pk}"),
        writer.get(f"{URL}/{message.pk}/activities"),
    ):
        assert (answer.status_code, answer.json()) == (403, {"error": "Forbidden"})
    assert reader.get(URL).status_code == 200
    assert writer.post(f"{URL}/{message.pk}/acknowledge").status_code == 200


def test_a_sign_in_is_no_token(acme: Account, alice: Any, at: datetime) -> None:
    client = Client()
    client.force_login(alice)
    assert client.get(URL).json() == BAD_TOKEN


def test_a_sign_in_does_not_change_whose_messages_a_token_shows(
    acme: Account, other: Account, charlie: Any, enter: Enter, at: datetime
) -> None:
    ours, theirs = take(acme, at), take(other, at)
    client = enter(acme)
    client.force_login(charlie)
    assert ids(client) == [ours.pk]
    assert client.get(f"{URL}/{theirs.pk}").status_code == 404


def test_no_answer_is_kept_on_the_way(acme_client: Client) -> None:
    assert acme_client.get(URL).headers["Cache-Control"] == "no-store"
    assert json.loads(acme_client.get(URL).content) == {"data": []}
