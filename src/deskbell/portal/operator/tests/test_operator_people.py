"""The staff: invited, suspended, given another part; and the last operator, who stays."""

from __future__ import annotations

import threading
from datetime import datetime
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client

from deskbell.accounts import actions
from deskbell.accounts.errors import LastOne
from deskbell.accounts.models import Account, Invitation, User, UserStatus
from deskbell.foundation.errors import InvalidInput, NotAllowed
from tests.cast import PASSWORD

pytestmark = pytest.mark.django_db


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.fixture
def second(at: datetime) -> User:
    return actions.add_user(
        email="second@example.com", name="Second", password=PASSWORD, at=at, staff="operator"
    )


def seen(page: Client, user: User) -> str:
    return str(page.get(f"/operator/people/{user.pk}/").context["form"].initial["seen"])


def test_staff_stand_first_and_everyone_is_found(
    operator: Client, alice: User, rita: User, charlie: User
) -> None:
    staff = text_of(operator.get("/operator/people/"))
    assert rita.email in staff
    assert alice.email not in staff
    for words in ("alice", "W0411", "acme dental"):
        found = operator.get("/operator/people/", {"show": "everyone", "q": words}).context["list"]
        assert [row.user for row in found.rows] == [alice]
    table = text_of(operator.get("/operator/people/?show=everyone&format=csv"))
    assert charlie.email in table
    assert "pbkdf2" not in table


def test_who_has_mfa_is_sorted_together(
    operator: Client, alice: User, bob: User, charlie: User
) -> None:
    Authenticator.objects.create(user=bob, type=Authenticator.Type.TOTP, data={})
    listed = operator.get("/operator/people/?show=everyone&sort=mfa&dir=desc").context["list"]
    assert (listed.rows[0].user, listed.rows[0].has_mfa) == (bob, True)
    assert not any(row.has_mfa for row in listed.rows[1:])


def test_somebody_is_invited_to_the_staff(operator: Client) -> None:
    form = {"email": "new@example.com", "name": "New", "staff": "operator"}
    assert operator.post("/operator/people/invite/", form).status_code == 302
    invited = Invitation.objects.get()
    assert (invited.account, invited.staff, invited.invited_by) == (
        None,
        "operator",
        "olivia@example.com",
    )
    listed = text_of(operator.get("/operator/people/"))
    assert "Invited to the staff" in listed
    again = operator.post(f"/operator/people/invitations/{invited.pk}/again/", follow=True)
    assert "less than a minute ago" in text_of(again)
    operator.post(f"/operator/people/invitations/{invited.pk}/withdraw/")
    assert "Invited to the staff" not in text_of(operator.get("/operator/people/"))
    gone = operator.post(f"/operator/people/invitations/{invited.pk}/again/")
    assert gone.status_code == 404


def test_an_invitation_to_an_account_is_not_the_staffs(
    operator: Client, acme: Account, olivia: User, at: datetime
) -> None:
    made = actions.invite(email="new@example.com", name="", by=olivia, account=acme, at=at)
    for what in ("again", "withdraw"):
        url = f"/operator/people/invitations/{made.pk}/{what}/"
        assert operator.post(url).status_code == 404


@pytest.mark.parametrize(
    ("field", "typed"),
    [("email", ""), ("email", "nobody"), ("staff", ""), ("staff", "owner"), ("name", "x" * 201)],
)
def test_what_cannot_be_is_refused_beside_its_field(
    operator: Client, field: str, typed: str
) -> None:
    form = {"email": "new@example.com", "name": "New", "staff": "receptionist", field: typed}
    answer = operator.post("/operator/people/invite/", form)
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    assert not Invitation.objects.exists()


def test_somebody_who_serves_already_is_not_invited(operator: Client, rita: User) -> None:
    form = {"email": rita.email.upper(), "staff": "operator"}
    answer = operator.post("/operator/people/invite/", form)
    assert answer.status_code == 422
    assert "the staff already" in text_of(answer)


def test_who_is_suspended_is_out_at_once(operator: Client, acme: Account, rita: User) -> None:
    theirs = Client()
    theirs.force_login(rita)
    assert theirs.get("/").status_code == 200
    asked = text_of(operator.get(f"/operator/people/{rita.pk}/suspend/"))
    assert "signed out everywhere" in asked
    operator.post(f"/operator/people/{rita.pk}/suspend/")
    assert theirs.get("/").status_code == 302
    rita.refresh_from_db()
    assert rita.status == UserStatus.SUSPENDED
    operator.post(f"/operator/people/{rita.pk}/reactivate/")
    rita.refresh_from_db()
    assert rita.status == UserStatus.ACTIVE


def test_a_receptionist_becomes_an_operator_and_back(
    operator: Client, acme: Account, rita: User
) -> None:
    url = f"/operator/people/{rita.pk}/"
    for staff in ("operator", "receptionist", ""):
        theirs = Client()
        theirs.force_login(rita)
        assert theirs.get("/").status_code == 200
        assert operator.post(url, {"staff": staff, "seen": seen(operator, rita)}).status_code == 302
        rita.refresh_from_db()
        assert rita.staff == staff
        assert theirs.get("/").status_code == 302
    answer = operator.post(url, {"staff": "owner", "seen": seen(operator, rita)})
    assert answer.status_code == 422


def test_of_two_operators_the_second_is_told(
    operator: Client, rita: User, olivia: User, at: datetime
) -> None:
    mark = seen(operator, rita)
    actions.set_staff(user=rita, staff="operator", by=olivia, at=at)
    answer = operator.post(f"/operator/people/{rita.pk}/", {"staff": "", "seen": mark})
    assert answer.status_code == 409
    rita.refresh_from_db()
    assert rita.staff == "operator"


def test_the_last_operator_stays(operator: Client, olivia: User, rita: User) -> None:
    url = f"/operator/people/{olivia.pk}/"
    for staff in ("receptionist", ""):
        answer = operator.post(url, {"staff": staff, "seen": seen(operator, olivia)})
        assert answer.status_code == 422
        assert "last active operator" in text_of(answer)
    said = operator.post(f"{url}suspend/", follow=True)
    assert "last active operator" in text_of(said)
    olivia.refresh_from_db()
    assert (olivia.staff, olivia.is_active) == ("operator", True)


def test_a_suspended_operator_does_not_count(
    operator: Client, olivia: User, second: User, at: datetime
) -> None:
    actions.suspend(user=second, by=olivia, at=at)
    with pytest.raises(LastOne):
        actions.set_staff(user=olivia, staff="", by=olivia, at=at)
    actions.reactivate(user=second, by=olivia, at=at)
    actions.set_staff(user=olivia, staff="", by=second, at=at)
    assert operator.get("/operator/people/").status_code == 403


def test_nobody_else_decides_who_serves(
    olivia: User, second: User, rita: User, alice: User, at: datetime
) -> None:
    for by in (rita, alice):
        with pytest.raises(NotAllowed):
            actions.set_staff(user=by, staff="operator", by=by, at=at)
    actions.suspend(user=second, by=olivia, at=at)
    with pytest.raises(NotAllowed):
        actions.set_staff(user=rita, staff="operator", by=second, at=at)
    with pytest.raises(InvalidInput):
        actions.set_staff(user=rita, staff="owner", by=olivia, at=at)


@pytest.mark.django_db(transaction=True)
def test_two_operators_who_demote_each_other_leave_one(
    olivia: User, second: User, at: datetime
) -> None:
    refused: list[Exception] = []
    ready = threading.Barrier(2)

    def demote(user: User, by: User) -> None:
        try:
            ready.wait(10)
            actions.set_staff(user=user, staff="", by=by, at=at)
        except (LastOne, NotAllowed) as error:
            refused.append(error)
        finally:
            connection.close()

    pairs = [(olivia, second), (second, olivia)]
    threads = [
        threading.Thread(target=demote, args=[User.objects.get(pk=a.pk), User.objects.get(pk=b.pk)])
        for a, b in pairs
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(refused) == 1
    assert User.objects.filter(staff="operator", status=UserStatus.ACTIVE).count() == 1


def test_a_second_factor_that_is_none_is_not_removed(operator: Client, alice: User) -> None:
    said = operator.post(f"/operator/people/{alice.pk}/reset-mfa/", follow=True)
    assert "has no MFA" in text_of(said)


@pytest.mark.parametrize("path", ["", "suspend/", "reset-mfa/"])
def test_a_person_who_is_none_is_not_found(operator: Client, path: str) -> None:
    for guess in (0, 987654321, 10**30):
        assert operator.get(f"/operator/people/{guess}/{path}").status_code == 404
