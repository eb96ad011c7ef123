"""Hosted voices: asked as their pages say, and made up for where they do not answer."""

from __future__ import annotations

import base64
import json
import logging
import struct
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from deskbell import speech
from deskbell.foundation import http
from deskbell.foundation.errors import Unreachable
from deskbell.foundation.http import Answer
from deskbell.speech.language import hosted_voice
from deskbell.speech.providers.google import engine as google
from deskbell.speech.providers.google import service as google_service
from deskbell.speech.providers.polly import engine as polly

KEY = "a-key-nobody-may-read"
TONE = b"".join(struct.pack("<h", 9000 if at // 8 % 2 else -9000) for at in range(8000))
WAV = (
    b"RIFF"
    + struct.pack("<I", 36 + len(TONE))
    + b"WAVEfmt "
    + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 16000, 2, 16)
    + b"data"
    + struct.pack("<I", len(TONE))
    + TONE
)
SPOKEN = Answer(200, {}, json.dumps({"audioContent": base64.b64encode(WAV).decode()}).encode())
Sent = tuple[str, bytes, Mapping[str, str]]


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> tuple[list[Sent], list[Answer | Exception]]:
    """What went out, and what comes back in turn."""
    sent: list[Sent] = []
    answers: list[Answer | Exception] = []

    def request(
        _method: str, url: str, *, body: bytes, headers: Mapping[str, str], **_: object
    ) -> Answer:
        sent.append((url, body, headers))
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(http, "request", request)
    return sent, answers


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("google.en-GB-Wavenet-A", ("google", "en-GB-Wavenet-A")),
        ("Google.en-GB", ("google", "")),
        ("awspolly.ja-JP", ("awspolly", "")),
        ("awspolly.en-GB-Amy", ("awspolly", "en-GB-Amy")),
        ("en-GB", ("", "")),
        ("other.en-GB", ("", "")),
    ],
)
def test_a_language_may_name_a_service_and_its_voice(name: str, expected: tuple[str, str]) -> None:
    assert hosted_voice(name) == expected


def test_google_speaks_in_the_voice_that_was_named(
    wire: tuple[list[Sent], list[Answer | Exception]], monkeypatch: pytest.MonkeyPatch
) -> None:
    sent, answers = wire
    monkeypatch.setenv(google_service.KEY_VARIABLE, KEY)
    answers.append(SPOKEN)

    pcm = speech.speak("Hello", language="google.en-GB-Wavenet-A")

    assert 0.9 < len(pcm) / 16000 < 1.1
    (url, body, headers), *none = sent
    assert (url, none) == (google.SPEAK_URL, [])
    assert json.loads(body)["voice"] == {"languageCode": "en-GB", "name": "en-GB-Wavenet-A"}
    assert json.loads(body)["input"] == {"text": "Hello"}
    assert headers["X-Goog-Api-Key"] == KEY


@pytest.mark.parametrize(
    "answer",
    [
        Answer(403, {}, json.dumps({"error": {"status": "PERMISSION_DENIED"}}).encode()),
        Answer(200, {}, b"{}"),
        Answer(200, {}, b"not json"),
        Answer(200, {}, b"[]"),
        Unreachable("it took too long"),
    ],
)
def test_where_google_fails_an_engine_here_speaks_and_no_key_is_written_down(
    answer: Answer | Exception,
    wire: tuple[list[Sent], list[Answer | Exception]],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setenv(google_service.KEY_VARIABLE, KEY)
    wire[1].append(answer)

    before = speech.stand_ins()

    assert speech.service_for("google.de-DE") == "google"
    with caplog.at_level(logging.DEBUG):
        assert speech.speak("Hallo", language="google.de-DE")

    assert "google does not speak" in caplog.text
    assert KEY not in caplog.text
    assert speech.stand_ins() == before + 1


def test_a_service_account_signs_in_once(
    wire: tuple[list[Sent], list[Answer | Exception]],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import padding, rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file = tmp_path / "account.json"
    file.write_text(json.dumps({"client_email": "desk@example.com", "private_key": pem.decode()}))
    monkeypatch.delenv(google_service.KEY_VARIABLE, raising=False)
    monkeypatch.setenv(google_service.ACCOUNT_VARIABLE, str(file))
    token = Answer(200, {}, json.dumps({"access_token": "token", "expires_in": 3600}).encode())
    sent, answers = wire
    answers += [token, SPOKEN, SPOKEN]
    service = google.Google()

    for _ in range(2):
        service.synthesise("Hello", language="en-US", voice="Woman", named="")

    assert [url for url, _, _ in sent] == [
        google_service.TOKEN_URL,
        google.SPEAK_URL,
        google.SPEAK_URL,
    ]
    assertion = parse_qs(sent[0][1].decode())["assertion"][0]
    signed, _, signature = assertion.rpartition(".")
    raw = base64.urlsafe_b64decode(signature + "==")
    key.public_key().verify(raw, signed.encode(), padding.PKCS1v15(), hashes.SHA256())
    assert sent[1][2]["Authorization"] == "Bearer token"
    assert json.loads(sent[1][1])["voice"]["ssmlGender"] == "FEMALE"


def test_polly_is_asked_in_the_region_with_a_signature(
    wire: tuple[list[Sent], list[Answer | Exception]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(polly.KEY_VARIABLE, "AKID")
    monkeypatch.setenv(polly.SECRET_VARIABLE, KEY)
    monkeypatch.setenv(polly.REGION_VARIABLE, "eu-west-1")
    sent, answers = wire
    answers += [Answer(200, {}, TONE), Answer(200, {}, TONE)]

    assert speech.speak("Hello", language="awspolly.ja-JP", voice="Woman")
    assert speech.speak("Hello", language="awspolly.en-GB-Brian")

    url, body, headers = sent[0]
    assert url == "https://polly.eu-west-1.amazonaws.com/v1/speech"
    assert [json.loads(each[1])["VoiceId"] for each in sent] == ["Mizuki", "Brian"]
    assert "AKID/" in headers["Authorization"]
    assert KEY not in str(headers)
    at = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    once, again = (polly.signed_headers("host", body, at) for _ in range(2))
    assert once == again != polly.signed_headers("host", body + b" ", at)


SSML = (
    '<speak>On <say-as interpret-as="date" format="dmy">3/4/2026</say-as><break time="1s"/>'
    '<prosody rate="slow" contour="x">now</prosody><audio src="http://h/x.wav"/></speak>'
)


def test_services_get_ssml_that_we_wrote_anew(
    wire: tuple[list[Sent], list[Answer | Exception]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(google_service.KEY_VARIABLE, KEY)
    monkeypatch.setenv(polly.KEY_VARIABLE, "AKID")
    monkeypatch.setenv(polly.SECRET_VARIABLE, KEY)
    monkeypatch.setenv(polly.REGION_VARIABLE, "eu-west-1")
    sent, answers = wire
    answers += [SPOKEN, Answer(200, {}, TONE), Answer(200, {}, TONE)]

    speech.speak("On now", language="google.en-GB", ssml=SSML)
    speech.speak("On now", language="awspolly.de-DE", ssml=SSML)
    silence = speech.speak("x", language="awspolly.de-DE", ssml='<speak><break time="1s"/></speak>')

    english = json.loads(sent[0][1])["input"]
    assert english == {
        "ssml": '<speak>On <sub alias="the third of April twenty twenty-six">3/4/2026</sub>'
        '<break time="1s" /><prosody rate="75%">now</prosody>  </speak>'
    }
    german = json.loads(sent[1][1])
    assert german["TextType"] == "ssml"
    assert '<say-as interpret-as="date" format="dmy">3/4/2026</say-as>' in german["Text"]
    assert len(sent) == 2, "silence needs nobody"
    assert silence == bytes(16000)


def test_where_a_service_fails_marks_are_kept_by_the_engine_here(
    wire: tuple[list[Sent], list[Answer | Exception]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(google_service.KEY_VARIABLE, KEY)
    wire[1].append(Answer(400, {}, b"{}"))
    pcm = speech.speak("On now", language="google.de-DE", ssml=SSML)
    assert bytes(14000) in pcm


def test_without_keys_nobody_is_asked(
    wire: tuple[list[Sent], list[Answer | Exception]], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (google_service.KEY_VARIABLE, google_service.ACCOUNT_VARIABLE, polly.KEY_VARIABLE):
        monkeypatch.delenv(name, raising=False)
    for name in ("google.de-DE-Wavenet-A", "awspolly.de-DE"):
        assert speech.service_for(name) == ""
        assert speech.speak("Guten Tag", language=name)
    assert wire[0] == []
