"""What is spoken once is kept, and the disk does not fill up."""

from __future__ import annotations

import os
from pathlib import Path

from deskbell.voice.clips import ClipFolder

KEY = ("Hello", "en", "man")


def test_a_clip_outlives_its_gateway(tmp_path: Path) -> None:
    folder = tmp_path / "spoken"
    assert ClipFolder(folder).get(KEY) is None

    ClipFolder(folder).put(KEY, b"\x55" * 100)

    assert ClipFolder(folder).get(KEY) == b"\x55" * 100
    assert ClipFolder(folder).get(("Hello", "en", "woman")) is None


def test_what_was_not_heard_for_longest_goes_first(tmp_path: Path) -> None:
    clips = ClipFolder(tmp_path, most_bytes=300)
    for number in range(3):
        clips.put((str(number),), b"x" * 90)
        for path in tmp_path.iterdir():
            before = path.stat().st_mtime - 10
            os.utime(path, (before, before))
    assert clips.get(("0",))

    clips.put(("3",), b"x" * 90)

    assert clips.get(("0",))
    assert clips.get(("3",))
    assert clips.get(("1",)) is None
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 300


def test_a_disk_that_takes_nothing_costs_no_call(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    clips = ClipFolder(blocked / "spoken")

    clips.put(KEY, b"x")

    assert clips.get(KEY) is None
