"""Every relative link in a document leads to a file that is there, and to a heading that it has."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"^```.*?^```|`[^`\n]*`", re.DOTALL | re.MULTILINE)
SKIPPED = {".venv", "node_modules", "var"}


def documents() -> list[str]:
    """Every Markdown file of the repository, by its path from the root."""
    found = (path.relative_to(ROOT) for path in ROOT.rglob("*.md"))
    return sorted(str(path) for path in found if not SKIPPED & set(path.parts))


@cache
def anchors(path: Path) -> frozenset[str]:
    """The headings of a document as GitHub makes anchors of them."""
    headings = re.findall(r"^#+ +(.+)$", CODE.sub("", path.read_text()), re.MULTILINE)
    return frozenset(
        re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings
    )


@pytest.mark.parametrize("document", documents())
def test_its_links_lead_somewhere(document: str) -> None:
    path = ROOT / document
    broken = []
    for link in LINK.findall(CODE.sub("", path.read_text())):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = (path.parent / name).resolve() if name else path
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []
