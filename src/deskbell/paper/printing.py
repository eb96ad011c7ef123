"""Templates and data become PDFs, by typst, which runs in this process and needs no network.

Data never becomes markup: it travels as JSON, and a template shows strings as they are. What
strangers wrote is made printable first (`text.py`), so that no text can make a page that is not
bounded in time and size.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from deskbell.foundation.errors import InvalidInput

from .glyphs import replaced
from .text import printable

if TYPE_CHECKING:
    import typst

ROOT: Final = Path(__file__).resolve().parent.parent
_LETTER: Final = frozenset({"BZ", "CA", "CL", "CO", "CR", "DO", "GT", "HN", "MX", "NI"})
_LETTER_TOO: Final = frozenset({"PA", "PH", "PR", "SV", "US", "VE"})


def pdf(template: Path | str, data: Mapping[str, Any]) -> bytes:
    """`template` filled with `data` as a tagged PDF; the same input always gives the same bytes.

    `template` is the path of a `.typ` file within the package, or Typst source; it begins with
    `#import "/paper/house.typ": *`, which gives it `data` and the house's parts. `data` is what
    JSON can say. Its `country` (ISO 3166, "US") decides between Letter and A4, which is the
    default; its `lang` (ISO 639, "en") is the document's language. Raises InvalidInput, in words,
    for data that is no JSON and for a template that Typst refuses. Thread-safe.
    """
    import typst

    clean = printable(data)
    try:
        text = json.dumps(replaced(clean, _fonts()), ensure_ascii=True, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise InvalidInput(f"What goes on paper has to be JSON: {error}") from error
    source = template.encode() if isinstance(template, str) else template.read_bytes()
    printer: Callable[..., bytes] = typst.compile  # its own types want all paths to be of one type
    try:
        made = printer(
            source,
            root=ROOT,
            font_paths=_fonts(),
            sys_inputs={"data": text, "paper": _paper(clean), "lang": _language(clean)},
            timestamp=0,
        )
    except typst.TypstError as error:
        raise InvalidInput(f"The template cannot be printed: {error.message}") from error
    return made


def _paper(data: Any) -> str:
    country = str(data.get("country") or "").upper()
    return "us-letter" if country in _LETTER | _LETTER_TOO else "a4"


def _language(data: Any) -> str:
    return str(data.get("lang") or "en").lower()[:2]


@functools.lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """What Typst brings along, and behind it the machine's fonts for all other scripts."""
    import typst

    return typst.Fonts()
