"""Characters that no font here has: named in words, since an empty box tells a reader nothing."""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import typst

_MOST: Final = 200
_PROBE: Final = b"""#set document(title: "probe", date: none)
#for each in json(bytes(sys.inputs.data)) [#par(each)]"""


def replaced(value: Any, fonts: typst.Fonts) -> Any:
    """`value` with each character that `fonts` lack as its name: "[grinning face]", "[U+4F60]".

    After 200 different ones the others are printed as empty boxes, which bounds the time.
    """
    exotic = sorted({each for text in _texts(value) for each in text if each > "\u024f"})
    lacking = _lacking(tuple(each for each in exotic if _has_shape(each)), fonts)
    table = str.maketrans({each: _name(each) for each in lacking[:_MOST]})
    return _translated(value, table) if lacking else value


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def _translated(value: Any, table: dict[int, str]) -> Any:
    if isinstance(value, str):
        return value.translate(table)
    if isinstance(value, dict):
        return {key: _translated(each, table) for key, each in value.items()}
    if isinstance(value, list):
        return [_translated(each, table) for each in value]
    return value


def _has_shape(character: str) -> bool:
    """Whether it is drawn by itself: accents, joiners and blanks are not."""
    return unicodedata.category(character)[0] not in "CMZ"


def _name(character: str) -> str:
    """A sign by its name; a letter or an ideograph by its number, which is shorter than its."""
    name = unicodedata.name(character, "")
    is_sign = unicodedata.category(character)[0] == "S"
    return f"[{name.lower()}]" if name and is_sign else f"[U+{ord(character):04X}]"


@functools.lru_cache(maxsize=256)
def _lacking(characters: tuple[str, ...], fonts: typst.Fonts) -> tuple[str, ...]:
    """Which of them `fonts` lack, up to about 200: halved until the culprits stand alone."""
    if not characters or _all_there(characters, fonts):
        return ()
    if len(characters) == 1:
        return characters
    middle = len(characters) // 2
    first = _lacking(characters[:middle], fonts)
    return first if len(first) >= _MOST else first + _lacking(characters[middle:], fonts)


def _all_there(characters: tuple[str, ...], fonts: typst.Fonts) -> bool:
    """Whether Typst prints them in PDF/UA, a standard that forbids characters without a glyph."""
    import json

    import typst

    data = json.dumps(characters)
    try:
        typst.compile(_PROBE, font_paths=fonts, sys_inputs={"data": data}, pdf_standards="ua-1")
    except typst.TypstError:
        return False
    return True
