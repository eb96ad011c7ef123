"""Asking for access, from the form to the operators' mail."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client

from deskbell.accounts.models import AccessRequest, User
from deskbell.platform.jobs import run_job

pytestmark = pytest.mark.django_db
FORM = {
    "name": "Dana Reed",
    "email": "dana@example.net",
    "company": "Reed Roofing",
    "phone": "212 555 0190",
    "words": "We are new",
}


def ask(client: Client, **fields: str) -> Any:
    return client.post("/request-access/", FORM | fields, follow=True)


def waiting() -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT execute_after - now() > interval '30 seconds' FROM pgqueuer"
            " WHERE entrypoint = 'portal.send_access_requests'"
        )
        return [late for (late,) in cursor.fetchall()]


def test_whoever_asks_is_thanked_and_operators_hear(
    client: Client, olivia: User, rita: User
) -> None:
    assert "Your request is with us" in ask(client).content.decode()
    assert waiting() == [False]
    ask(client, email="else@example.net", name="Else\nBcc: x@example.net")
    assert waiting() == [False]
    run_job("portal.send_access_requests", b"{}")
    [sent] = mail.outbox
    assert sent.to == ["olivia@example.com"]
    assert sent.subject == "2 requests for access to Deskbell"
    assert "Dana Reed <dana@example.net>, Reed Roofing" in sent.body
    assert "/operator/requests/" in sent.body


def test_nobody_is_mailed_about_nothing(db: None, olivia: User) -> None:
    run_job("portal.send_access_requests", b"{}")
    assert mail.outbox == []


def test_the_answer_tells_nothing_of_who_is_known(client: Client, alice: User) -> None:
    new = ask(client)
    again = ask(client)
    known = ask(client, email="alice@example.com")
    assert new.content == again.content == known.content


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(client: Client) -> None:
    answer = ask(client, email="nobody", company="<b>Reed</b>")
    text = answer.content.decode()
    assert 'id="email-error"' in text
    assert "&lt;b&gt;Reed&lt;/b&gt;" in text
    assert not AccessRequest.objects.exists()
    assert 'id="name-error"' in ask(client, name=" ").content.decode()


def test_one_network_cannot_fill_the_list(client: Client) -> None:
    for number in range(5):
        ask(client, email=f"d{number}@example.net")
    answer = ask(client, email="d6@example.net")
    assert answer.status_code == 429
    assert "Too many requests came from your network today" in answer.content.decode()
    assert AccessRequest.objects.count() == 5


def test_the_sign_in_page_leads_there_in_the_seeds_words(client: Client) -> None:
    text = " ".join(client.get("/sign-in/").content.decode().split())
    assert (
        'Not yet registered? Click <a href="/request-access/">here to request access</a>.' in text
    )
    assert (
        'Forgot your password? Click <a href="/password/">here to reset your password</a>.' in text
    )
