"""What stays in a person's own hands is refused while an operator acts as them, at every address.

A page that changes how somebody signs in, or who may do what, begins with one of `PERSONAL`; all of
them have `portal.acting.own_hands`. A new one that forgets it fails here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from tests.world import World

pytestmark = pytest.mark.django_db

PERSONAL = (
    "accounts:access",
    "accounts:invite",
    "accounts:leave",
    "accounts:re",
    "accounts:second_factor",
    "accounts:suspend",
    "accounts:withdraw",
    "account_reauthenticate",
    "invitation",
    "keys:",
    "mfa_",
    "profile:confirm_email",
    "profile:email",
    "profile:notices",
    "profile:password",
    "profile:withdraw_email",
    "session",
)
# Not signed in, or about something else.
OTHERS = {
    "accounts:retention": "how long messages are kept",
    "mfa_authenticate": "somebody signs in",
    "mfa_code_options": "somebody signs in",
    "mfa_login_webauthn": "somebody signs in",
    "mfa_passkey_options": "somebody signs in",
    "profile:email_confirmed": "it only says so",
}


def named(inside: list[Any] | None = None, before: str = "", space: str = "") -> Iterator[Any]:
    """Every view's name, its pattern, and the view."""
    for each in get_resolver().url_patterns if inside is None else inside:
        here = before + str(each.pattern)
        if isinstance(each, URLPattern):
            yield f"{space}{each.name}", here, each.callback
        elif not here.startswith("admin/"):
            within = f"{space}{each.namespace}:" if each.namespace else space
            yield from named(each.url_patterns, here, within)


def personal() -> dict[str, tuple[str, Any]]:
    """The views that are somebody's own, by name."""
    return {
        name: (pattern, view)
        for name, pattern, view in named()
        if name.startswith(PERSONAL) and name not in OTHERS
    }


def test_what_is_somebodys_own_is_marked() -> None:
    found = personal()
    assert len(found) > 30
    assert [
        name for name, (_, view) in found.items() if not getattr(view, "own_hands", False)
    ] == []


def test_each_is_refused_while_somebody_acts(world: World) -> None:
    client: Client = world.client_of("olivia")
    alice = world.people["alice"]
    reason = {"reason": "Tries everything"}
    assert client.post(reverse("operator:act_as", args=[alice.pk]), reason).status_code == 302
    for name, (pattern, _) in personal().items():
        address = "/" + re.sub(r"<(?:(\w+):)?\w+>", lambda found: sample(found[1]), pattern)
        asked = [client.get(address).status_code, client.post(address).status_code]
        # a view may not take one of the two; the other is refused
        assert set(asked) <= {403, 405}, (name, asked)
        assert 403 in asked, (name, asked)


def sample(kind: str | None) -> str:
    """Something that fits a converter."""
    return "1" if kind == "int" else "guessed"
