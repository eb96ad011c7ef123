"""Ranges of a sound, as players ask for them."""

from __future__ import annotations

from typing import Any

import pytest

from deskbell.platform.ranges import wanted


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("", None),
        ("bytes=0-0", (0, 0)),
        ("bytes=5-", (5, 9)),
        ("bytes=5-99", (5, 9)),
        ("bytes=-3", (7, 9)),
        ("bytes=-99", (0, 9)),
        ("bytes=-", None),
        ("bytes=0-1,3-4", None),
        ("lines=0-1", None),
        ("bytes=" + "9" * 2, "none"),
        ("bytes=4-3", "none"),
        ("bytes=-0", "none"),
    ],
)
def test_ranges(header: str, part: Any) -> None:
    if part == "none":
        with pytest.raises(ValueError, match="bytes"):
            wanted(header + ("-" if header == "bytes=99" else ""), 10)
    else:
        assert wanted(header, 10) == part
