"""Links for calendar programs, and calendars of other programs brought onto a level."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from deskbell.accounts.models import Account, User
from deskbell.contacts.actions import add_contact
from deskbell.contacts.models import Contact
from deskbell.delivery.actions import add_checked_method
from deskbell.oncall import actions
from deskbell.oncall.models import EscalationLevel, Event
from deskbell.platform.tenancy import account_scope

pytestmark = pytest.mark.django_db
LIST = "/oncall/feeds/"
IMPORT = f"{LIST}import/"
Sign = Callable[[User], Client]
CALENDAR = """BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//Example//Team//EN\r
X-WR-CALNAME:Night team\r
BEGIN:VEVENT\r
UID:1@example.com\r
DTSTART:20300107T200000\r
DTEND:20300108T080000\r
RRULE:FREQ=WEEKLY;BYDAY=MO\r
SUMMARY:Nina Field\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:2@example.com\r
DTSTART:20300109T200000\r
DTEND:20300110T080000\r
SUMMARY:Somebody unknown\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:3@example.com\r
DTSTART:20100109T200000\r
DTEND:20100110T080000\r
SUMMARY:Long ago\r
END:VEVENT\r
END:VCALENDAR\r
"""


@pytest.fixture
def level(acme: Account, at: datetime) -> EscalationLevel:
    """A level of Acme's, with nobody on it."""
    with account_scope(acme.pk):
        return actions.add_level(account_id=acme.pk, name="On call", at=at)


@pytest.fixture
def nina(acme: Account, at: datetime) -> Contact:
    """A contact of Acme's, reached by email."""
    with account_scope(acme.pk):
        contact = add_contact(account_id=acme.pk, name="Nina Field", at=at)
        add_checked_method(contact=contact, kind="email", address="nina@example.com", at=at)
    return contact


def text_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def file_of(text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("team.ics", text.encode(), content_type="text/calendar")


def test_every_level_and_contact_has_a_link(
    page: Client, level: EscalationLevel, nina: Contact
) -> None:
    text = text_of(page, LIST)
    assert text.count("/calendars/") == 2
    assert "No contact has" in text_of(page, f"{LIST}?q=zebra")
    for path in (f"{LIST}levels/{level.pk}/", f"{LIST}contacts/{nina.pk}/"):
        steps = text_of(page, path)
        for program in ("Google Calendar", "Apple Calendar", "Outlook"):
            assert program in steps


def test_an_empty_account_is_told_what_to_do(page: Client) -> None:
    text = text_of(page, LIST)
    assert "Make the first" in text
    assert "Add the first" in text


def test_a_new_link_ends_the_old_one(page: Client, level: EscalationLevel) -> None:
    path = f"{LIST}levels/{level.pk}/"
    before = page.get(path).context["feed"].url
    assert "The old link shows nothing from now on" in text_of(page, f"{path}renew/")
    page.post(f"{path}renew/")
    after = page.get(path).context["feed"].url
    assert after != before
    assert page.get(before.split("://", 1)[1].partition("/")[2].join(("/", ""))).status_code == 404
    assert page.get(after.split("://", 1)[1].partition("/")[2].join(("/", ""))).status_code == 200


def test_a_file_is_looked_at_before_it_is_taken(
    page: Client, acme: Account, level: EscalationLevel, nina: Contact
) -> None:
    shown = page.post(IMPORT, {"level": level.pk, "file": file_of(CALENDAR)})
    assert shown.status_code == 200
    text = shown.content.decode()
    assert "Night team" in text
    assert "1 event that is over was left out" in text
    with account_scope(acme.pk):
        assert not Event.objects.exists()
    preview, packed = shown.context["preview"], shown.context["packed"]
    every = [each.key for each in preview.found]
    posted = {"packed": packed, "level": level.pk, "key": every, "who-0": nina.pk, "who-1": ""}
    refused = page.post(IMPORT, posted)
    assert refused.status_code == 422
    assert "Choose who is on call" in refused.content.decode()
    answer = page.post(IMPORT, posted | {"who-1": nina.pk})
    assert answer.headers["Location"] == f"/oncall/?level={level.pk}"
    with account_scope(acme.pk):
        assert sorted(Event.objects.values_list("frequency", flat=True)) == ["once", "weekly"]
    page.post(IMPORT, posted | {"key": every[:1], "replace": "on"})
    with account_scope(acme.pk):
        assert Event.objects.get().frequency == "weekly"


def test_the_preview_knows_contacts_by_their_names(
    page: Client, level: EscalationLevel, nina: Contact
) -> None:
    shown = page.post(IMPORT, {"level": level.pk, "file": file_of(CALENDAR)})
    chosen = {
        chooser.label: [who.label for who in whos if who.is_chosen]
        for chooser, whos in shown.context["choosers"]
    }
    assert chosen == {"Nina Field": ["Nina Field"], "Somebody unknown": []}


EVENT = (
    "BEGIN:VEVENT\r\nDTSTART:20300107T200000\r\nDTEND:20300108T080000\r\n"
    "SUMMARY:{}\r\nEND:VEVENT\r\n"
)
MANY = "".join(EVENT.format(f"Person {number}") for number in range(201))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "Choose a file, or type an address"),
        ({"file": "no calendar"}, "This is not a calendar"),
        ({"file": "x" * 2_000_001}, "too large"),
        ({"file": f"BEGIN:VCALENDAR\r\n{MANY}END:VCALENDAR\r\n"}, "201 different titles"),
        ({"url": "http://127.0.0.1/x.ics"}, "private"),
        ({"file": CALENDAR, "url": "https://example.com/x.ics"}, "not both"),
    ],
)
def test_what_is_no_calendar_is_refused_beside_its_field(
    page: Client, level: EscalationLevel, given: dict[str, str], words: str
) -> None:
    posted = {"level": level.pk, "url": given.get("url", "")}
    if "file" in given:
        posted["file"] = file_of(given["file"])
    answer = page.post(IMPORT, posted)
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_a_spoilt_preview_starts_again(page: Client, level: EscalationLevel) -> None:
    answer = page.post(IMPORT, {"packed": "zzz", "level": level.pk}, follow=True)
    assert "choose the file again" in answer.content.decode()


def test_whoever_may_only_look_brings_nothing(
    signed_in: Sign, bob: User, level: EscalationLevel, nina: Contact
) -> None:
    client = signed_in(bob)
    assert client.get(IMPORT).status_code == 403
    assert client.post(f"{LIST}levels/{level.pk}/renew/").status_code == 403
    assert client.post(f"{LIST}contacts/{nina.pk}/renew/").status_code == 403
    assert client.get(LIST).status_code == 200


def test_many_contacts_cost_no_more_queries(
    page: Client,
    acme: Account,
    level: EscalationLevel,
    at: datetime,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    page.get(LIST)
    with django_assert_max_num_queries(16) as few:
        page.get(LIST)
    with account_scope(acme.pk):
        for number in range(30):
            add_contact(account_id=acme.pk, name=f"Person {number}", at=at)
    with django_assert_max_num_queries(16) as many:
        page.get(LIST)
    assert len(many) == len(few)
