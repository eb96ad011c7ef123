"""Carriers' dialects: Twilio's as its own builder writes it, and where the others differ."""

from __future__ import annotations

from xml.etree.ElementTree import canonicalize, fromstring

import pytest
from twilio.twiml.voice_response import VoiceResponse

from deskbell.rcml.dialects import Dialect
from deskbell.rcml.verbs import (
    Client,
    Conference,
    Dial,
    Document,
    Email,
    Fax,
    Gather,
    Hangup,
    Hold,
    Message,
    Number,
    Play,
    Record,
    Redirect,
    Refer,
    Reject,
    Resume,
    Say,
    Sip,
    Sms,
    Verb,
)
from deskbell.rcml.voices import language_of
from deskbell.rcml.write import to_xml

CARRIERS = [Dialect.TWILIO, Dialect.SIGNALWIRE, Dialect.TELNYX]


def attributes(verb: Verb, dialect: Dialect, at: int = 0) -> dict[str, str]:
    return fromstring(to_xml(Document((verb,)), dialect))[at].attrib


def test_a_transfer_is_written_as_twilio_writes_it() -> None:
    ours = Document(
        (
            Dial(
                (
                    Number(
                        "+12125550142",
                        url="http://h/screen",
                        status_callback="http://h/status",
                        status_callback_event=("initiated", "answered"),
                        send_digits="ww1",
                    ),
                    Sip("sip:bob@example.com", username="bob", password="secret", method="GET"),
                    Client("alice"),
                ),
                action="http://h/ended",
                timeout=20,
                time_limit=600,
                caller_id="+12125550100",
                ringback_tone="http://h/tone",
            ),
            Redirect("http://h/again"),
        )
    )
    theirs = VoiceResponse()
    theirs.play("http://h/tone")
    dial = theirs.dial(
        action="http://h/ended",
        method="POST",
        timeout=20,
        time_limit=600,
        caller_id="+12125550100",
        answer_on_bridge=True,
    )
    dial.number(
        "+12125550142",
        url="http://h/screen",
        status_callback="http://h/status",
        status_callback_event="initiated answered",
        send_digits="ww1",
    )
    dial.sip("sip:bob@example.com", username="bob", password="secret", method="GET")
    dial.client("alice")
    theirs.redirect("http://h/again", method="POST")
    assert canonicalize(to_xml(ours, Dialect.TWILIO)) == canonicalize(str(theirs))


def test_names_and_keys_are_asked_for_as_twilio_writes_it() -> None:
    ours = Document(
        (
            Gather(
                (Say("Say the name", language="cf"), Play("http://h/p")),
                action="http://h/step",
                input="speech",
                language="fr-CA",
                hints=("Alice Smith", "Jones, Bob"),
                action_on_empty_result=True,
            ),
            Gather(
                (Say("Hello"),),
                action="http://h/step",
                timeout=9,
                post_timeout=2,
                num_digits=4,
                start_input_key="0123456789*#",
                action_on_empty_result=True,
            ),
            Say("Bye", voice="Woman", language="google.en-GB-Wavenet-A"),
            Record(action="http://h/taken", max_length=120, finish_on_key="#"),
            Reject("busy"),
            Hangup(),
        )
    )
    theirs = VoiceResponse()
    name = theirs.gather(
        action="http://h/step",
        method="POST",
        input="speech",
        language="fr-CA",
        hints="Alice Smith,Jones Bob",
        speech_timeout="auto",
        action_on_empty_result=True,
    )
    name.say("Say the name", voice="Polly.Chantal", language="fr-CA")
    name.play("http://h/p")
    number = theirs.gather(
        action="http://h/step",
        method="POST",
        timeout=2,
        num_digits=4,
        action_on_empty_result=True,
    )
    number.say("Hello", voice="Polly.Matthew", language="en-US")
    number.pause(length=7)
    theirs.say("Bye", voice="Google.en-GB-Wavenet-A", language="en-GB")
    theirs.record(action="http://h/taken", method="POST", max_length=120, finish_on_key="#")
    theirs.reject(reason="busy")
    theirs.hangup()
    assert canonicalize(to_xml(ours, Dialect.TWILIO)) == canonicalize(str(theirs))


@pytest.mark.parametrize(
    ("dialect", "voice", "language", "expected"),
    [
        (Dialect.RCML, "man", "en-US", {}),
        (Dialect.RCML, "woman", "en-GB", {"voice": "woman", "language": "en-gb"}),
        (Dialect.RCML, "man", "google.en-GB-A", {"language": "google.en-GB-A"}),
        (Dialect.TWILIO, "woman", "en", {"voice": "Polly.Joanna", "language": "en-US"}),
        (Dialect.TWILIO, "man", "awspolly.ja-JP", {"voice": "Polly.Takumi", "language": "ja-JP"}),
        (Dialect.TWILIO, "man", "cs", {"language": "cs-CZ"}),
        (Dialect.TWILIO, "Polly.Amy", "en-gb", {"voice": "Polly.Amy", "language": "en-GB"}),
        (Dialect.SIGNALWIRE, "man", "bp", {"voice": "Polly.Ricardo", "language": "pt-BR"}),
        (
            Dialect.SIGNALWIRE,
            "man",
            "google.en-GB-Wavenet-A",
            {"voice": "gcloud.en-GB-Wavenet-A", "language": "en-GB"},
        ),
        (Dialect.TELNYX, "man", "google.en-GB-A-B", {"voice": "Polly.Brian", "language": "en-GB"}),
        (Dialect.TELNYX, "woman", "fi", {"voice": "alice", "language": "fi-FI"}),
    ],
)
def test_voices_and_languages(
    dialect: Dialect, voice: str, language: str, expected: dict[str, str]
) -> None:
    assert attributes(Say("Hello", voice=voice, language=language), dialect) == expected


@pytest.mark.parametrize(
    ("name", "tag"),
    [
        ("en", "en-US"),
        ("EN-gb", "en-GB"),
        ("bf", "fr-BE"),
        ("ja-JP", "ja-JP"),
        ("google.en-GB-Wavenet-A", "en-GB"),
        ("es-419", "es-419"),
        ("ja", "ja"),
        ("", "en-US"),
        ("Klingon!", "en-US"),
    ],
)
def test_tags_of_languages(name: str, tag: str) -> None:
    assert language_of(name) == tag


ASKS = Gather(action="http://h/s", input="dtmf speech", timeout=300, action_on_empty_result=True)


def test_telnyx_is_told_nothing_that_it_does_not_know() -> None:
    written = attributes(ASKS, Dialect.TELNYX)
    assert "actionOnEmptyResult" not in written
    assert written["timeout"] == "120"
    assert (written["transcriptionEngine"], written["speechTimeout"]) == ("Google", "2")
    dialled = attributes(Dial((Number("1"),), timeout=2, time_limit=5), Dialect.TELNYX)
    assert dialled == {"timeout": "5", "timeLimit": "60"}


@pytest.mark.parametrize("dialect", [Dialect.SIGNALWIRE, Dialect.TELNYX])
def test_a_recording_ends_in_silence_whatever_the_carrier_does_by_itself(dialect: Dialect) -> None:
    assert attributes(Record(timeout=5), dialect)["timeout"] == "5"


def test_only_rcml_has_two_waits_and_a_ringback_tone() -> None:
    asks = Gather((Play("/p"),), timeout=5, post_timeout=2, start_input_key="1")
    written = attributes(asks, Dialect.RCML)
    assert (written["postTimeout"], written["startInputKey"]) == ("2", "1")
    dial = Dial((Number("1", status_callback_event=("initiated", "answered")),), ringback_tone="/t")
    written = attributes(dial, Dialect.RCML)
    assert written == {"ringbackTone": "/t"}
    assert 'statusCallbackEvent="initiated,answered"' in to_xml(Document((dial,)))
    for dialect in CARRIERS:
        assert attributes(asks, dialect) == {"timeout": "2"}
        assert "ringbackTone" not in attributes(dial, dialect, 1)
        assert 'statusCallbackEvent="initiated answered"' in to_xml(Document((dial,)), dialect)


def test_hints_fit_what_engines_take() -> None:
    many = Gather(input="speech", hints=tuple(f"name {n} {'x' * 200}" for n in range(900)))
    for dialect in Dialect:
        hints = attributes(many, dialect)["hints"].split(",")
        assert len(hints) == 500
        assert max(map(len, hints)) == 100


def test_rooms_and_messages_are_written_as_twilio_writes_them() -> None:
    ours = Document(
        (
            Dial(
                (
                    Conference(
                        "desk",
                        muted=True,
                        beep="onEnter",
                        start_on_enter=False,
                        end_on_exit=True,
                        wait_url="http://h/wait",
                        wait_method="GET",
                        max_participants=3,
                        record=True,
                        status_callback="http://h/room",
                        status_callback_event=("start", "end"),
                    ),
                ),
                record="record-from-answer",
                recording_status_callback="http://h/kept",
                hangup_on_star=True,
                ring_tone="uk",
                refer_url="http://h/refer",
            ),
            Sms("Hello", to="1", from_="2", action="http://h/sent", status_callback="http://h/s"),
            Refer("sip:bob@example.com", action="http://h/gone"),
            Play("", digits="1w2"),
        )
    )
    theirs = VoiceResponse()
    dial = theirs.dial(
        answer_on_bridge=True,
        record="record-from-answer",
        recording_status_callback="http://h/kept",
        hangup_on_star=True,
        ring_tone="uk",
        refer_url="http://h/refer",
    )
    dial.conference(
        "desk",
        muted=True,
        beep="onEnter",
        start_conference_on_enter=False,
        end_conference_on_exit=True,
        wait_url="http://h/wait",
        wait_method="GET",
        max_participants=3,
        record="record-from-start",
        status_callback="http://h/room",
        status_callback_event="start end",
    )
    theirs.sms(
        "Hello",
        to="1",
        from_="2",
        action="http://h/sent",
        method="POST",
        status_callback="http://h/s",
    )
    theirs.refer(action="http://h/gone", method="POST").sip("sip:bob@example.com")
    theirs.play(digits="1w2")
    assert canonicalize(to_xml(ours, Dialect.TWILIO)) == canonicalize(str(theirs))


def test_marks_of_how_to_say_stand_in_speak_only_in_rcml() -> None:
    say = Say("a b", ssml='<speak>a<break time="1s"/> b</speak>')
    written = to_xml(Document((say,)))
    assert '<Say><speak>a<break time="1s" /> b</speak></Say>' in written
    assert '>a<break time="1s" /> b</Say>' in to_xml(Document((say,)), Dialect.TWILIO)


@pytest.mark.parametrize(
    ("dialect", "expected"),
    [
        (Dialect.RCML, ["Sms", "Message", "Email", "Fax", "Hold", "Resume", "Refer"]),
        (Dialect.TWILIO, ["Sms", "Sms", "Refer"]),
        (Dialect.SIGNALWIRE, ["Sms", "Sms", "Refer"]),
        (Dialect.TELNYX, ["Refer"]),
    ],
)
def test_what_a_carrier_does_not_have_is_left_out(dialect: Dialect, expected: list[str]) -> None:
    verbs: tuple[Verb, ...] = (
        Sms("a"),
        Message("b"),
        Email("c", to="a@b.example", from_="c@d.example"),
        Fax("http://h/d"),
        Hold(),
        Resume(),
        Refer("sip:a@b"),
    )
    assert [each.tag for each in fromstring(to_xml(Document(verbs), dialect))] == expected
