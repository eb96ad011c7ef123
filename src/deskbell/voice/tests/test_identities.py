"""Who is said to call, in calls of ours."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from deskbell.voice.tests.clockwork import play
from deskbell.voice.tests.scripted import scene


@pytest.mark.parametrize(
    ("options", "shown", "asserted", "privacy"),
    [
        ({}, "<sip:100@127.0.0.1>", "<sip:100@127.0.0.1>", ""),
        ({"identity": "555"}, "<sip:100@127.0.0.1>", "<sip:555@127.0.0.1>", ""),
        ({"is_private": True}, "<sip:anonymous@anonymous.invalid>", "", "id"),
        ({"caller": "anonymous"}, "<sip:anonymous@anonymous.invalid>", "", "id"),
        (
            {"is_private": True, "identity": "555", "caller_name": "Secret"},
            "<sip:anonymous@anonymous.invalid>",
            "<sip:555@127.0.0.1>",
            "id",
        ),
        ({"caller": "a b\r\nX: y"}, "<sip:a%20b%20X%3A%20y@127.0.0.1>", "", ""),
    ],
)
def test_who_is_said_to_call(
    options: dict[str, Any], shown: str, asserted: str, privacy: str
) -> None:
    async def story() -> None:
        async with scene() as on:
            on.invite(**options)
            invite = await on.peer.gets("INVITE")
            assert shown in invite.get("From")
            assert "Secret" not in invite.raw.decode()
            assert invite.get("Privacy") == privacy
            assert asserted in invite.get("P-Asserted-Identity")
            assert bool(asserted or shown[5] == "a") or invite.get("P-Asserted-Identity") == ""

    play(story())


def test_a_carrier_may_want_its_own_name_in_from() -> None:
    async def story() -> None:
        async with scene() as on:
            on.invite(replace(on.destination, domain="carrier.test"))
            invite = await on.peer.gets("INVITE")
            assert "<sip:100@carrier.test>" in invite.get("From")

    play(story())
