"""Every page is light and strict: little script, nothing inline, tight headers and cookies.

Asked is every address of the borders' table that can be read, by each of the cast, and the pages
behind a password typed lately and between the two steps of signing in; pages with a state of their
own are looked at in a browser by the journeys. Source: design, look: "no inline script or
style (strict CSP); pages under 150 kB of compressed script"; OWASP, "HTTP Headers" and "Session
Management" (cookies).
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from http.cookies import Morsel
from pathlib import Path

import pytest
from django.conf import settings
from django.http import HttpResponseBase, StreamingHttpResponse
from django.test import Client
from pytest_django import Settings

from deskbell.accounts.models import User
from deskbell.foundation.clock import now
from deskbell.foundation.environment import ROOT
from deskbell.portal.mfa.actions import enable_app, show_codes_once
from deskbell.portal.mfa.rules import code_of, step_at
from deskbell.portal.sign_in.devices import COOKIE as DEVICE
from tests.borders import CAST, TABLE
from tests.cast import PASSWORD
from tests.undone import undone
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_log")]
BUNDLE = ROOT / "src" / "deskbell" / "portal" / "static" / "portal" / "bundle"
MOST_SCRIPT = 150_000
NOT_TO_BE_READ = 405
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.DOTALL | re.IGNORECASE)
SOURCE = re.compile(r'\bsrc="([^"]*)"')
INLINE = re.compile(r'<[^<>]+\s(on[a-z]+|style)="|="\s*javascript:', re.IGNORECASE)
# Documents of the APIs, which a library draws; they show nothing of an account.
DRAWN_BY_A_LIBRARY = {"api/v2/docs", "autoattendant/docs"}
KEPT_BY_NOBODY = {"private", "no-store"}
# The desk reads it, since the token in a page that was open all night is an old one.
READ_BY_SCRIPT = "csrftoken"
TRUST = "mfa_trusted"
APP = base64.b32encode(b"twenty bytes, really").decode()
TELL = """
import json
from deskbell.config import settings
print(json.dumps({name: getattr(settings, name) for name in dir(settings) if name.isupper()},
                 default=str))
"""


@pytest.fixture(scope="session")
def bundle() -> Path:
    """The script and the style as they are served, made where they are missing or old."""
    from deskbell.cli.assets import build_assets
    from deskbell.cli.output import Log

    asyncio.run(build_assets(Log()))
    return BUNDLE


def body_of(answer: HttpResponseBase) -> str:
    """All of an answer that is a page; nothing of what is not."""
    if isinstance(answer, StreamingHttpResponse):
        b"".join(answer)  # which closes its file
        return ""
    is_page = answer.headers.get("Content-Type", "").startswith("text/html")
    return answer.content.decode() if is_page else ""  # type: ignore[attr-defined]


def faults_of_headers(answer: HttpResponseBase) -> Iterator[str]:
    """What an answer's headers allow that none should."""
    for name, wanted in HEADERS.items():
        if (found := answer.headers.get(name, "")) != wanted:
            yield f"{name}: {found!r}"
    policy = answer.headers.get("Content-Security-Policy", "")
    if "default-src 'none'" not in policy or "unsafe" in policy or "frame-ancestors" not in policy:
        yield f"Content-Security-Policy: {policy}"
    if answer.headers.get("Referrer-Policy") not in {"same-origin", "no-referrer"}:
        yield f"Referrer-Policy: {answer.headers.get('Referrer-Policy')}"
    if "camera=()" not in answer.headers.get("Permissions-Policy", ""):
        yield "Permissions-Policy"


def faults_of_cookies(cookies: dict[str, Morsel[str]]) -> Iterator[str]:
    """What a cookie allows that none should; cookies are over TLS alone where pages are."""
    for name, cookie in cookies.items():
        if not cookie.value:
            continue  # it is taken away
        if not cookie["httponly"] and name != READ_BY_SCRIPT:
            yield f"cookie {name}: scripts may read it"
        if cookie["samesite"] not in {"Lax", "Strict"}:
            yield f"cookie {name}: SameSite is {cookie['samesite']!r}"
        if cookie["domain"] or cookie["path"] != "/":
            yield f"cookie {name}: of {cookie['domain']!r} {cookie['path']!r}"


def faults_of_page(text: str, policy: str) -> Iterator[str]:
    """What stands in a page that a strict policy would not run, or that is too heavy."""
    weight = 0
    for attributes, inside in SCRIPT.findall(text):
        source = SOURCE.search(attributes)
        if source is None or inside.strip():
            yield f"an inline script: {inside.strip()[:60]}"
        elif not source[1].startswith(f"/{settings.STATIC_URL.strip('/')}/"):
            yield f"a script from elsewhere: {source[1]}"
        else:
            weight += (BUNDLE / f"{Path(source[1].partition('?')[0]).name}.br").stat().st_size
    if weight > MOST_SCRIPT:
        yield f"{weight} bytes of compressed script"
    if "<style" in text and "style-src 'sha256-" not in policy:
        yield "an inline style that the policy does not name"
    if found := INLINE.search(text):
        yield f"inline: {found[0][:80]}"


def faults_of(answer: HttpResponseBase, pattern: str, *, is_ones_own: bool) -> Iterator[str]:
    """All that is wrong with an answer; `is_ones_own` is whether somebody asked who signed in."""
    yield from faults_of_headers(answer)
    yield from faults_of_cookies(answer.cookies)
    text = body_of(answer)
    if pattern not in DRAWN_BY_A_LIBRARY:
        yield from faults_of_page(text, answer.headers["Content-Security-Policy"])
    kept = answer.headers.get("Cache-Control", "")
    is_page = answer.status_code == 200 and text
    if is_page and is_ones_own and not KEPT_BY_NOBODY & set(kept.split(", ")):
        yield f"Cache-Control: {kept}"


@pytest.mark.parametrize("person", CAST)
def test_every_page_is_light_and_strict(person: str, world: World, bundle: Path) -> None:
    client = world.client_of(person)
    found = []
    for pattern, row in TABLE.items():
        if row.method == "put":
            continue
        with undone():
            answer = world.ask(client, pattern, replace(row, method="get"))
        if answer.status_code == NOT_TO_BE_READ:
            continue
        faults = faults_of(answer, pattern, is_ones_own=person != "anonymous")
        found += [f"{pattern}: {fault}" for fault in faults]
    assert not found, "\n".join(found)


def check_shown(client: Client, *paths: str) -> None:
    """Asks for pages that must be there, and looks them over."""
    for path in paths:
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert not list(faults_of(answer, path, is_ones_own=True)), path


def connect_app(user: User) -> None:
    """Connects an app to somebody, an hour ago, and shows the recovery codes."""
    before = now() - timedelta(hours=1)
    code = code_of(APP, step_at(before))
    enable_app(user=user, secret=APP, code=code, at=before)
    show_codes_once(user=user, at=before)


def test_pages_of_second_factors_are_light_and_strict(alice: User, bundle: Path) -> None:
    """They are shown to who typed the password lately, and between the steps of signing in."""
    typed = {"login": alice.email, "password": PASSWORD}
    client = Client()
    client.post("/sign-in/", typed)
    client.post("/profile/confirm/", {"password": PASSWORD})
    check_shown(client, "/profile/mfa/", "/profile/mfa/app/", "/profile/mfa/passkeys/add/")
    connect_app(alice)
    client = Client()
    client.post("/sign-in/", typed)
    check_shown(client, "/sign-in/code/")
    client.post("/sign-in/code/", {"code": code_of(APP, step_at(now()))})
    client.post("/profile/confirm/", {"password": PASSWORD})
    behind = ("codes/", "codes/renew/", "app/remove/", "disable/")
    check_shown(client, "/profile/confirm/code/", *(f"/profile/mfa/{each}" for each in behind))


@pytest.mark.parametrize("is_https", [True, False])
def test_cookies_of_a_sign_in_go_over_tls_alone_where_pages_do(
    alice: User, settings: Settings, is_https: bool
) -> None:
    settings.IS_HTTPS = is_https
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = is_https
    connect_app(alice)
    client = Client()
    client.get("/sign-in/", secure=is_https)
    client.post("/sign-in/", {"login": alice.email, "password": PASSWORD}, secure=is_https)
    second = {"code": code_of(APP, step_at(now())), "trust": "on"}
    client.post("/sign-in/code/", second, secure=is_https)
    assert client.get("/", secure=is_https).status_code == 200
    kept = {name: each for name, each in client.cookies.items() if each.value}
    assert set(kept) >= {settings.SESSION_COOKIE_NAME, READ_BY_SCRIPT, DEVICE, TRUST}
    assert not list(faults_of_cookies(kept))
    assert {name for name, each in kept.items() if each["secure"]} == set(kept if is_https else ())


def test_over_tls_cookies_stay_with_this_host(tmp_path: Path) -> None:
    """A browser takes `__Host-` cookies from this very host alone, with Secure and without Domain.

    Source: RFC 6265bis, section 4.1.3.2.
    """
    told = subprocess.run(
        [sys.executable, "-c", TELL],
        env=dict(os.environ)
        | {
            "DESKBELL_DATA_DIR": str(tmp_path),
            "DESKBELL_PUBLIC_URL": "https://desk.example.com",
            "PYTHONPATH": str(ROOT / "src"),
        },
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    found = json.loads(told)
    assert found["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert found["SESSION_COOKIE_SECURE"]
    assert found["CSRF_COOKIE_SECURE"]
    assert not {"SESSION_COOKIE_DOMAIN", "CSRF_COOKIE_DOMAIN"} & set(found)
    assert found["SECURE_HSTS_SECONDS"] >= 365 * 24 * 3600
