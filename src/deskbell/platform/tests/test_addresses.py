"""Whose address is kept as proof, where proxies stand between."""

from __future__ import annotations

import pytest
from django.test import RequestFactory
from pytest_django import Settings

from deskbell.platform.addresses import address_of


@pytest.mark.parametrize(
    ("is_https", "forwarded", "expected"),
    [
        (False, "203.0.113.9", "127.0.0.1"),
        (True, "198.51.100.7, 203.0.113.9", "203.0.113.9"),
        (True, "2001:db8::1", "2001:db8::1"),
        (True, "<script>", "127.0.0.1"),
        (True, "", "127.0.0.1"),
    ],
)
def test_the_address_is_whom_the_operators_proxy_saw(
    rf: RequestFactory, settings: Settings, is_https: bool, forwarded: str, expected: str
) -> None:
    settings.IS_HTTPS = is_https
    assert address_of(rf.get("/", headers={"x-forwarded-for": forwarded})) == expected
