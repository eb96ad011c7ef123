from __future__ import annotations

import pytest

from deskbell import speech
from deskbell.foundation.errors import InvalidInput

# Source: RCML reference §4.
RCML_CODES = (
    *("bf", "bp", "en", "en-gb", "cf", "cs", "dan", "fi", "es", "fr", "de"),
    *("el", "it", "nl", "no", "pl", "pt", "ru", "ar", "ca", "sv", "tr"),
)


@pytest.mark.parametrize("code", RCML_CODES)
def test_every_code_of_rcml_is_taken(code: str) -> None:
    assert speech.language_tag(code) in speech.languages()


@pytest.mark.parametrize(
    ("name", "tag"),
    [
        ("en", "en-US"),
        ("en-gb", "en-GB"),
        ("EN-us", "en-US"),
        ("en-ZA", "en-US"),
        ("bf", "fr-BE"),
        ("bp", "pt-BR"),
        ("cf", "fr-CA"),
        ("dan", "da-DK"),
        ("no", "nb-NO"),
        ("es-419", "es-ES"),
        ("google.en-GB-Wavenet-A", "en-GB"),
        ("Google.fr-CA-Neural2-B", "fr-CA"),
        ("bing.de-DE", "de-DE"),
        ("awspolly.ja-JP", "ja-JP"),
        ("google.cmn-CN-Wavenet-A", "zh-CN"),
        ("yue-HK", "zh-HK"),
        ("zh-Hant-HK", "zh-HK"),
    ],
)
def test_names_of_languages(name: str, tag: str) -> None:
    assert speech.language_tag(name) == tag


@pytest.mark.parametrize(
    "name", ["", "x", "tlh", "english", "nobody.en-GB", "google.", "en-", "en--GB", "e\u0578-GB"]
)
def test_unknown_languages_are_refused_and_told_what_is_taken(name: str) -> None:
    with pytest.raises(InvalidInput, match="taken are ar, arb, bf") as refused:
        speech.language_tag(name)
    assert refused.value.field == "language"


def test_languages_are_listed_by_name() -> None:
    names = list(speech.languages().values())

    assert names == sorted(names)
    assert speech.languages()["en-GB"] == "English (United Kingdom)"
