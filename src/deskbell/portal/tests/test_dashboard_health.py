"""Staff see on the dashboard how the system is; nobody else does."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from deskbell.accounts.models import Account, User
from deskbell.portal.dashboard import health
from deskbell.portal.operator.health.parts import Part, State

pytestmark = pytest.mark.django_db
Sign = Callable[[User], Client]
PAGE = "/system-health/"


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> list[Part]:
    """What is found of the parts; to be filled."""
    parts = [Part("Database", State.WELL, "It answers.")]
    monkeypatch.setattr(health, "parts", lambda at: tuple(parts))
    return parts


def test_staff_read_what_is_wrong_the_worst_first(
    signed_in: Sign, acme: Account, rita: User, olivia: User, found: list[Part]
) -> None:
    assert "All well: Database." in signed_in(rita).get(PAGE).content.decode()
    found.append(Part("Disk", State.LOOK, "Space runs out."))
    found.append(Part("Workers", State.BAD, "No worker runs."))
    text = signed_in(olivia).get(PAGE, headers={"HX-Request": "true"}).content.decode()
    assert text.index("No worker runs.") < text.index("Space runs out.")
    assert "It answers" not in text
    assert "<html" not in text
    assert 'href="/operator/health/"' in text
    assert 'href="/operator/health/"' not in signed_in(rita).get(PAGE).content.decode()


def test_clients_do_not(signed_in: Sign, alice: User, rita: User, found: list[Part]) -> None:
    page = signed_in(alice)
    assert page.get(PAGE).status_code == 403
    assert "System health" not in page.get("/").content.decode()
    dashboard = signed_in(rita).get("/").content.decode()
    assert f'hx-get="{PAGE}"' in dashboard
    assert "It answers" not in dashboard  # it comes after the page, which waits for no gateway


def test_whatever_is_found_is_told_to_operators_as_it_is(
    signed_in: Sign, acme: Account, olivia: User
) -> None:
    """Here no gateway answers and no worker runs."""
    text = signed_in(olivia).get(PAGE).content.decode()
    assert "Not working" in text
    assert "Gateway" in text
