"""The operator's pages of the desk: who may open them, what they change, and what they refuse."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.test import Client

from deskbell.accounts.models import Account, PhoneNumber, User
from deskbell.desk.actions import staffing
from deskbell.desk.models import Answering, Receptionist, Skill, Standing
from deskbell.platform.tenancy import account_scope, system_scope

pytestmark = pytest.mark.django_db
LISTS = ["/desk/receptionists/", "/desk/skills/", "/desk/answering/"]


@pytest.fixture
def operator(client: Client, acme: Account, olivia: User) -> Client:
    client.force_login(olivia)
    return client


@pytest.fixture
def spanish(at: datetime) -> Skill:
    return staffing.add_skill(name="Spanish", at=at)


@pytest.fixture
def ritas(rita: User, at: datetime) -> Receptionist:
    return staffing.add_receptionist(user=rita, phone="+12125550199", skills=[], at=at)


@pytest.mark.parametrize("url", LISTS)
def test_only_operators_come_in(
    client: Client, acme: Account, alice: User, rita: User, url: str
) -> None:
    for person in (alice, rita):
        client.force_login(person)
        assert client.get(url).status_code == 403
        assert client.post(url, {"name": "Spanish"}).status_code in {403, 405}
    assert not Skill.objects.exists()


@pytest.mark.parametrize("url", LISTS)
def test_what_is_empty_says_what_to_do(operator: Client, url: str) -> None:
    assert operator.get(url).status_code == 200


def test_somebody_gets_a_desk(operator: Client, rita: User, spanish: Skill) -> None:
    made = operator.post(
        "/desk/receptionists/new/",
        {"user": rita.pk, "phone": "+1 212 555 0199", "skills": [spanish.pk]},
    )
    assert made.status_code == 302
    kept = Receptionist.objects.get()
    assert (kept.user, kept.phone, kept.standing) == (rita, "+12125550199", Standing.AWAY)
    assert list(kept.skills.all()) == [spanish]
    listed = operator.get("/desk/receptionists/", {"q": "spanish rita"}).content.decode()
    assert "(212) 555-0199" in listed


@pytest.mark.parametrize("phone", ["rita", "12", "staff-nobody", "sip:a@b", "+1\0"])
def test_what_cannot_ring_is_refused_beside_its_field(
    operator: Client, rita: User, phone: str
) -> None:
    answer = operator.post("/desk/receptionists/new/", {"user": rita.pk, "phone": phone})
    assert answer.status_code == 422
    assert not Receptionist.objects.exists()


def test_a_client_gets_no_desk(operator: Client, alice: User) -> None:
    answer = operator.post("/desk/receptionists/new/", {"user": alice.pk, "phone": ""})
    assert answer.status_code == 422
    assert "Choose one of the people." in answer.content.decode()


def test_two_who_edit_one_receptionist(operator: Client, ritas: Receptionist) -> None:
    url = f"/desk/receptionists/{ritas.pk}/"
    seen = operator.get(url).context["form"]["seen"].value()
    assert operator.post(url, {"seen": seen, "phone": "+12125550111"}).status_code == 302
    late = operator.post(url, {"seen": seen, "phone": "+12125550122"})
    assert late.status_code == 409
    assert Receptionist.objects.get().phone == "+12125550111"


def test_a_desk_is_not_taken_away_in_a_call(operator: Client, ritas: Receptionist) -> None:
    Receptionist.objects.update(standing=Standing.IN_CALL)
    operator.post(f"/desk/receptionists/{ritas.pk}/remove/", follow=True)
    assert Receptionist.objects.exists()
    Receptionist.objects.update(standing=Standing.AVAILABLE)
    operator.post(f"/desk/receptionists/{ritas.pk}/remove/")
    assert not Receptionist.objects.exists()


def test_a_skill_is_deleted_after_it_said_what_that_does(
    operator: Client, ritas: Receptionist, spanish: Skill, acme: Account
) -> None:
    ritas.skills.add(spanish)
    with account_scope(acme.pk):
        Answering.objects.create(account=acme, skill=spanish)
    url = f"/desk/skills/{spanish.pk}/delete/"
    asked = operator.get(url).content.decode()
    assert "1 receptionist loses it." in asked
    assert "1 place" in asked
    assert operator.post(url).status_code == 302
    with system_scope("a test looks"):
        assert Answering.objects.get().skill is None


@pytest.mark.parametrize("name", ["", "   ", "Spanish", "x" * 61])
def test_a_name_that_is_none_or_taken(operator: Client, spanish: Skill, name: str) -> None:
    answer = operator.post("/desk/skills/", {"name": name})
    assert answer.status_code == 422
    assert Skill.objects.count() == 1


def test_a_number_gets_terms_of_its_own_and_loses_them(
    operator: Client, acme: Account, acme_number: PhoneNumber, spanish: Skill
) -> None:
    url = f"/desk/answering/{acme_number.pk}/"
    seen = operator.get(url).context["form"]["seen"].value()
    typed = {
        "seen": seen,
        "skill": spanish.pk,
        "patience_seconds": "60",
        "target_seconds": "15",
        "wrap_seconds": "0",
        "is_recorded": "on",
    }
    assert operator.post(url, typed).status_code == 302
    with account_scope(acme.pk):
        kept = Answering.objects.get(number=acme_number)
        assert (kept.skill, kept.patience_seconds, kept.is_recorded) == (spanish, 60, True)
    assert "Spanish" in operator.get("/desk/answering/").content.decode()
    assert operator.post(url, {"as_others": "1"}).status_code == 302
    with account_scope(acme.pk):
        assert not Answering.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("patience_seconds", "5"),
        ("patience_seconds", "soon"),
        ("wrap_seconds", "-1"),
        ("target_seconds", "601"),
        ("skill", "999"),
    ],
)
def test_terms_that_make_no_sense_are_refused(
    operator: Client, acme: Account, field: str, value: str
) -> None:
    url = "/desk/answering/others/"
    form = operator.get(url).context["form"]
    typed = {name: str(form[name].value() or "") for name in form.fields} | {field: value}
    typed.pop("is_recorded")
    answer = operator.post(url, typed)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    with account_scope(acme.pk):
        assert not Answering.objects.exists()


def test_another_accounts_number_is_none_here(
    operator: Client, acme: Account, other: Account, at: datetime
) -> None:
    from deskbell.accounts.actions import add_number

    with account_scope(other.pk):
        theirs = add_number(account=other, number="+44 20 7946 0018", at=at)
    assert operator.get(f"/desk/answering/{theirs.pk}/").status_code == 404


def test_a_number_that_leads_here_again_is_no_receptionists(
    operator: Client, acme_number: PhoneNumber, rita: User
) -> None:
    """Whoever waits there would be rung for there: a call that makes calls."""
    form = {"user": rita.pk, "phone": acme_number.e164}
    answer = operator.post("/desk/receptionists/new/", form)
    assert answer.status_code == 422
    assert "would come here again" in answer.content.decode()
    assert not Receptionist.objects.exists()
