"""What a To Do must have, and what is refused, in the order of the seed's table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from deskbell.accounts.models import Account, PhoneNumber
from deskbell.foundation.errors import InvalidInput, MissingInput, NotFound
from deskbell.platform.tenancy import account_scope
from deskbell.todos import queries
from deskbell.todos.actions import Fields, add_to_do, edit_to_do
from deskbell.todos.models import Run, ToDo
from deskbell.todos.rules import When, read_when

Make = Callable[..., ToDo]
pytestmark = pytest.mark.django_db
WEEKLY = {
    "frequency": "weekly",
    "times": ["9:00 AM"],
    "days": ["Tuesday", "Thursday", "Saturday"],
    "interval": 2,
}


def test_a_text_is_kept_as_the_seed_shows_it(make: Make, acme_number: PhoneNumber) -> None:
    made = make(WEEKLY, sender="+1 (212) 555-0142", instructions="x", subject="x")
    found = queries.one(made.pk)
    assert (found.phone, found.from_number) == (acme_number, "2125550142")
    assert (found.instructions, found.subject, found.sender_name) == (None, None, None)
    assert (found.is_sending, found.run_at, found.created_by) == (False, None, "Alice")
    schedule = found.schedule
    assert schedule.rule["rule_type"] == "IceCube::WeeklyRule"
    assert (schedule.times, schedule.previous_occurrence) == (["9:00 AM"], None)
    assert f"{schedule.next_occurrence:%Y-%m-%d %H:%M}" == "2026-03-05 14:00"


def test_a_mail_and_a_call_keep_what_is_theirs(make: Make) -> None:
    mail = make(
        delivery_type="email",
        contact="bob@example.com",
        sender="2125550142",
        subject="Soon",
        sender_name="Acme",
        from_email="alice@example.com",
    )
    assert (mail.from_number, mail.phone, mail.instructions) == (None, None, None)
    assert (mail.subject, mail.sender_name, mail.from_email) == (
        "Soon", "Acme", "alice@example.com",
    )  # fmt: skip
    call = make(delivery_type="Call", contact="(212) 555-0134", subject="x")
    assert (call.message_text, call.subject) == (None, None)
    assert (call.delivery_type, call.contact) == ("call", "(212) 555-0134")


# Each row breaks what it names, and all that stands after it in the seed's table.
ORDER: list[tuple[str, dict[str, Any]]] = [
    ("from", {"sender": "+12125559999"}),
    ("account_number", {"account_number": "W9999"}),
    ("delivery_type", {"delivery_type": "pigeon"}),
    ("contact", {"contact": "bob@example.com"}),
    ("message_text", {"message_text": "x" * 1601}),
    ("times", {"when": {**WEEKLY, "times": ["25:00 PM"]}}),
    ("sender_name", {"sender_name": "x\ny"}),
    ("from_email", {"from_email": "nobody"}),
    ("subject", {"subject": "x" * 201}),
]


@pytest.mark.parametrize("place", range(len(ORDER)))
def test_the_first_fault_in_the_seeds_order_is_named(
    in_acme: Account, at: datetime, place: int
) -> None:
    told: dict[str, Any] = {"delivery_type": "sms", "contact": "2125550134", "message_text": "Hi"}
    outside: dict[str, Any] = {"when": WEEKLY, "account_number": "W0411"}
    for _, changes in ORDER[place:]:
        for name, value in changes.items():
            (outside if name in outside else told)[name] = value
    with pytest.raises(InvalidInput) as refused:
        add_to_do(account_id=in_acme.pk, fields=Fields(**told), at=at, **outside)
    assert refused.value.field == ORDER[place][0]
    assert not ToDo.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"delivery_type": ""}, "delivery_type"),
        ({"contact": ""}, "contact"),
        ({"message_text": " \n"}, "message_text"),
        ({"delivery_type": "call", "instructions": ""}, "instructions"),
        (
            {"delivery_type": "email", "contact": "a@example.com", "message_text": ""},
            "message_text",
        ),
    ],
)
def test_what_is_missing_is_named(make: Make, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(MissingInput) as missing:
        make(**changes)
    assert missing.value.field == field


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"contact": "jose@example.com"}, "contact"),
        ({"contact": "12"}, "contact"),
        ({"contact": "w0411-front-desk"}, "contact"),
        ({"contact": "+12125550134\n+12125550135"}, "contact"),
        ({"delivery_type": "email", "contact": "+12125550134"}, "contact"),
        ({"delivery_type": "email", "contact": "a@example.com, b@example.com"}, "contact"),
        ({"delivery_type": "email", "contact": "A <a@example.com>"}, "contact"),
        ({"delivery_type": "call", "contact": "w0411-nobody"}, "contact"),
        ({"delivery_type": "call", "instructions": "x" * 2001}, "instructions"),
        ({"message_text": "a\x00b"}, "message_text"),
        ({"message_text": "\ud83d"}, "message_text"),
        ({"sender": "7"}, "from"),
    ],
)
def test_what_cannot_be_is_refused(make: Make, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        make(**changes)
    assert refused.value.field == field


def test_another_accounts_number_is_nobodys(make: Make, other: Account, at: datetime) -> None:
    from deskbell.accounts.actions import add_number

    with account_scope(other.pk):
        add_number(account=other, number="+1 212 555 0199", at=at)
    with pytest.raises(InvalidInput):
        make(sender="+12125550199")


def test_what_would_never_run_is_refused(make: Make, at: datetime) -> None:
    with pytest.raises(InvalidInput) as over:
        make({"rule": "today", "times": ["9:59 AM"]})
    assert over.value.field == "times"
    never = {"frequency": "monthly", "times": ["9:00 AM"], "days": [31], "interval": 12}
    with pytest.raises(InvalidInput) as refused:
        make(never, made_at=at - timedelta(days=30))
    assert refused.value.field == "days"


def test_words_of_all_kinds_are_kept(make: Make) -> None:
    words = "=1+1 <b>שלום</b> 🦷 %_\\ " + "x" * 100
    assert queries.one(make(message_text=words).pk).message_text == words.strip()


def when_of(schedule: Any) -> When:
    return read_when(schedule)


def test_an_edit_counts_anew_only_where_the_schedule_is_another(make: Make, at: datetime) -> None:
    made = make(WEEKLY)
    later = at + timedelta(days=8)  # the week between
    same = Fields("sms", "+12125550135", message_text="Other words")
    edited = edit_to_do(to_do=made, fields=same, when=when_of(WEEKLY), at=later)
    assert (edited.contact, edited.message_text) == ("+12125550135", "Other words")
    assert edited.schedule.next_occurrence == made.schedule.next_occurrence
    other = {**WEEKLY, "times": ["9:30 AM"]}
    edited = edit_to_do(to_do=made, fields=same, when=when_of(other), at=later)
    assert f"{edited.schedule.next_occurrence:%m-%d %H:%M}" == "03-14 13:30"
    assert not Run.objects.exists()


def test_nobody_sees_anothers(make: Make, other: Account) -> None:
    made = make()
    with account_scope(other.pk):
        assert not queries.listed().exists()
        with pytest.raises(NotFound):
            queries.one(made.pk)
    with pytest.raises(NotFound):
        queries.one(10**15)


def test_lists_are_searched_filtered_and_sorted(
    make: Make, django_assert_num_queries: Any, at: datetime
) -> None:
    text = make(WEEKLY, message_text="Bring the crown")
    mail = make(delivery_type="email", contact="bob@example.com", subject="Crown")
    call = make({"frequency": "daily", "times": ["9:00 AM"]}, delivery_type="call")
    with django_assert_num_queries(1):
        found = list(queries.listed("CROWN"))
        assert [each.schedule.times for each in found] == [[], ["9:00 AM"]]
    assert found == [mail, text]
    assert list(queries.listed(kind="call", state="active")) == [call]
    assert list(queries.listed(sort="next", descending=False)) == [mail, text, call]
    assert queries.standing(queries.one(call.pk)) == queries.Standing.ACTIVE
    assert not queries.listed("100%").exists()
    wrongs: list[dict[str, Any]] = [{"sort": "account"}, {"state": "gone"}, {"kind": "fax"}]
    for wrong in wrongs:
        with pytest.raises(InvalidInput):
            list(queries.listed(**wrong))
