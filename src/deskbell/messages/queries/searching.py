"""What somebody searches for, as conditions that an index answers.

A word or a "phrase" is found wherever it stands, inside longer words and numbers too (trigrams);
one that is too short for that, or in letters that trigrams do not know, where a word begins with it
(full text). Small or capital letters and accents make no difference.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db import connection
from django.db.models import BooleanField, F, Func, Q, Value
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan

# So many conditions are looked up in an index, the longest; the rest are compared in what is found.
_MOST_LOOKED_UP = 8
_MOST_TERMS = 400
_TERM = re.compile(r'["“”]([^"“”]*)["“”]?|([^\s"“”]+)')
_NUMBER_OF_MESSAGE = re.compile(r"#(\d{1,18})", re.ASCII)
_PHONE = re.compile(r"[\d+()./ -]+", re.ASCII)
_HAS_TRIGRAM = re.compile(r"[a-z0-9]{3}")
_PLAIN = """
SELECT DISTINCT ON (plain) plain, messages_beginnings(plain)::text
FROM (SELECT messages_plain(term) AS plain FROM unnest(%s::text[]) AS term) AS terms
WHERE plain <> ''
"""


class _Begins(Func):
    """Whether words of a tsvector begin as those of a query in text do."""

    template = "(%(expressions)s::tsquery)"
    arg_joiner = " @@ "
    output_field = BooleanField()


@dataclass(frozen=True, slots=True)
class _Term:
    """A plain text, and the query for words that begin so, where it has words."""

    plain: str
    beginnings: str | None

    @property
    def has_trigram(self) -> bool:
        return _HAS_TRIGRAM.search(self.plain) is not None


@dataclass(frozen=True, slots=True)
class Match:
    """Whether a message has what is searched for: as an index finds it among all, and as it is
    compared in rows that are few already. Both are empty where nothing is searched for."""

    by_index: Q
    one_by_one: Q


def matching(search: str) -> Match:
    """Messages in which every word and "phrase" of `search` stands; `#12` is message 12.

    Needs one query to see what its words are to the database.
    """
    numbered = Q()
    texts = []
    for phrase, word in _TERM.findall(search.replace("\0", " "))[:_MOST_TERMS]:
        number = _NUMBER_OF_MESSAGE.fullmatch(word)
        if number:
            numbered &= Q(pk=int(number[1]))
        else:
            texts.append(phrase or word)
    by_index = one_by_one = numbered
    for place, term in enumerate(_terms(texts)):
        one_by_one &= _compared(term)
        by_index &= _looked_up(term) if place < _MOST_LOOKED_UP else _compared(term)
    return Match(by_index, one_by_one)


def _terms(texts: list[str]) -> list[_Term]:
    """What is searched for, what an index narrows down most first."""
    if not texts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_PLAIN, [texts])
        terms = [_Term(*row) for row in cursor.fetchall()]
    return sorted(terms, key=lambda term: (not term.has_trigram, -len(term.plain), term.plain))


def _looked_up(term: _Term) -> Q:
    if term.has_trigram:
        found = Q()
        for text in _spellings(term):
            found |= Q(card__text__contains=text)
        return found
    compared = _compared(term)
    if term.beginnings is None:
        return compared
    return Q(_Begins(F("card__words"), Value(term.beginnings))) & compared


def _compared(term: _Term) -> Q:
    """Where a text stands, without asking an index: those for trigrams read all of themselves for
    what has none, and much of themselves for what is common."""
    found = Q()
    for text in _spellings(term):
        found |= Q(GreaterThan(StrIndex(F("card__text"), Value(text)), 0))
    return found


def _spellings(term: _Term) -> list[str]:
    """A text; a telephone number also without what it is written with."""
    digits = re.sub(r"\D", "", term.plain)
    is_phone = len(digits) >= 3 and digits != term.plain and _PHONE.fullmatch(term.plain)
    return [term.plain, digits] if is_phone else [term.plain]
