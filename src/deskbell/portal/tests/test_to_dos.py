"""The pages of To Dos: what people see, make, change, stop and delete there."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from deskbell.accounts.actions import add_number
from deskbell.accounts.models import Account, PhoneNumber, User
from deskbell.foundation.clock import now
from deskbell.platform.tenancy import account_scope, system_scope
from deskbell.todos import actions
from deskbell.todos.models import Run, RunState, ToDo

pytestmark = pytest.mark.django_db
Add = Callable[..., ToDo]
WEEKLY = {"frequency": "weekly", "times": ["9:00 AM"], "days": ["Tuesday"], "interval": 2}
# What the form sends for a text every second Tuesday.
TEXT = {
    "delivery_type": "sms",
    "contact": "+1 212 555 0177",
    "from": "",
    "message_text": "Please confirm Thursday",
    "rule": "recurring",
    "times": "9am, 15:00",
    "frequency": "weekly",
    "interval": "2",
    "weekdays": ["2"],
}
EMAIL = {
    "delivery_type": "email",
    "contact": "ines@example.com",
    "subject": "Report",
    "message_text": "The report is due",
    "sender_name": "Acme",
    "from_email": "desk@example.com",
    "rule": "recurring",
    "times": "5:30 PM",
    "frequency": "monthly",
    "interval": "1",
    "month_days": ["1", "15"],
}


@pytest.fixture
def add(acme: Account, at: datetime) -> Add:
    """Makes a To Do of Acme: a text every second Tuesday, unless other fields are said."""

    def make(when: Any = None, **fields: Any) -> ToDo:
        known = {"delivery_type": "sms", "contact": "2125550177", "message_text": "Hello"}
        with account_scope(acme.pk):
            return actions.add_to_do(
                account_id=acme.pk,
                fields=actions.Fields(**{**known, **fields}),
                when=when or WEEKLY,
                at=at,
                by="Alice",
            )

    return make


def run(to_do: ToDo, state: RunState, at: datetime, answer: str = "") -> Run:
    """A run of a To Do."""
    with account_scope(to_do.account_id):
        return Run.objects.create(
            account_id=to_do.account_id, to_do=to_do, due_at=at, state=state, answer=answer
        )


def shown(client: Client, path: str, **query: Any) -> str:
    """The page's words; an HTML error is none."""
    answer = client.get(path, query)
    assert answer.status_code == 200
    return answer.content.decode()


def only() -> ToDo:
    """The one To Do there is, with its schedule."""
    with system_scope("test"):
        return ToDo.objects.select_related("schedule").get()


def test_an_empty_list_says_what_to_do(page: Client) -> None:
    text = shown(page, "/to-dos/")
    assert "Make the first To Do" in text
    assert "<table" not in text


def test_the_list_says_what_goes_out_and_what_became_of_it(
    page: Client, add: Add, at: datetime
) -> None:
    run(add(message_text="Your crown is ready"), RunState.FAILED, at, "Its owner answered STOP")
    text = shown(page, "/to-dos/")
    for words in (
        "(212) 555-0177", "Your crown is ready", "Every 2 weeks on Tuesday at 9:00 AM",
        "Failed", "Active", "Last run",
    ):  # fmt: skip
        assert words in text


def test_search_kind_and_state_leave_others_out(page: Client, add: Add, at: datetime) -> None:
    text, mail = add(message_text="Crown"), add(delivery_type="email", contact="ines@example.com")
    call = add(delivery_type="call", instructions="Lock the door", message_text="")
    with account_scope(call.account_id):
        actions.pause_to_do(to_do=call, at=at)
    wanted = [
        ({"q": "crown"}, text), ({"q": "INES@"}, mail), ({"kind": "call"}, call),
        ({"state": "paused"}, call), ({"kind": "email", "state": "active"}, mail),
    ]  # fmt: skip
    for query, found in wanted:
        for path in ("/to-dos/", "/to-dos/list/"):
            listed = shown(page, path, **query)
            assert listed.count('class="row-open"') == 1, query
            assert f"/to-dos/{found.pk}/" in listed
    assert "No To Do has “zebra”" in shown(page, "/to-dos/", q="zebra")
    assert "other filters" in shown(page, "/to-dos/", kind="call", state="done")


@pytest.mark.parametrize(
    "query",
    [
        "sort=nonsense",
        "page=0",
        "page=-1",
        "page=9999999999",
        "page=x",
        "q=%00",
        "q=%25_",
        "kind=fax",
    ],
)
def test_an_address_that_makes_no_sense_shows_the_list(page: Client, add: Add, query: str) -> None:
    add()
    assert page.get(f"/to-dos/?{query}").status_code == 200


def test_every_header_sorts_both_ways(page: Client, add: Add) -> None:
    first = add(contact="2125550101", when={"frequency": "daily", "times": ["9:00 AM"]})
    last = add(contact="2125550199", when={"frequency": "yearly", "times": ["9:00 AM"]})
    for sort in ("contact", "next", "created_at"):
        listed = {way: shown(page, "/to-dos/", sort=sort, dir=way) for way in ("asc", "desc")}
        for way, text in listed.items():
            order = [text.index(f"/to-dos/{each.pk}/") for each in (first, last)]
            assert (order[0] < order[1]) == (way == "asc"), (sort, way)


def test_pages_of_the_list(page: Client, add: Add) -> None:
    for _ in range(26):
        add()
    assert "1\u201325 of 26" in shown(page, "/to-dos/")
    assert "26 of 26" in shown(page, "/to-dos/", page=2)
    assert "26 of 26" in shown(page, "/to-dos/", page=9)


def test_a_list_asks_as_often_for_many(
    page: Client, add: Add, at: datetime, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(12):
        run(add(), RunState.SENT, at)
    made = add()
    with django_assert_max_num_queries(12):
        shown(page, "/to-dos/")
    with django_assert_max_num_queries(11):
        shown(page, f"/to-dos/{made.pk}/")
    with django_assert_max_num_queries(6):
        shown(page, f"/to-dos/{made.pk}/live/")


def test_the_list_as_a_table_runs_nothing(page: Client, add: Add) -> None:
    add(message_text='=HYPERLINK("http://example.com")')
    answer = page.get("/to-dos/?format=csv")
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert "\"'=HYPERLINK" in answer.content.decode()


def test_html_is_shown_as_text(page: Client, add: Add) -> None:
    made = add(message_text="<script>alert(1)</script>")
    for path in ("/to-dos/", f"/to-dos/{made.pk}/", f"/to-dos/{made.pk}/edit/"):
        assert "<script>alert" not in shown(page, path)


def test_a_text_is_made_as_the_form_says(page: Client, acme_number: PhoneNumber) -> None:
    answer = page.post("/to-dos/new/", {**TEXT, "from": acme_number.number, "instructions": "no"})
    made = only()
    assert answer.headers["Location"] == f"/to-dos/{made.pk}/"
    assert (made.contact, made.phone_id) == ("+1 212 555 0177", acme_number.pk)
    assert (made.message_text, made.instructions) == ("Please confirm Thursday", None)
    assert made.schedule.times == ["9:00 AM", "3:00 PM"]
    assert made.schedule.rule["validations"] == {"day": [2]}
    assert made.created_by == "Alice"
    followed = shown(page, f"/to-dos/{made.pk}/")
    assert "Saved. Every 2 weeks on Tuesday at 9:00 AM and 3:00 PM." in followed


def test_an_email_is_made_as_the_form_says(page: Client) -> None:
    assert page.post("/to-dos/new/", EMAIL).status_code == 302
    made = only()
    assert (made.subject, made.sender_name, made.from_email) == (
        "Report",
        "Acme",
        "desk@example.com",
    )
    assert made.schedule.rule["validations"] == {"day_of_month": [1, 15]}


def test_right_away_runs_right_away(page: Client) -> None:
    form = {"delivery_type": "call", "contact": "2125550177", "instructions": "Hello"}
    assert page.post("/to-dos/new/", {**form, "rule": "immediately"}).status_code == 302
    next_run = only().schedule.next_occurrence
    assert next_run is not None
    assert abs(next_run - now()) < timedelta(minutes=1)


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"contact": ""}, "contact", "Say to whom"),
    ({"contact": "ines@example.com"}, "contact", "phone number"),
    ({"message_text": " "}, "message_text", "Write what it says"),
    ({"message_text": "x" * 1_000_000}, "message_text", "at most"),
    ({"message_text": "a\0b"}, "message_text", "Null"),
    ({"delivery_type": "call"}, "instructions", "Write what the call says"),
    ({"delivery_type": "email"}, "contact", "email address"),
    ({"delivery_type": "fax"}, "delivery_type", "Choose how"),
    ({"delivery_type": ""}, "delivery_type", "Choose how"),
    ({"from": "+1 212 555 0199"}, "from", "the account&#x27;s numbers"),
    ({"rule": "never"}, "rule", "Choose when"),
    ({"times": ""}, "times", "Say at what times"),
    ({"times": "25:00 PM"}, "times", "9:00 AM"),
    ({"times": "9"}, "times", "9:00 AM"),
    ({"times": "24:30"}, "times", "9:00 AM"),
    ({"times": "now"}, "times", "9:00 AM"),
    ({"interval": "0"}, "interval", "1 to 999"),
    ({"interval": "two"}, "interval", "1 to 999"),
    ({"weekdays": ["9"]}, "weekdays", "not one of the available"),
    ({"frequency": "hourly"}, "frequency", "not one of the available"),
    ({"frequency": "monthly", "month_days": ["32"]}, "month_days", "not one of the available"),
]


@pytest.mark.parametrize(("changed", "field", "words"), WRONG)
def test_a_fault_stands_beside_its_field(
    page: Client, changed: dict[str, Any], field: str, words: str
) -> None:
    answer = page.post("/to-dos/new/", {**TEXT, **changed})
    assert answer.status_code == 422
    form = answer.context["form"]
    assert words in str(form.errors[field]), form.errors
    assert "Deskbell calls" in answer.content.decode()  # the whole form is there again
    with system_scope("test"):
        assert not ToDo.objects.exists()


def test_all_that_is_missing_is_said_at_once(page: Client) -> None:
    answer = page.post("/to-dos/new/", {"delivery_type": "email", "rule": "recurring"})
    assert set(answer.context["form"].errors) == {"contact", "message_text", "times"}


def test_every_day_of_a_month_that_has_none_is_refused(page: Client) -> None:
    form = {**TEXT, "frequency": "monthly", "month_days": ["31"], "interval": "12"}
    answer = page.post("/to-dos/new/", form)
    assert answer.status_code in {302, 422}  # whether this month has a 31st


def test_editing_shows_what_is_kept_and_keeps_what_is_sent(page: Client, add: Add) -> None:
    made = add()
    answer = page.get(f"/to-dos/{made.pk}/edit/")
    form = answer.context["form"]
    assert form.initial["times"] == "9:00 AM"
    assert form.initial["weekdays"] == ["2"]
    sent = {**EMAIL, "seen": form.initial["seen"]}
    assert page.post(f"/to-dos/{made.pk}/edit/", sent).status_code == 302
    changed = only()
    assert (changed.delivery_type, changed.contact) == ("email", "ines@example.com")
    assert changed.from_number is None


def test_the_second_of_two_who_edit_is_told(page: Client, add: Add) -> None:
    made = add()
    seen = page.get(f"/to-dos/{made.pk}/edit/").context["form"].initial["seen"]
    assert page.post(f"/to-dos/{made.pk}/edit/", {**TEXT, "seen": seen}).status_code == 302
    mine = {**TEXT, "message_text": "Mine", "seen": seen}
    answer = page.post(f"/to-dos/{made.pk}/edit/", mine)
    assert answer.status_code == 409
    assert "Saved by somebody else" in answer.content.decode()
    assert only().message_text == "Please confirm Thursday"
    again = {**mine, "seen": answer.context["form"]["seen"].value()}
    assert page.post(f"/to-dos/{made.pk}/edit/", again).status_code == 302
    assert only().message_text == "Mine"


def test_the_schedule_is_said_in_words_as_one_types(page: Client) -> None:
    answer = page.post("/to-dos/preview/", {**TEXT, "frequency": "daily", "interval": "1"})
    text = answer.content.decode()
    assert "Every day at 9:00 AM and 3:00 PM" in text
    assert text.count("<li>") == 5
    wrong = page.post("/to-dos/preview/", {**TEXT, "times": "25:00 PM"})
    assert wrong.status_code == 200
    assert "no time" in wrong.content.decode()
    assert page.post("/to-dos/preview/", {}).status_code == 200
    at_once = page.post("/to-dos/preview/", {"rule": "immediately"}).content.decode()
    assert "as soon as it is saved" in at_once


def test_a_form_shows_its_next_runs_without_a_script(page: Client, add: Add) -> None:
    for path in ("/to-dos/new/", f"/to-dos/{add().pk}/edit/"):
        assert shown(page, path).count("<li>") >= 5


def test_paused_resumed_and_run_by_a_button(page: Client, add: Add) -> None:
    made = add()
    path = f"/to-dos/{made.pk}/"
    page.post(f"{path}pause/")
    assert "Paused: it does not run" in shown(page, path)
    assert only().schedule.next_occurrence is None
    page.post(f"{path}resume/")
    assert "It runs again" in shown(page, path)
    assert only().schedule.next_occurrence is not None
    assert "A text goes to (212) 555-0177" in shown(page, f"{path}run/")
    page.post(f"{path}run/")
    page.post(f"{path}run/")
    text = shown(page, path)
    assert "is on its way" in text
    assert "under way; wait" in text
    with system_scope("test"):
        assert Run.objects.count() == 1


def test_deleting_says_what_else_goes(page: Client, add: Add, at: datetime) -> None:
    made = add()
    for day in range(3):
        run(made, RunState.SENT, at + timedelta(days=day))
    asked = shown(page, f"/to-dos/{made.pk}/delete/")
    assert "CANNOT be undone" in asked
    assert "Its schedule: Every 2 weeks on Tuesday at 9:00 AM" in asked
    assert "history of its 3 runs" in asked
    with system_scope("test"):
        assert ToDo.objects.count() == 1
    assert page.post(f"/to-dos/{made.pk}/delete/").headers["Location"] == "/to-dos/"
    with system_scope("test"):
        assert not ToDo.objects.exists()
    assert page.get(f"/to-dos/{made.pk}/").status_code == 404
    assert page.post(f"/to-dos/{made.pk}/delete/").status_code == 404


def test_the_history_says_what_came_back(page: Client, add: Add, at: datetime) -> None:
    made = add()
    run(made, RunState.SENT, at)
    run(made, RunState.FAILED, at + timedelta(days=1), "The phone is switched off")
    run(made, RunState.UNKNOWN, at + timedelta(days=2))
    run(made, RunState.MISSED, at + timedelta(days=3))
    text = shown(page, f"/to-dos/{made.pk}/")
    order = [text.index(words) for words in ("Missed", "Unknown", "switched off", "Sent")]
    assert order == sorted(order)
    assert "may have arrived" in text


def test_a_page_that_polls_is_told_that_nothing_changed(page: Client, add: Add) -> None:
    made = add()
    path = f"/to-dos/{made.pk}/live/"
    tag = page.get(path).headers["ETag"]
    assert page.get(path, headers={"If-None-Match": tag}).status_code == 304
    run(made, RunState.SENT, datetime(2026, 3, 4, tzinfo=UTC))
    assert page.get(path, headers={"If-None-Match": tag}).status_code == 200
    assert json.dumps(tag)


def test_another_accounts_number_cannot_be_the_sender(
    page: Client, other: Account, at: datetime
) -> None:
    with account_scope(other.pk):
        theirs = add_number(account=other, number="+1 312 555 0122", at=at).number
    answer = page.post("/to-dos/new/", {**TEXT, "from": theirs})
    assert answer.status_code == 422
    assert "555-0122" not in page.get("/to-dos/new/").content.decode()


def test_members_and_staff_may_all_do_it(
    signed_in: Callable[[User], Client], bob: User, rita: User, olivia: User, alice: User
) -> None:
    for user in (bob, rita, olivia):
        client = signed_in(user)
        assert client.get("/to-dos/").status_code == 200
        assert client.post("/to-dos/new/", TEXT).status_code == 302
