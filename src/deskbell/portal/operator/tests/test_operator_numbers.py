"""The operator's numbers: added, moved, removed, and what breaks when they go."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from deskbell.accounts.actions import add_number, edit_number
from deskbell.accounts.models import Account, NumberSpan, PhoneNumber
from deskbell.attendant.actions import add_system, set_extensions, set_numbers
from deskbell.audit.models import Entry
from deskbell.calls.actions import begin
from deskbell.calls.models import Call
from deskbell.desk.actions.terms import Terms, set_terms
from deskbell.foundation.sids import new_sid
from deskbell.lines.actions import add_phone
from deskbell.lines.models import Phone
from deskbell.messages.actions import Taken, take
from deskbell.messages.models import Message
from deskbell.platform.tenancy import account_scope, system_scope
from deskbell.scripts import actions as scripts
from deskbell.todos.actions import Fields, add_to_do
from deskbell.todos.models import ToDo

pytestmark = pytest.mark.django_db
NEW = {"account": "w0422", "number": "+1 212 555 0150", "kind": "attendant"}


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def numbers_of(account: Account) -> list[PhoneNumber]:
    with account_scope(account.pk):
        return list(PhoneNumber.objects.order_by("pk"))


@pytest.fixture
def used(acme: Account, acme_number: PhoneNumber, at: datetime) -> PhoneNumber:
    """Acme's number with everything that may hang on one."""
    with account_scope(acme.pk):
        system = add_system(account=acme, name="Main line", at=at)
        set_numbers(system=system, numbers=[acme_number], at=at)
        script = scripts.add_script(account_id=acme.pk, name="Front desk", by="olivia", at=at)
        scripts.publish(script=script, known_levels=(), by="olivia", at=at)
        scripts.use_script(number=acme_number, script=script, at=at)
        set_terms(account_id=acme.pk, number=acme_number, terms=Terms())
        add_phone(account=acme, name="front-desk", number=acme_number, at=at)
        add_to_do(
            account_id=acme.pk,
            fields=Fields(
                delivery_type="sms",
                contact="+1 212 555 0177",
                message_text="Hello",
                sender=acme_number.number,
            ),
            when={"frequency": "yearly", "times": ["9:00 AM"]},
            at=at,
        )
        call = begin(
            account_id=acme.pk,
            sid=new_sid("CA"),
            number=acme_number,
            caller_id="+12125550134",
            caller_name="",
            dialled=acme_number.number,
            at=at,
        )
        take(account_id=acme.pk, taken=Taken("Call back", number=acme_number, call=call), at=at)
    return acme_number


BREAKS = [
    "“Main line” is not reached by it",
    "the script “Front desk”",
    "terms of answering go",
    "“front-desk” stays, and rings for no number",
    "1 To Do that sends texts from it",
    "1 under way",
    "1 call and 1 message that came by it stay with Acme Dental",
]


def test_a_number_is_added_to_any_account(operator: Client, acme: Account, other: Account) -> None:
    assert operator.post("/operator/numbers/new/", NEW).status_code == 302
    [made] = numbers_of(other)
    assert (made.e164, made.is_extension, made.created_by) == (
        "+12125550150",
        False,
        "olivia@example.com",
    )
    extension = {
        "account": "W0422",
        "number": "+1 212 555 0151",
        "kind": "extension",
        "extension": "101",
        "spoken_name": "Charlie",
    }
    assert operator.post("/operator/numbers/new/", extension).status_code == 302
    listed = text_of(operator.get("/operator/numbers/", {"q": "charlie"}))
    assert "Extension 101" in listed
    found = operator.get("/operator/numbers/", {"q": "charlie"}).context["list"]
    assert [row.number.extension for row in found.rows] == ["101"]


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("account", ""),
        ("account", "W9999"),
        ("account", "\0"),
        ("account", "x" * 65),
        ("number", ""),
        ("number", "nobody"),
        ("number", "1" * 33),
        ("number", "212-555-0142"),  # Acme's, in another spelling
        ("number", "+1\x002125550150"),
        ("kind", ""),
        ("kind", "pager"),
        ("extension", "101"),  # of an attendant number
        ("extension", "x"),
        ("company_name", "x" * 201),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    operator: Client,
    acme_number: PhoneNumber,
    other: Account,
    field: str,
    typed: str,
) -> None:
    answer = operator.post("/operator/numbers/new/", {**NEW, field: typed})
    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert numbers_of(other) == []


def test_removing_says_what_breaks_and_keeps_what_happened(
    operator: Client, acme: Account, used: PhoneNumber
) -> None:
    asked = text_of(operator.get(f"/operator/numbers/{used.pk}/remove/"))
    for words in BREAKS:
        assert words in asked
    assert operator.post(f"/operator/numbers/{used.pk}/remove/").status_code == 302
    with account_scope(acme.pk):
        assert not PhoneNumber.objects.exists()
        assert Message.objects.count() == Call.objects.count() == 1
        assert Phone.objects.get().number is None
        assert ToDo.objects.get().phone is None
        assert NumberSpan.objects.get().ended_at is not None
    assert operator.post(f"/operator/numbers/{used.pk}/remove/").status_code == 404


def test_moving_says_what_breaks_and_leaves_what_happened(
    operator: Client, acme: Account, other: Account, used: PhoneNumber
) -> None:
    url = f"/operator/numbers/{used.pk}/move/"
    asked = text_of(operator.get(url))
    for words in BREAKS:
        assert words in asked
    moved = operator.post(url, {"account": "W0422"}, follow=True)
    assert "leads nowhere yet" in text_of(moved)
    [there] = numbers_of(other)
    assert (there.number, there.company_name) == (used.number, "")
    assert numbers_of(acme) == []
    with account_scope(acme.pk):
        assert Message.objects.count() == Call.objects.count() == 1
    with account_scope(other.pk):
        assert not Message.objects.exists()
        assert not Call.objects.exists()
    assert "Nobody has called it yet" in text_of(
        operator.get(f"/operator/numbers/{there.pk}/move/")
    )


def test_neither_account_learns_of_the_other(
    operator: Client, acme: Account, other: Account, acme_number: PhoneNumber
) -> None:
    operator.post(f"/operator/numbers/{acme_number.pk}/move/", {"account": "W0422"})
    with system_scope("test"):
        entries = list(Entry.objects.filter(act="operator:move_number"))
    told = {each.account_id: f"{each.words} {each.subject} {each.changes}" for each in entries}
    assert set(told) == {None, acme.pk, other.pk}
    assert "W0422" not in told[acme.pk]
    assert "W0411" not in told[other.pk]
    assert "W0411" in told[None]


@pytest.mark.parametrize("to", ["", "W0411", "W9999"])
def test_a_number_that_cannot_go_there_stays(
    operator: Client, acme: Account, acme_number: PhoneNumber, to: str
) -> None:
    url = f"/operator/numbers/{acme_number.pk}/move/"
    answer = operator.post(url, {"account": to})
    assert answer.status_code == 422
    assert answer.context["form"].errors["account"]
    assert numbers_of(acme) == [acme_number]


def test_an_extension_number_in_use_there_stops_the_move(
    operator: Client, acme: Account, other: Account, at: datetime
) -> None:
    with account_scope(acme.pk):
        here = add_number(account=acme, number="+1 212 555 0160", extension="101", at=at)
        system = add_system(account=acme, name="Main line", at=at)
        set_extensions(system=system, extensions=[here], at=at)
    with account_scope(other.pk):
        add_number(account=other, number="+1 212 555 0161", extension="101", at=at)
    answer = operator.post(f"/operator/numbers/{here.pk}/move/", {"account": "W0422"})
    assert answer.status_code == 422
    assert "extension number 101 already" in text_of(answer)
    assert numbers_of(acme) == [here]
    with account_scope(acme.pk):
        assert system.numbers.count() == 1


def test_of_two_operators_the_second_is_told(
    operator: Client, acme: Account, acme_number: PhoneNumber, at: datetime
) -> None:
    url = f"/operator/numbers/{acme_number.pk}/"
    mark = operator.get(url).context["form"].initial["seen"]
    with account_scope(acme.pk):
        edit_number(number=acme_number, is_extension=True, extension="7", at=at)
    told = operator.post(url, {"kind": "extension", "extension": "8", "seen": mark})
    assert told.status_code == 409
    assert numbers_of(acme)[0].extension == "7"


@pytest.mark.parametrize(
    "sort", ["number", "account", "kind", "name", "systems", "script", "added", "no such"]
)
def test_numbers_are_sorted_and_none_is_there_twice(
    operator: Client, acme: Account, used: PhoneNumber, at: datetime, sort: str
) -> None:
    with account_scope(acme.pk):
        extension = add_number(account=acme, number="+1 212 555 0160", extension="101", at=at)
        for name in ("Night", "Branch"):
            system = add_system(account=acme, name=name, at=at)
            set_extensions(system=system, extensions=[extension], at=at)
    for way in ("asc", "desc"):
        found = operator.get("/operator/numbers/", {"sort": sort, "dir": way}).context["list"]
        assert {row.number.pk for row in found.rows} == {used.pk, extension.pk}
        assert len(found.rows) == 2
    assert "Branch, Night" in text_of(operator.get("/operator/numbers/?format=csv"))
