"""Web and worker may start at once only where the database surely fits."""

from __future__ import annotations

from pathlib import Path

from deskbell.cli import prepared


def test_a_new_migration_or_package_wants_preparing(tmp_path: Path) -> None:
    migration = tmp_path / "src/room/migrations/0001_begin.py"
    packages = tmp_path / "requirements/run.txt"
    for path in (migration, packages):
        path.parent.mkdir(parents=True)
        path.write_text("1")
    seen = {prepared.fingerprint(tmp_path)}
    packages.write_text("2")
    seen.add(prepared.fingerprint(tmp_path))
    migration.with_name("0002_more.py").write_text("")
    seen.add(prepared.fingerprint(tmp_path))
    assert len(seen) == 3


def test_it_is_remembered_with_the_database(tmp_path: Path) -> None:
    assert not prepared.is_prepared(tmp_path)
    (tmp_path / "postgres").mkdir()
    assert not prepared.is_prepared(tmp_path)
    prepared.remember(tmp_path)
    assert prepared.is_prepared(tmp_path)
