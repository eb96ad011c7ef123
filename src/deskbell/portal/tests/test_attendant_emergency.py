"""The emergency switch: live at once, shown everywhere, ended by hand or by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from deskbell.accounts.models import Account, User
from deskbell.attendant.actions import add_announcement
from deskbell.attendant.models import Announcement, Draft, Menu, System
from deskbell.foundation.clock import now
from deskbell.platform.tenancy import account_scope
from deskbell.portal.attendant.emergency.forms import EmergencyForm

pytestmark = pytest.mark.django_db
Sign = Callable[[User], Client]
ON = "Emergency switch is on"


@pytest.fixture
def closed(acme: Account, at: datetime) -> Announcement:
    with account_scope(acme.pk):
        return add_announcement(
            account=acme,
            name="Burst pipe",
            type="say",
            body="We are closed, a pipe has burst.",
            language="en-US",
            voice="Man",
            at=at,
        )


def address(system: System) -> str:
    return f"/attendant/emergency/{system.sid}/"


def standing(system: System, acme: Account) -> System:
    with account_scope(acme.pk):
        return System.objects.select_related("emergency_menu", "emergency_announcement").get(
            pk=system.pk
        )


def test_it_is_on_at_once_and_everywhere_and_no_draft(
    page: Client, attendant: System, acme: Account, closed: Announcement
) -> None:
    before = standing(attendant, acme).version
    answer = page.post(
        address(attendant), {"plays": f"announcement:{closed.sid}", "lasts": "60"}, follow=True
    )
    text = answer.content.decode()
    assert ON in text
    assert "Burst pipe" in text
    found = standing(attendant, acme)
    assert found.emergency_announcement == closed
    assert found.emergency_until is not None
    assert timedelta(minutes=59) < found.emergency_until - now() <= timedelta(hours=1)
    assert found.version != before
    for path in ("/", "/attendant/systems/", "/attendant/schedules/", "/attendant/time-machine/"):
        assert ON in page.get(path, follow=True).content.decode()
    with account_scope(acme.pk):
        assert not Draft.objects.exists()


def test_a_menu_can_answer_instead(page: Client, attendant: System, acme: Account) -> None:
    with account_scope(acme.pk):
        night = Menu.objects.get(name="Night")
    page.post(address(attendant), {"plays": f"menu:{night.sid}", "lasts": "day"})
    found = standing(attendant, acme)
    assert found.emergency_menu == night
    assert found.emergency_until is not None
    local = found.emergency_until.astimezone(UTC)
    assert (local.minute, local.second) == (0, 0)
    assert "Emergency" in page.get("/attendant/").content.decode()


def test_it_is_ended_by_hand(
    page: Client, attendant: System, acme: Account, closed: Announcement
) -> None:
    page.post(address(attendant), {"plays": f"announcement:{closed.sid}", "lasts": "60"})
    text = page.post(address(attendant), {"end": "1"}, follow=True).content.decode()
    assert ON not in text
    assert standing(attendant, acme).emergency_until is None


def test_it_ends_by_itself(
    page: Client, attendant: System, acme: Account, closed: Announcement
) -> None:
    page.post(address(attendant), {"plays": f"announcement:{closed.sid}", "lasts": "60"})
    with account_scope(acme.pk):
        System.objects.update(emergency_until=now() - timedelta(seconds=1))
    assert ON not in page.get("/attendant/").content.decode()


@pytest.mark.parametrize(
    ("posted", "words"),
    [
        ({"lasts": "60"}, "Choose what callers meet instead."),
        ({"plays": "announcement:AN00", "lasts": "60"}, "Select a valid choice"),
        ({"plays": "CLOSED", "lasts": "time"}, "Say when it ends."),
        ({"plays": "CLOSED", "lasts": "time", "until": "2020-01-01T10:00"}, "This time is over"),
        ({"plays": "CLOSED", "lasts": "time", "until": "2090-01-01T10:00"}, "within a year"),
        ({"plays": "CLOSED", "lasts": "time", "until": "soon"}, "Enter a valid date/time"),
    ],
)
def test_what_cannot_be_is_said_in_words(
    page: Client, attendant: System, closed: Announcement, posted: dict[str, str], words: str
) -> None:
    sent = {
        name: value.replace("CLOSED", f"announcement:{closed.sid}")
        for name, value in posted.items()
    }
    answer = page.post(address(attendant), sent)
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_times_are_the_systems_own(attendant: System, acme: Account, closed: Announcement) -> None:
    at = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)
    with account_scope(acme.pk):
        data = {
            "plays": f"announcement:{closed.sid}",
            "lasts": "time",
            "until": "2026-03-04T18:30",
        }
        form = EmergencyForm(attendant, at, data)
        assert form.is_valid(), form.errors
        assert form.ends == datetime(2026, 3, 4, 23, 30, tzinfo=UTC)
        whole_day = EmergencyForm(attendant, at, data | {"lasts": "day"})
        assert whole_day.is_valid()
        assert whole_day.ends == datetime(2026, 3, 5, 5, 0, tzinfo=UTC)


def test_who_may_not_edit_may_not_switch(
    signed_in: Sign, rita: User, attendant: System, acme: Account, closed: Announcement
) -> None:
    client = signed_in(rita)
    sent = {"plays": f"announcement:{closed.sid}", "lasts": "60"}
    assert client.post(address(attendant), sent).status_code == 403
    assert client.get(address(attendant)).status_code == 403
    assert standing(attendant, acme).emergency_until is None


def test_another_account_cannot_touch_it(
    signed_in: Sign, charlie: User, attendant: System, acme: Account, closed: Announcement
) -> None:
    client = signed_in(charlie)
    sent = {"plays": f"announcement:{closed.sid}", "lasts": "60"}
    assert client.post(address(attendant), sent).status_code == 404
    assert standing(attendant, acme).emergency_until is None
