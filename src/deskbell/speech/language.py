"""Languages by the names that RCML, hosted engines and BCP-47 give them.

(Not `languages`: a module of that name would hide the function of that name on the room's door.)
"""

from __future__ import annotations

import re
from typing import Final

from ..foundation.errors import InvalidInput

# A language's first tag here is the one for regions that are not here.
_NAMES: Final = {
    "ar-SA": "Arabic",
    "bg-BG": "Bulgarian",
    "bn-IN": "Bengali",
    "ca-ES": "Catalan",
    "cs-CZ": "Czech",
    "cy-GB": "Welsh",
    "da-DK": "Danish",
    "de-DE": "German",
    "el-GR": "Greek",
    "en-US": "English (United States)",
    "en-AU": "English (Australia)",
    "en-GB": "English (United Kingdom)",
    "en-IN": "English (India)",
    "es-ES": "Spanish (Spain)",
    "es-MX": "Spanish (Mexico)",
    "es-US": "Spanish (United States)",
    "et-EE": "Estonian",
    "eu-ES": "Basque",
    "fa-IR": "Persian",
    "fi-FI": "Finnish",
    "fr-FR": "French (France)",
    "fr-BE": "French (Belgium)",
    "fr-CA": "French (Canada)",
    "fr-CH": "French (Switzerland)",
    "ga-IE": "Irish",
    "gu-IN": "Gujarati",
    "hi-IN": "Hindi",
    "hr-HR": "Croatian",
    "hu-HU": "Hungarian",
    "hy-AM": "Armenian",
    "id-ID": "Indonesian",
    "is-IS": "Icelandic",
    "it-IT": "Italian",
    "ja-JP": "Japanese",
    "ka-GE": "Georgian",
    "kn-IN": "Kannada",
    "ko-KR": "Korean",
    "lt-LT": "Lithuanian",
    "lv-LV": "Latvian",
    "mk-MK": "Macedonian",
    "ml-IN": "Malayalam",
    "mr-IN": "Marathi",
    "ms-MY": "Malay",
    "nb-NO": "Norwegian",
    "nl-NL": "Dutch",
    "pa-IN": "Punjabi",
    "pl-PL": "Polish",
    "pt-PT": "Portuguese (Portugal)",
    "pt-BR": "Portuguese (Brazil)",
    "ro-RO": "Romanian",
    "ru-RU": "Russian",
    "sk-SK": "Slovak",
    "sl-SI": "Slovenian",
    "sq-AL": "Albanian",
    "sr-RS": "Serbian",
    "sv-SE": "Swedish",
    "sw-KE": "Swahili",
    "ta-IN": "Tamil",
    "te-IN": "Telugu",
    "tr-TR": "Turkish",
    "uk-UA": "Ukrainian",
    "ur-PK": "Urdu",
    "vi-VN": "Vietnamese",
    "zh-CN": "Chinese (Mandarin)",
    "zh-HK": "Chinese (Cantonese)",
}

# RCML reference §4, where a code is not simply a language of the table above.
_RCML_CODES: Final = {"bf": "fr-BE", "bp": "pt-BR", "cf": "fr-CA", "dan": "da-DK"}

# What hosted engines write for a language that the table has under another name.
_OTHER_WORDS: Final = {"no": "nb", "nn": "nb", "cmn": "zh", "arb": "ar", "yue": "zh-hk"}

_ENGINES: Final = ("acapela", "awspolly", "bing", "google", "voicerss")
_SHAPE: Final = re.compile(
    rf"(?:(?:{'|'.join(_ENGINES)})\.)?"
    r"(?P<language>[a-z]{2,3})"
    r"(?:-[a-z]{4}(?=-|$))?"
    r"(?:-(?P<region>[a-z]{2}|[0-9]{3})(?:-[a-z0-9]+)*)?",
    re.IGNORECASE | re.ASCII,
)

_TAGS: Final = {tag.lower(): tag for tag in _NAMES}
_MAIN: Final = {tag.partition("-")[0]: tag for tag in reversed(_NAMES)}


def languages() -> dict[str, str]:
    """Every language that can be asked for: BCP-47 tag to English name, ordered by name.

    Whether one can be heard on this machine depends on what is installed.
    """
    return dict(sorted(_NAMES.items(), key=lambda item: item[1]))


def language_tag(name: str) -> str:
    """The BCP-47 tag, out of `languages()`, that a language's name means.

    Takes RCML's codes (`en`, `en-gb`, `bf`), BCP-47 tags (`fr-CA`; an unknown region falls back to
    the language, RFC 4647 §3.4), and both behind a hosted engine's name, with its voice after it
    (`google.en-GB-Wavenet-A`, `awspolly.ja-JP`); case does not matter. Engine and voice are left
    out. Raises InvalidInput naming what is taken.
    Source: RCML reference §4; seed 002, Announcement.
    """
    shape = _SHAPE.fullmatch(name.strip())
    if shape:
        word = shape["language"].lower()
        if word in _RCML_CODES and not shape["region"]:
            return _RCML_CODES[word]
        word = _OTHER_WORDS.get(word, word)
        tag = _TAGS.get(f"{word}-{shape['region'] or ''}".lower().rstrip("-")) or _TAGS.get(word)
        if tag or word in _MAIN:
            return tag or _MAIN[word]
    codes = ", ".join(sorted({*_RCML_CODES, *_OTHER_WORDS, *_MAIN}))
    raise InvalidInput(
        f"{name!r} is not a language that can be spoken; taken are {codes}, each with a region "
        f"(en-GB) or after an engine ({', '.join(f'{engine}.' for engine in _ENGINES)} as in "
        "google.en-GB-Wavenet-A)",
        field="language",
    )


def hosted_voice(name: str) -> tuple[str, str]:
    """The hosted engine that a language's name asks for, and its voice there; both may be empty.

    `google.en-GB-Wavenet-A` is `("google", "en-GB-Wavenet-A")`, `awspolly.ja-JP` is
    `("awspolly", "")`.
    """
    engine, dot, voice = name.strip().partition(".")
    if not dot or engine.lower() not in _ENGINES:
        return "", ""
    return engine.lower(), voice if voice.count("-") > 1 else ""
