"""ARCHITECTURE.md says who listens to whom; here it is held to what the rooms really do."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from pathlib import Path

from deskbell.platform.hooks import Hook

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "deskbell"
Row = tuple[str, str, str]


def declared() -> Iterator[tuple[str, Hook[object]]]:
    """Every hook of every room, by the name it has in Python."""
    for path in SOURCE.glob("*/hooks.py"):
        module = importlib.import_module(f"deskbell.{path.parent.name}.hooks")
        for name, value in vars(module).items():
            if isinstance(value, Hook):
                yield name, value


def firing(name: str) -> list[str]:
    """The modules that fire a hook, without `deskbell.`."""
    return [
        str(path.relative_to(SOURCE).with_suffix("")).replace("/", ".")
        for path in sorted(SOURCE.rglob("*.py"))
        if "tests" not in path.parts and f"{name}.fire(" in path.read_text()
    ]


def listed(names: list[str]) -> str:
    """Names as a cell of the table has them."""
    return ", ".join(f"`{name.removeprefix('deskbell.')}`" for name in names)


def rows() -> list[Row]:
    """The table of hooks in ARCHITECTURE.md."""
    text = (ROOT / "ARCHITECTURE.md").read_text()
    table = text.partition("| hook | fired by | heard by |\n|---|---|---|\n")[2]
    return [
        (cells[0], cells[1], cells[2])
        for line in table.partition("\n\n")[0].splitlines()
        if len(cells := re.split(r" *\| *", line.strip("| "))) == 3
    ]


def test_the_table_of_hooks_is_true() -> None:
    """After a change copy the row that the failure shows into ARCHITECTURE.md."""
    found = {
        (f"`{hook.name}`", listed(firing(name)), listed(hook.subscribers()))
        for name, hook in declared()
    }
    assert set(rows()) == found
    assert len(rows()) == len(found) >= 4


def test_hooks_are_named_by_their_rooms() -> None:
    for name, hook in declared():
        assert hook.name.partition(".")[2] == name
        assert hook.subscribers(), f"nobody listens to {hook.name}"
