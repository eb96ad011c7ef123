"""Bundling happens when something changed, with a Node.js that can do it."""

from __future__ import annotations

from pathlib import Path

import pytest

from deskbell.cli import assets


def fake(folder: Path, name: str, says: str) -> None:
    folder.mkdir(exist_ok=True)
    program = folder / name
    program.write_text(f"#!/bin/sh\necho {says}\n")
    program.chmod(0o755)


@pytest.mark.parametrize(
    ("said", "major"), [("v20.11.1\n", 20), ("v8.0.0", 8), ("18", 18), ("", 0), ("error", 0)]
)
def test_the_version_of_node(said: str, major: int) -> None:
    assert assets.node_major(said) == major


def test_the_machines_node_is_taken_where_it_is_new_enough(tmp_path: Path) -> None:
    fake(tmp_path, "node", "v18.0.0")
    assert assets.node_of_machine(str(tmp_path)) is None  # no npm beside it
    fake(tmp_path, "npm", "10")
    found = assets.node_of_machine(str(tmp_path))
    assert found == assets.Node(str(tmp_path / "node"), (str(tmp_path / "npm"),))
    fake(tmp_path, "node", "v16.20.0")
    assert assets.node_of_machine(str(tmp_path)) is None


def test_nodes_folder_comes_first_in_the_path() -> None:
    node = assets.Node("/venv/node", ("/venv/node", "/venv/npm"))
    assert assets.with_node_first({"PATH": "/usr/bin"}, node)["PATH"] == "/venv:/usr/bin"


def test_the_fingerprint_follows_every_source(tmp_path: Path) -> None:
    assert assets.fingerprint(tmp_path) == ""
    sources = [
        tmp_path / "package-lock.json",
        tmp_path / "scripts" / "build-assets.mjs",
        tmp_path / "src/deskbell/portal/assets/page.ts",
        tmp_path / "src/deskbell/portal/messages/templates/list.html",
    ]
    for path in sources:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}")
    seen = {assets.fingerprint(tmp_path)}
    for path in sources:
        path.write_text("{ }")
        seen.add(assets.fingerprint(tmp_path))
    assert len(seen) == 5
    (tmp_path / "README.md").touch()
    assert assets.fingerprint(tmp_path) in seen
