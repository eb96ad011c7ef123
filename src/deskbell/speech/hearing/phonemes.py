"""How names sound that no dictionary has: eSpeak NG's phonemes, as those of the acoustic model.

eSpeak NG reads any word by rules and writes IPA; the acoustic model knows ARPAbet's 39 phonemes of
American English. A sound that English does not have becomes the nearest that it has, as callers
say it.
"""

# ruff: noqa: RUF001  IPA is written in letters that look like others

from __future__ import annotations

import re
import subprocess
import unicodedata
from collections.abc import Sequence
from typing import Final

PROGRAM: Final = "espeak-ng"
SECONDS: Final = 20.0

# Longest first where one begins another; made so by _SOUND below.
_ARPABET: Final = {
    # what belongs together
    "tʃ": "CH",
    "dʒ": "JH",
    "tɕ": "CH",
    "dʑ": "JH",
    "tʂ": "CH",
    "ts": "T S",
    "dz": "D Z",
    "aɪ": "AY",
    "aʊ": "AW",
    "eɪ": "EY",
    "oʊ": "OW",
    "əʊ": "OW",
    "ɔɪ": "OY",
    "ɔɪ̯": "OY",
    "ɜː": "ER",
    "iə": "IY AH",
    "ɪə": "IH R",
    "eə": "EH R",
    "ʊə": "UH R",
    "ju": "Y UW",
    # vowels
    "i": "IY",
    "ɪ": "IH",
    "ᵻ": "IH",
    "ɨ": "IH",
    "y": "UW",
    "ʏ": "UH",
    "e": "EY",
    "ø": "ER",
    "œ": "ER",
    "ɛ": "EH",
    "æ": "AE",
    "a": "AA",
    "ɑ": "AA",
    "ɒ": "AA",
    "ɐ": "AH",
    "ʌ": "AH",
    "ə": "AH",
    "ɵ": "UH",
    "ɚ": "ER",
    "ɝ": "ER",
    "ɜ": "ER",
    "ɔ": "AO",
    "o": "OW",
    "ɤ": "AH",
    "ʊ": "UH",
    "u": "UW",
    "ʉ": "UW",
    "ɯ": "UW",
    # consonants
    "b": "B",
    "β": "B",
    "ɓ": "B",
    "p": "P",
    "ɸ": "F",
    "d": "D",
    "ɖ": "D",
    "ɗ": "D",
    "ð": "DH",
    "t": "T",
    "ʈ": "T",
    "ɾ": "T",
    "θ": "TH",
    "k": "K",
    "c": "K",
    "q": "K",
    "ɡ": "G",
    "g": "G",
    "ɣ": "G",
    "ɟ": "G",
    "ɢ": "G",
    "f": "F",
    "v": "V",
    "ʋ": "V",
    "s": "S",
    "z": "Z",
    "ʃ": "SH",
    "ʂ": "SH",
    "ɕ": "SH",
    "ɧ": "SH",
    "ʒ": "ZH",
    "ʐ": "ZH",
    "ʑ": "ZH",
    "x": "HH",
    "χ": "HH",
    "ç": "HH",
    "ħ": "HH",
    "h": "HH",
    "ɦ": "HH",
    "m": "M",
    "ɱ": "M",
    "n": "N",
    "ɳ": "N",
    "ɲ": "N Y",
    "ŋ": "NG",
    "l": "L",
    "ɫ": "L",
    "ɭ": "L",
    "ɬ": "L",
    "ʎ": "L Y",
    "r": "R",
    "ɹ": "R",
    "ʁ": "R",
    "ʀ": "R",
    "ɽ": "R",
    "ɻ": "R",
    "j": "Y",
    "ʝ": "Y",
    "w": "W",
    "ʍ": "W",
    "ɥ": "W",
}
# American English writes its short a and its r-coloured ends in its own way.
_AMERICAN: Final = {"a": "AE", "aɪɚ": "AY ER", "ɔːɹ": "AO R", "oːɹ": "AO R", "ɑːɹ": "AA R"}
_SIGNS: Final = re.compile("[ˈˌːˑ̩̯̃̊ʰʲˠˤ\u0361\u200d.]")
_FOLDED: Final = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i"}
)


def folded(text: str) -> str:
    """`text` in lower case and plain letters: no accents, and no signs but `'`."""
    spelt = text.casefold().replace("\u2019", "'").translate(_FOLDED)
    plain = unicodedata.normalize("NFKD", spelt)
    kept = "".join(each for each in plain if not unicodedata.combining(each))
    return " ".join(
        "".join(each if each.isalnum() or each == "'" else " " for each in kept).split()
    )


def arpabet(ipa: str, *, is_american: bool = True) -> str:
    """The phonemes of a word that is written in IPA, parted by spaces; without unknown signs."""
    table = {**_ARPABET, **(_AMERICAN if is_american else {})}
    phones: list[str] = []
    rest = ipa
    while rest:
        for length in (3, 2, 1):
            found = table.get(rest[:length])
            if found:
                phones += found.split()
                break
        else:
            length = 1
        rest = rest[length:]
    return " ".join(_tidied(phones))


def spoken_by_rule(words: Sequence[str], *, voice: str = "en-us") -> list[str]:
    """How eSpeak NG says each of `words`, in ARPAbet; an empty string for one that it cannot say,
    for all of them where it is not installed. Runs it once, for some milliseconds.
    """
    if not words:
        return []
    # A word a paragraph is a word a line of the answer.
    text = "".join(f"{word}\n\n" for word in words)
    command = [PROGRAM, "-q", "--ipa", "-v", voice, "--stdin"]
    try:
        done = subprocess.run(  # noqa: S603  a fixed program; the words go to its standard input
            command, input=text.encode(), capture_output=True, timeout=SECONDS, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return [""] * len(words)
    lines = [line.strip() for line in done.stdout.decode(errors="replace").splitlines()]
    lines = [line for line in lines if line]
    if len(lines) != len(words):
        return [""] * len(words) if len(words) == 1 else _one_by_one(words, voice)
    return [arpabet(_SIGNS.sub("", line), is_american=voice == "en-us") for line in lines]


def _one_by_one(words: Sequence[str], voice: str) -> list[str]:
    return [spoken_by_rule([word], voice=voice)[0] for word in words]


def _tidied(phones: Sequence[str]) -> list[str]:
    """Without the r that is said already, and without the same sound twice."""
    kept: list[str] = []
    for phone in phones:
        if kept and (phone == kept[-1] or (phone == "R" and kept[-1] == "ER")):
            continue
        kept.append(phone)
    return kept
