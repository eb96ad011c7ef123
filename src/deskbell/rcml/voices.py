"""Voices and languages, as RCML and as carriers name them.

RCML has a few codes of its own; carriers have BCP-47 tags, and refuse a voice that does not speak
the language. Source: RCML reference, section 4; docs.aws.amazon.com/polly, "Available voices".
"""

from __future__ import annotations

import re
from typing import Final

_CODES: Final = {
    "bf": "fr-BE",
    "bp": "pt-BR",
    "en": "en-US",
    "en-gb": "en-GB",
    "cf": "fr-CA",
    "cs": "cs-CZ",
    "dan": "da-DK",
    "fi": "fi-FI",
    "es": "es-ES",
    "fr": "fr-FR",
    "de": "de-DE",
    "el": "el-GR",
    "it": "it-IT",
    "nl": "nl-NL",
    "no": "nb-NO",
    "pl": "pl-PL",
    "pt": "pt-PT",
    "ru": "ru-RU",
    "ar": "ar-SA",
    "ca": "ca-ES",
    "sv": "sv-SE",
    "tr": "tr-TR",
}
_TAGS: Final = {tag.lower(): code for code, tag in _CODES.items()}
_TAG: Final = re.compile(r"^([a-z]{2,3})(?:-([a-z]{2}|[0-9]{3}))?(?=-|$)", re.IGNORECASE | re.ASCII)
_DEFAULT: Final = "en-US"

# Amazon Polly's man and woman of a language; one of them twice where there is no other.
_POLLY: Final = {
    "cy-GB": ("Gwyneth", "Gwyneth"),
    "da-DK": ("Mads", "Naja"),
    "de-DE": ("Hans", "Marlene"),
    "en-AU": ("Russell", "Nicole"),
    "en-GB": ("Brian", "Amy"),
    "en-IN": ("Raveena", "Raveena"),
    "en-US": ("Matthew", "Joanna"),
    "es-ES": ("Enrique", "Conchita"),
    "es-MX": ("Mia", "Mia"),
    "es-US": ("Miguel", "Penelope"),
    "fr-CA": ("Chantal", "Chantal"),
    "fr-FR": ("Mathieu", "Celine"),
    "hi-IN": ("Aditi", "Aditi"),
    "is-IS": ("Karl", "Dora"),
    "it-IT": ("Giorgio", "Carla"),
    "ja-JP": ("Takumi", "Mizuki"),
    "ko-KR": ("Seoyeon", "Seoyeon"),
    "nb-NO": ("Liv", "Liv"),
    "nl-NL": ("Ruben", "Lotte"),
    "pl-PL": ("Jacek", "Ewa"),
    "pt-BR": ("Ricardo", "Vitoria"),
    "pt-PT": ("Cristiano", "Ines"),
    "ro-RO": ("Carmen", "Carmen"),
    "ru-RU": ("Maxim", "Tatyana"),
    "sv-SE": ("Astrid", "Astrid"),
    "tr-TR": ("Filiz", "Filiz"),
}
_GOOGLE: Final = {"twilio": "Google", "signalwire": "gcloud"}


def rcml_language(language: str) -> str:
    """RCML's code for a BCP-47 tag where it has one (`en-US` is `en`); else as it was given."""
    return _TAGS.get(language.strip().lower(), language)


def language_of(name: str) -> str:
    """The BCP-47 tag of a language by any of its names: `cf`, `fr-CA`, `google.fr-CA-Wavenet-A`.

    American English for what is none.
    """
    plain = name.strip().lower()
    if plain in _CODES:
        return _CODES[plain]
    found = _TAG.match(plain.rpartition(".")[2])
    if not found:
        return _DEFAULT
    word, region = found[1], (found[2] or "").upper()
    return f"{word}-{region}" if region else _CODES.get(word, word)


def fitting_voice(voice: str, language: str, carrier: str) -> tuple[str, str]:
    """A carrier's voice and language for RCML's; an empty voice lets the carrier choose.

    `carrier` is twilio, signalwire or telnyx. A voice that a hosted engine's name holds is kept
    where the carrier has that engine; else it is Polly's man or woman of the language.
    """
    tag = language_of(language)
    engine, _, name = language.strip().partition(".")
    if engine.lower() == "google" and carrier in _GOOGLE and name.count("-") > 1:
        return f"{_GOOGLE[carrier]}.{name}", tag
    if "." in voice:
        return voice, tag
    if tag in _POLLY:
        man, woman = _POLLY[tag]
        return f"Polly.{woman if voice.lower() == 'woman' else man}", tag
    return ("alice" if carrier == "telnyx" else ""), tag
