"""What people may set as a time zone."""

from __future__ import annotations

import pytest

from deskbell.foundation.zones import is_time_zone


@pytest.mark.parametrize(
    "name", ["UTC", "America/New_York", "US/Hawaii", "Asia/Calcutta", "Arctic/Longyearbyen"]
)
def test_names_of_iana_and_of_the_seed(name: str) -> None:
    assert is_time_zone(name)


@pytest.mark.parametrize(
    "name", ["", "utc ", "posixrules", "localtime", "right/UTC", "../UTC", "Mars/Olympus", "\0"]
)
def test_names_that_are_none(name: str) -> None:
    assert not is_time_zone(name)
