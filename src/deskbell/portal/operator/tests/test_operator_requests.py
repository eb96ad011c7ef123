"""Requests for access: granted to an account that there is or to a new one, or declined."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from deskbell.accounts import actions
from deskbell.accounts.models import AccessRequest, Account, Invitation, User
from deskbell.foundation.clock import now
from deskbell.foundation.errors import Conflict

pytestmark = pytest.mark.django_db
KNOWN = {
    "where": "known",
    "account": "w0411",
    "person": "New Person",
    "role": "",
    "accesses": ["message_handling", "to_dos"],
}
OPENED = {
    "where": "new",
    "name": "Corner Bakery",
    "number": "W0500",
    "time_zone": "Europe/Berlin",
    "country": "DE",
    "role": "BG_ADMIN",
}


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.fixture
def asked(at: datetime) -> AccessRequest:
    found = actions.ask_for_access(
        name="<b>New</b>",
        email="new@bakery.example",
        company="Corner Bakery",
        phone="+1 212 555 0177",
        words="<script>alert(1)</script>",
        address="192.0.2.9",
        at=at,
    )
    assert found is not None
    return found


def url_of(asked: AccessRequest) -> str:
    return f"/operator/requests/{asked.pk}/"


def test_what_a_stranger_typed_is_shown_as_text(operator: Client, asked: AccessRequest) -> None:
    for url in ("/operator/requests/", url_of(asked), f"{url_of(asked)}decline/"):
        page = text_of(operator.get(url))
        assert "&lt;b&gt;New" in page
        assert "<script>alert" not in page


def test_somebody_is_let_into_an_account(
    operator: Client, acme: Account, olivia: User, asked: AccessRequest
) -> None:
    done = operator.post(url_of(asked), KNOWN, follow=True)
    assert "is invited to Acme Dental" in text_of(done)
    made = Invitation.objects.get()
    assert (made.account, made.email, made.name, made.role) == (acme, asked.email, "New Person", "")
    assert made.accesses == ["message_handling", "to_dos"]
    asked.refresh_from_db()
    assert (asked.decided_by, asked.invitation) == (olivia.email, made)
    assert asked.email not in text_of(operator.get("/operator/requests/"))
    assert "Invited" in text_of(operator.get("/operator/requests/?show=decided"))
    assert "Invited by olivia@example.com" in text_of(operator.get(url_of(asked)))


def test_an_account_is_opened_for_somebody(operator: Client, asked: AccessRequest) -> None:
    assert operator.post(url_of(asked), OPENED).status_code == 302
    account = Account.objects.get(number="W0500")
    assert (account.name, account.time_zone) == ("Corner Bakery", "Europe/Berlin")
    assert Invitation.objects.get().role == "BG_ADMIN"


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({**KNOWN, "account": ""}, "account"),
        ({**KNOWN, "account": "W9999"}, "account"),
        ({**KNOWN, "where": ""}, "where"),
        ({**KNOWN, "role": "OWNER"}, "role"),
        ({**KNOWN, "accesses": ["users"]}, "accesses"),
        ({**KNOWN, "accesses": ["everything"]}, "accesses"),
        ({**OPENED, "number": ""}, "number"),
        ({**OPENED, "number": "W0411"}, "number"),
        ({**OPENED, "time_zone": "Mars"}, "time_zone"),
        ({**OPENED, "name": ""}, "name"),
    ],
)
def test_what_cannot_be_decides_nothing(
    operator: Client, asked: AccessRequest, form: dict[str, Any], field: str
) -> None:
    answer = operator.post(url_of(asked), form)
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    asked.refresh_from_db()
    assert asked.decided_at is None
    assert Account.objects.count() == 1


def test_a_member_already_opens_no_second_account(
    operator: Client, asked: AccessRequest, acme: Account, olivia: User
) -> None:
    actions.invite(email=asked.email, name="", by=olivia, account=acme, at=now())
    answer = operator.post(url_of(asked), KNOWN)
    assert answer.status_code == 422
    assert "is invited already" in text_of(answer)
    asked.refresh_from_db()
    assert asked.decided_at is None


def test_a_request_is_declined(operator: Client, asked: AccessRequest) -> None:
    assert "is told nothing" in text_of(operator.get(f"{url_of(asked)}decline/"))
    operator.post(f"{url_of(asked)}decline/")
    asked.refresh_from_db()
    assert asked.decided_at is not None
    assert asked.invitation is None
    assert "Declined" in text_of(operator.get("/operator/requests/?show=decided"))


def test_of_two_operators_one_decides(
    operator: Client, asked: AccessRequest, acme: Account, olivia: User, at: datetime
) -> None:
    actions.decline_access(request=asked, by=olivia, at=at)
    for form in (KNOWN, OPENED):
        answer = operator.post(url_of(asked), form)
        assert answer.status_code == 422
    assert Account.objects.count() == 1
    assert not Invitation.objects.exists()
    with pytest.raises(Conflict, match="declined this request already"):
        actions.approve_access(request=asked, account=acme, by=olivia, at=at)
    said = operator.post(f"{url_of(asked)}decline/", follow=True)
    assert "already" in text_of(said)
