"""What we write is what the field's own builder writes for the same verbs."""

from __future__ import annotations

from xml.etree.ElementTree import canonicalize

from twilio.twiml.voice_response import VoiceResponse

from deskbell.rcml.verbs import Document, Gather, Hangup, Pause, Play, Record, Redirect, Say
from deskbell.rcml.write import to_xml


def test_a_menu_is_written_as_twilio_writes_it() -> None:
    ours = Document(
        (
            Gather(
                (Play("http://h/p?a=1&b=2"), Say("Press <one>"), Pause(2)),
                action="http://h/step",
                timeout=7,
                num_digits=1,
                action_on_empty_result=True,
            ),
            Record(action="http://h/taken", max_length=120, finish_on_key="#", play_beep=False),
            Redirect("http://h/again"),
            Hangup(),
        )
    )
    theirs = VoiceResponse()
    gather = theirs.gather(
        action="http://h/step",
        method="POST",
        timeout=7,
        num_digits=1,
        action_on_empty_result=True,
    )
    gather.play("http://h/p?a=1&b=2")
    gather.say("Press <one>")
    gather.pause(length=2)
    theirs.record(
        action="http://h/taken",
        method="POST",
        max_length=120,
        finish_on_key="#",
        play_beep=False,
    )
    theirs.redirect("http://h/again", method="POST")
    theirs.hangup()
    assert canonicalize(to_xml(ours)) == canonicalize(str(theirs))


def test_characters_that_no_xml_can_hold_become_spaces() -> None:
    written = to_xml(Document((Say("a\x00b\x1fc\ufffe😀\t"),)))
    assert "<Say>a b c 😀\t</Say>" in written
