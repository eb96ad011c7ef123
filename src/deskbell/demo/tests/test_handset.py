"""The handset is a carrier to Deskbell: it lets in who knows the password, and keeps texts once."""

from __future__ import annotations

import base64
import dataclasses
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from deskbell.demo import folders
from deskbell.foundation.carriers import CarrierKeys
from deskbell.foundation.environment import environment

REST = "/demo/handset/2010-04-01/Accounts/demo/Messages.json"
TEXT = {"From": "+12125550142", "To": "+12125550134", "Body": "Message for <Acme>"}


@pytest.fixture(autouse=True)
def texts_here(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = CarrierKeys("demo", "secret", "secret", "http://localhost:8000/demo/handset")
    settings.ENVIRONMENT = dataclasses.replace(
        environment(), data_dir=tmp_path, text_server=keys, public_url="http://localhost:1"
    )
    monkeypatch.setattr(folders, "environment", lambda: settings.ENVIRONMENT)


def let_in(password: str = "secret", **headers: str) -> dict[str, str]:
    pair = base64.b64encode(f"demo:{password}".encode()).decode()
    return {"Authorization": f"Basic {pair}"} | headers


def test_a_text_is_shown(client: Client) -> None:
    answer = client.post(REST, TEXT, headers=let_in())
    assert answer.status_code == 201
    assert answer.json()["sid"].startswith("SM")
    page = client.get("/demo/handset").content.decode()
    assert "Message for &lt;Acme&gt;" in page
    assert "(212) 555-0134" in page


def test_the_same_text_again_is_kept_once(client: Client) -> None:
    headers = let_in(**{"Idempotency-Key": "key"})
    sids = [client.post(REST, TEXT, headers=headers).json()["sid"] for _ in range(2)]
    assert sids[0] == sids[1]
    assert len(folders.TEXTS.names()) == 1


@pytest.mark.parametrize("headers", [{}, let_in("wrong")])
def test_nobody_else_sends_texts(client: Client, headers: dict[str, str]) -> None:
    assert client.post(REST, TEXT, headers=headers).status_code == 401
    assert client.post(REST.replace("/demo/M", "/other/M"), TEXT).status_code == 401
    assert folders.TEXTS.names() == []


def test_only_a_phone_that_was_texted_texts_back(client: Client) -> None:
    form = {"phone": "+12125550134", "number": "+12125550142", "body": "1"}
    assert client.post("/demo/handset/answer", form).status_code == 302
    assert folders.TEXTS.names() == []


def test_without_a_way_back_the_handset_says_so(client: Client, settings: Settings) -> None:
    client.post(REST, TEXT, headers=let_in())
    settings.ENVIRONMENT = dataclasses.replace(
        settings.ENVIRONMENT, http=dataclasses.replace(settings.ENVIRONMENT.http, port=9)
    )
    form = {"phone": "+12125550134", "number": "+12125550142", "body": "1"}
    client.post("/demo/handset/answer", form)
    page = client.get("/demo/handset").content.decode()
    assert "The text did not get through" in page


def test_a_form_of_another_site_texts_nothing_back() -> None:
    form = {"phone": "+12125550134", "number": "+12125550142", "body": "1"}
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/demo/handset/answer", form).status_code == 403


def test_with_a_carrier_the_page_says_where_texts_go(client: Client, settings: Settings) -> None:
    settings.ENVIRONMENT = dataclasses.replace(settings.ENVIRONMENT, text_server=None)
    assert "Texts go to a carrier" in client.get("/demo/handset").content.decode()
    assert client.post(REST, TEXT, headers=let_in()).status_code == 401
