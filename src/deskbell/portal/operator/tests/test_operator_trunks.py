"""The operator's trunks: what is typed, what is sealed, and what breaks without one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from deskbell.lines.actions import add_trunk, edit_trunk
from deskbell.lines.models import Trunk
from deskbell.lines.vault import unseal

pytestmark = pytest.mark.django_db
SECRET = "sesame-opens-it"
NEW = {
    "name": "carrier",
    "addresses": "192.0.2.7, 198.51.100.0/24",
    "outgoing": "sip.example.com;transport=tcp",
    "prefixes": "+1 +44",
    "caller_id": "+1 212 555 0142",
    "codecs": ["PCMA"],
    "username": "desk",
    "password": SECRET,
    "registers": "on",
}


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.fixture
def trunk(at: datetime) -> Trunk:
    return add_trunk(
        name="carrier",
        addresses=["192.0.2.7"],
        outgoing="sip.example.com",
        username="desk",
        password=SECRET,
        at=at,
    )


def seen(page: Client, url: str) -> str:
    return str(page.get(url).context["form"].initial["seen"])


def test_a_trunk_is_added_and_its_password_never_shown(operator: Client) -> None:
    made = operator.post("/operator/trunks/new/", NEW, follow=True)
    kept = Trunk.objects.get()
    assert kept.addresses == ["192.0.2.7", "198.51.100.0/24"]
    assert (kept.outgoing, kept.prefixes) == ("sip.example.com:5060;transport=tcp", ["+1", "+44"])
    assert unseal(kept.sealed_password) == SECRET
    pages = [made, operator.get(f"/operator/trunks/{kept.pk}/")]
    pages += [
        operator.get("/operator/trunks/?format=csv"),
        operator.get("/operator/trunks/?q=desk"),
    ]
    for page in pages:
        assert page.status_code == 200
        assert SECRET not in text_of(page)
        assert kept.sealed_password not in text_of(page)


def test_a_password_that_cannot_be_kept_comes_not_back_either(operator: Client) -> None:
    answer = operator.post("/operator/trunks/new/", {**NEW, "outgoing": "no such address"})
    assert answer.status_code == 422
    assert SECRET not in text_of(answer)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", ""),
        ("name", "The Carrier"),
        ("name", "x" * 33),
        ("addresses", "192.0.2.300"),
        ("addresses", "carrier.example"),
        ("addresses", " ".join(f"192.0.2.{n % 256}/32" for n in range(201))),
        ("outgoing", "host:99999"),
        ("outgoing", "host;transport=pigeon"),
        ("outgoing", "x" * 256),
        ("prefixes", "1"),
        ("prefixes", "+1, +x"),
        ("caller_id", "nobody"),
        ("codecs", "OPUS"),
        ("username", "a\0b"),
        ("password", "x" * 257),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    operator: Client, field: str, typed: str
) -> None:
    answer = operator.post("/operator/trunks/new/", {**NEW, field: typed})
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    assert not Trunk.objects.exists()


def test_a_trunk_that_leads_nowhere_is_refused(operator: Client) -> None:
    answer = operator.post("/operator/trunks/new/", {"name": "nowhere", "prefixes": "+"})
    assert answer.status_code == 422
    assert "needs addresses" in text_of(answer)
    lost = operator.post("/operator/trunks/new/", {**NEW, "username": "", "password": ""})
    assert "To register" in text_of(lost)


def test_a_name_in_use_is_refused(operator: Client, trunk: Trunk) -> None:
    answer = operator.post("/operator/trunks/new/", NEW)
    assert answer.status_code == 422
    assert "a trunk carrier already" in text_of(answer)
    assert Trunk.objects.count() == 1


def test_a_password_stays_until_another_is_typed(operator: Client, trunk: Trunk) -> None:
    url = f"/operator/trunks/{trunk.pk}/"
    form = {
        "addresses": "192.0.2.9",
        "outgoing": "sip.example.com",
        "prefixes": "+",
        "username": "d",
    }
    assert operator.post(url, {**form, "seen": seen(operator, url)}).status_code == 302
    trunk.refresh_from_db()
    assert (trunk.addresses, unseal(trunk.sealed_password)) == (["192.0.2.9"], SECRET)
    other = {**form, "password": " another with blanks ", "seen": seen(operator, url)}
    assert operator.post(url, other).status_code == 302
    trunk.refresh_from_db()
    assert unseal(trunk.sealed_password) == " another with blanks "
    operator.post(url, {**form, "username": "", "seen": seen(operator, url)})
    trunk.refresh_from_db()
    assert (trunk.username, trunk.sealed_password) == ("", "")


def test_of_two_operators_the_second_is_told(operator: Client, trunk: Trunk) -> None:
    url = f"/operator/trunks/{trunk.pk}/"
    mark = seen(operator, url)
    edit_trunk(trunk=trunk, addresses=["203.0.113.5"])
    form = {"addresses": "192.0.2.9", "outgoing": "sip.example.com", "prefixes": "+", "seen": mark}
    told = operator.post(url, form)
    assert told.status_code == 409
    assert "203.0.113.5" in text_of(told)
    trunk.refresh_from_db()
    assert trunk.addresses == ["203.0.113.5"]


def test_a_password_that_somebody_else_typed_is_not_lost(operator: Client, trunk: Trunk) -> None:
    url = f"/operator/trunks/{trunk.pk}/"
    mark = seen(operator, url)
    edit_trunk(trunk=trunk, password="the new one")
    form = {"addresses": "192.0.2.7", "username": "", "prefixes": "+", "seen": mark}
    told = operator.post(url, form)
    assert "Somebody else saved this" in text_of(told)
    assert "the new one" not in text_of(told)
    trunk.refresh_from_db()
    assert unseal(trunk.sealed_password) == "the new one"


def test_removing_says_which_calls_go_with_it(operator: Client, trunk: Trunk, at: datetime) -> None:
    url = f"/operator/trunks/{trunk.pk}/remove/"
    asked = text_of(operator.get(url))
    assert "Calls from 192.0.2.7 are refused" in asked
    assert "No other trunk carries calls to numbers that begin with +" in asked
    add_trunk(name="spare", addresses=["192.0.2.7"], outgoing="spare.example", at=at)
    asked = text_of(operator.get(url))
    assert "are refused" not in asked
    assert "No other trunk" not in asked
    assert operator.post(url).status_code == 302
    assert [each.name for each in Trunk.objects.all()] == ["spare"]
    assert operator.get(url).status_code == 404
