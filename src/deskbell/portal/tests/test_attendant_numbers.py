"""Numbers in the console: the list, what a number is and where it leads, and who may change it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from deskbell.accounts.actions import add_number, join
from deskbell.accounts.models import Account, PhoneNumber, User
from deskbell.accounts.rules import Right
from deskbell.attendant.models import Draft, System
from deskbell.attendant.queries import planned
from deskbell.attendant.rules.edits import find_number, find_system
from deskbell.attendant.rules.plans import NumberPlan
from deskbell.platform.tenancy import account_scope

pytestmark = pytest.mark.django_db
LIST = "/attendant/numbers/"
Sign = Callable[[User], Client]


@pytest.fixture
def ines(attendant: System) -> PhoneNumber:
    """The extension 101."""
    with account_scope(attendant.account_id):
        return PhoneNumber.objects.get(extension="101")


def drafted(account: Account, number: str) -> NumberPlan:
    """The number as the draft has it."""
    with account_scope(account.pk):
        return find_number(planned(account.pk).plan, number)


def extensions_of(system: System) -> tuple[str, ...]:
    """The system's extensions as the draft has them."""
    with account_scope(system.account_id):
        return find_system(planned(system.account_id).plan, system.sid).extensions


def path_of(number: PhoneNumber) -> str:
    return f"{LIST}{number.sid}/"


def seen_on(client: Client, path: str) -> str:
    return str(client.get(path).context["form"]["seen"].value())


def test_the_list_finds_filters_and_sorts(page: Client, attendant: System) -> None:
    rows = page.get(LIST).context["list"].rows
    assert [row.number.extension for row in rows] == ["101", "102", ""]
    found = page.get(f"{LIST}?q=ines").context["list"].rows
    assert [row.number.spoken_name for row in found] == ["Ines Ortega"]
    assert len(page.get(f"{LIST}?show=extension").context["list"].rows) == 2
    assert len(page.get(f"{LIST}?show=free").context["list"].rows) == 2
    assert len(page.get(f"{LIST}?show=attendant").context["list"].rows) == 1
    names = [
        row.number.spoken_name
        for row in page.get(f"{LIST}?sort=name&dir=desc").context["list"].rows
    ]
    assert names == ["Otto Brandt", "Ines Ortega", ""]
    assert "Main line" in page.get(f"{LIST}?format=csv").content.decode()


@pytest.mark.parametrize("who", ["alice", "bob"])
def test_an_extension_becomes_reachable(
    who: str, alice: User, bob: User, signed_in: Sign, ines: PhoneNumber, attendant: System
) -> None:
    """By an administrator, and by somebody who was given this and the attendant alone."""
    accesses = [Right.ATTENDANT, Right.EXTENSIONS]
    join(user=bob, account=attendant.account, accesses=accesses)
    page = signed_in({"alice": alice, "bob": bob}[who])
    path = path_of(ines)
    posted = {
        "kind": "extension",
        "extension": "111",
        "spoken_name": "Ines",
        "systems": [attendant.sid],
        "seen": seen_on(page, path),
    }
    assert page.post(path, posted).status_code == 302
    made = drafted(ines.account, ines.number)
    assert (made.extension, made.spoken_name) == ("111", "Ines")
    assert extensions_of(attendant) == (ines.number,)
    with account_scope(ines.account_id):
        assert PhoneNumber.objects.get(pk=ines.pk).extension == "101"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"extension": "1a"}, "1 to 12 digits"),
        ({"extension": "1" * 13}, "1 to 12 digits"),
        ({"extension": "102"}, "Otto Brandt. Choose another number."),
        ({"kind": "pager"}, "Select a valid choice"),
        ({"systems": ["AAnone"]}, "not there any more"),
        ({"spoken_name": "x" * 201}, "at most 200"),
    ],
)
def test_bad_input_stays_with_its_reason(
    page: Client, ines: PhoneNumber, typed: dict[str, str], words: str
) -> None:
    path = path_of(ines)
    posted = {"kind": "extension", "spoken_name": "Kept as typed", "seen": seen_on(page, path)}
    answer = page.post(path, posted | typed)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert words in text
    assert "Kept as typed" in text or "spoken_name" in typed
    with account_scope(ines.account_id):
        assert not Draft.objects.exists()


def test_an_extension_turns_into_an_attendant_number(
    page: Client, ines: PhoneNumber, attendant: System
) -> None:
    path = path_of(ines)
    posted = {"kind": "attendant", "system": attendant.sid, "seen": seen_on(page, path)}
    assert page.post(path, posted).status_code == 302
    made = drafted(ines.account, ines.number)
    assert (made.is_extension, made.extension) == (False, "")
    with account_scope(ines.account_id):
        system = find_system(planned(ines.account_id).plan, attendant.sid)
    assert ines.number in system.numbers
    assert ines.number not in system.extensions


def test_an_aa_admin_sees_extensions_and_cannot_change_them(
    signed_in: Sign, bob: User, ines: PhoneNumber, acme_number: PhoneNumber, attendant: System
) -> None:
    client = signed_in(bob)
    text = client.get(path_of(ines)).content.decode()
    assert "an Enterprise Admin can change them" in text
    assert "Save to draft" not in text
    assert client.post(path_of(ines), {"kind": "extension"}).status_code == 403
    assert client.post(path_of(acme_number), {"kind": "extension"}).status_code == 403
    posted = {"kind": "attendant", "seen": seen_on(client, path_of(acme_number))}
    assert client.post(path_of(acme_number), posted).status_code == 302
    with account_scope(attendant.account_id):
        system = find_system(planned(attendant.account_id).plan, attendant.sid)
    assert system.numbers == ()


def test_of_two_people_the_second_is_told(
    page: Client, signed_in: Sign, olivia: User, ines: PhoneNumber
) -> None:
    other = signed_in(olivia)
    other.post("/account/", {"account": ines.account_id})
    path = path_of(ines)
    mine = {"kind": "extension", "spoken_name": "Mine", "seen": seen_on(page, path)}
    theirs = {"kind": "extension", "spoken_name": "Theirs", "seen": seen_on(other, path)}
    assert other.post(path, theirs).status_code == 302
    answer = page.post(path, mine)
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Saved by somebody else: <strong>Theirs</strong>" in text
    assert 'value="Mine"' in text


@pytest.mark.parametrize("sid", ["PHnone", "%00", "x" * 300])
def test_a_number_of_nobody(page: Client, acme: Account, sid: str) -> None:
    assert page.get(f"{LIST}{sid}/").status_code == 404


def test_many_numbers_take_pages_and_few_queries(
    page: Client,
    attendant: System,
    acme: Account,
    at: datetime,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    with account_scope(acme.pk):
        for number in range(60):
            add_number(account=acme, number=f"+1 212 555 7{number:03}", at=at)
    with django_assert_max_num_queries(40):
        shown = page.get(LIST).context["list"]
    assert (shown.first, shown.last, shown.total) == (1, 50, 63)
