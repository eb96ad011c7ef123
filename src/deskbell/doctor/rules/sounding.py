"""Whether two names sound the same to somebody who hears them over a telephone.

A name is brought to a rough spelling by ear: letters that sound alike become one, silent ones go,
and each run of vowels becomes one vowel. English names only, and rather too few than too many:
a clash that is reported wrongly costs more trust than one that is missed.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# In order: longer spellings first, so that "ph" is not read as "p" and "h".
_SPELLINGS: Final = (
    (r"[^a-z ]", ""),
    (r"\b(kn|gn|pn)", "n"),
    (r"\bwr", "r"),
    (r"sch|sh", "x"),
    (r"tch|ch", "x"),
    (r"ph", "f"),
    (r"v", "f"),
    (r"th", "t"),
    (r"gh", ""),
    (r"ck|q", "k"),
    (r"c(?=[eiy])", "s"),
    (r"c", "k"),
    (r"z", "s"),
    (r"dt\b", "t"),
    (r"(?<=[aeiou])h(?![aeiou])", ""),
    (r"(?<=[^aeiou ])e\b", ""),
    (r"[aeiouy]*[eiy][aeiouy]*", "i"),
    (r"[aou]*[ou][aou]*", "u"),
    (r"a+", "a"),
    (r"([a-z])\1+", r"\1"),
)


def by_ear(name: str) -> str:
    """The rough spelling of a name; two names with the same one sound the same. May be empty."""
    plain = unicodedata.normalize("NFKD", name).lower()
    heard = " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())
    for pattern, sound in _SPELLINGS:
        heard = re.sub(pattern, sound, heard)
    return heard.replace(" ", "")
