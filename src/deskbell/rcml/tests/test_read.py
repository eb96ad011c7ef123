"""What the reader takes, what it mends, and what it refuses."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskbell.foundation.errors import InvalidInput
from deskbell.rcml.dialects import Dialect
from deskbell.rcml.read import MAX_BYTES, from_xml
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
    Pause,
    Play,
    Record,
    Redirect,
    Refer,
    Reject,
    Resume,
    Say,
    Sip,
    Sms,
)
from deskbell.rcml.write import to_xml

words = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Z")), min_size=1)
counts = st.integers(1, 9999)
urls = st.sampled_from(["", "/x?a=1&b=2", "http://h/é", "https://h:8443/x", "next"])
methods = st.sampled_from(["GET", "POST"])
SSML = '<speak>one<break time="1s" /> two</speak>'
says = st.builds(Say, words, loop=st.integers(0, 9)) | st.just(Say("one two", ssml=SSML))
plays = st.builds(Play, urls.filter(bool), loop=st.integers(0, 9))
pauses = st.builds(Pause, counts)
keys = st.text("0123456789*#", max_size=12)
sent = st.sampled_from(["", "1w2", "*#wwA"])
gathers = st.builds(
    Gather,
    nested=st.lists(says | plays | pauses, max_size=3).map(tuple),
    action=urls.filter(bool),
    timeout=counts,
    pre_timeout=st.none() | counts,
    post_timeout=st.none() | counts,
    finish_on_key=keys,
    num_digits=counts,
    action_on_empty_result=st.booleans(),
    input=st.sampled_from(["dtmf", "speech", "dtmf speech"]),
    language=st.sampled_from(["en-US", "fr-CA"]),
    hints=st.lists(st.text("abc é", min_size=1), max_size=3).map(
        lambda found: tuple(hint for each in found if (hint := " ".join(each.split())))
    ),
    speech_timeout=st.sampled_from(["", "auto", "3"]),
    partial_result_callback=urls,
    partial_result_callback_method=methods,
    barge_in=st.booleans(),
)
recording = {
    "recording_status_callback": urls,
    "recording_status_callback_method": methods,
    "recording_status_callback_event": st.sampled_from([(), ("completed", "failed")]),
}
records = st.builds(
    Record,
    action=urls.filter(bool),
    timeout=counts,
    finish_on_key=keys,
    max_length=counts,
    transcribe=st.sampled_from([True]),
    transcribe_callback=st.just("/said"),
    trim=st.booleans(),
    **recording,
) | st.builds(Record, timeout=counts, play_beep=st.booleans())
callbacks = {
    "status_callback": urls,
    "status_callback_method": methods,
    "status_callback_event": st.sampled_from([(), ("initiated",), ("answered", "completed")]),
}
screened = callbacks | {"url": urls, "method": methods}
rooms = st.builds(
    Conference,
    words,
    muted=st.booleans(),
    beep=st.sampled_from([True, False, "onEnter", "onExit"]),
    start_on_enter=st.booleans(),
    end_on_exit=st.booleans(),
    wait_url=st.none() | urls,
    wait_method=methods,
    max_participants=st.integers(1, 250),
    record=st.booleans(),
    recording_status_callback=urls,
    recording_status_callback_method=methods,
    **(callbacks | {"status_callback_event": st.sampled_from([(), ("start", "join")])}),
)
nouns = (
    st.builds(Number, words, send_digits=sent, **screened)
    | st.builds(Sip, words, username=words, password=words, **screened)
    | st.builds(Client, words, **screened)
    | rooms
)
dials = st.builds(
    Dial,
    st.lists(nouns, max_size=3).map(tuple),
    action=urls.filter(bool),
    timeout=counts,
    time_limit=counts,
    caller_id=st.sampled_from(["", "+12125550100", "client:bob"]),
    ringback_tone=urls,
    record=st.sampled_from(["", "record-from-answer", "record-from-ringing-dual"]),
    hangup_on_star=st.booleans(),
    answer_on_bridge=st.booleans(),
    ring_tone=st.sampled_from(["", "us", "uk", "us-old"]),
    refer_url=urls,
    refer_method=methods,
    **recording,
)
sending = {"to": words, "from_": words, "action": urls.filter(bool), "status_callback": urls}
verbs = (
    dials
    | says
    | plays
    | st.builds(Play, st.just(""), digits=sent)
    | pauses
    | gathers
    | records
    | st.builds(Redirect, urls, method=methods)
    | st.just(Hangup())
    | st.sampled_from([Reject(), Reject("busy")])
    | st.builds(Sms, words, **sending)
    | st.builds(Message, words, **sending)
    | st.builds(Fax, urls, **sending)
    | st.builds(Email, words, to=words, from_=words, cc=words, bcc=words, subject=words)
    | st.builds(Hold, urls.filter(bool), methods)
    | st.builds(Resume, urls.filter(bool), methods)
    | st.builds(Refer, words, urls.filter(bool), methods)
)


@given(st.lists(verbs, max_size=5).map(tuple))
def test_what_is_written_is_read_back(written: tuple[object, ...]) -> None:
    document = Document(written)  # type: ignore[arg-type]
    assert from_xml(to_xml(document).encode()) == document


@given(st.lists(verbs, max_size=5).map(tuple), st.sampled_from(Dialect))
def test_what_carriers_are_given_is_read_without_a_fault(
    written: tuple[object, ...], dialect: Dialect
) -> None:
    assert from_xml(to_xml(Document(written), dialect).encode()).faults == ()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        ("", ()),
        ("<Say>fish & chips</Say>", (Say("fish & chips"),)),
        ("<New><Hangup/></New>", (Hangup(),)),
        ("<Gather finishOnKey=''/>", (Gather(finish_on_key=""),)),
        ("<Gather input='speech dtmf'/>", (Gather(input="dtmf speech"),)),
        ("<Gather timeout='soon'/>", (Gather(),)),
        ("<Gather preTimeout='0'/>", (Gather(),)),
        ("<Pause length='²'/>", (Pause(),)),
        (f"<Play loop='{'9' * 5000}'>/x</Play>", (Play("/x"),)),
        ("<Record finishOnKey='-1'/>", (Record(finish_on_key=""),)),
        ("<Reject reason='tired'/>", (Reject(),)),
        ("<Gather speechTimeout='AUTO'/>", (Gather(speech_timeout="auto"),)),
        ("<Gather speechTimeout='soon'/>", (Gather(),)),
        ("<Dial> 12125550142 </Dial>", (Dial((Number("12125550142"),)),)),
        (
            "<Dial timeout='0'><Sip>sip:a@b</Sip><Client>bob</Client></Dial>",
            (Dial((Sip("sip:a@b"), Client("bob"))),),
        ),
        (
            "<Dial><Number statusCallbackEvent='initiated ringing, answered, x'>1</Number></Dial>",
            (Dial((Number("1", status_callback_event=("initiated", "ringing", "answered")),)),),
        ),
        (
            "<Dial ringbackTone='/t' callerId=' 1 '/>",
            (Dial(ringback_tone="/t", caller_id="1"),),
        ),
        ("<Redirect method='get'>/x</Redirect>", (Redirect("/x", "GET"),)),
        ("<Say>a &nbsp; b &amp; &#99;</Say>", (Say("a &nbsp; b & c"),)),
        ("<Dial record='true'/>", (Dial(record="record-from-answer"),)),
        ("<Dial record='do-not-record'/>", (Dial(),)),
        (
            "<Dial answerOnBridge='TRUE' hangupOnStar='true' ringTone='UK'/>",
            (Dial(answer_on_bridge=True, hangup_on_star=True, ring_tone="uk"),),
        ),
        (
            "<Dial><Client><Identity>bob</Identity></Client></Dial>",
            (Dial((Client("bob"),)),),
        ),
        (
            "<Dial><Conference waitUrl='' beep='onexit' record='true'>desk</Conference></Dial>",
            (
                Dial(
                    (
                        Conference(
                            "desk",
                            wait_url="",
                            beep="onExit",
                            record=True,
                        ),
                    )
                ),
            ),
        ),
        (
            "<Dial><Conference statusCallbackEvent='start participant-mute'>x</Conference></Dial>",
            (Dial((Conference("x", status_callback_event=("start", "mute")),)),),
        ),
        ("<Play digits='1w2#'/>", (Play("", digits="1w2#"),)),
        ("<Gather bargeIn='false'/>", (Gather(barge_in=False),)),
        ("<Gather input='speech' timeout='auto'/>", (Gather(input="speech"),)),
        ("<Record trim='trim-silence'/>", (Record(trim=True),)),
        (
            "<Sms to='1' from='2'>a\n  b</Sms>",
            (Sms("a\nb", to="1", from_="2"),),
        ),
        ("<Message><Body>hi</Body></Message>", (Message("hi"),)),
        ("<Refer><Sip>sip:a@b</Sip></Refer>", (Refer("sip:a@b"),)),
        ("<Refer>sip:a@b</Refer>", (Refer("sip:a@b"),)),
        (
            "<Enqueue>q</Enqueue><Hold/><Resume/>",
            (Hold(), Resume()),
        ),
    ],
)
def test_lenient_reading(xml: str, expected: tuple[object, ...]) -> None:
    assert from_xml(f"<Response>{xml}</Response>".encode()).verbs == expected


MARKED = '<break time="1s" /><sub alias="doctor">Dr</sub> Who'


@pytest.mark.parametrize(
    ("inside", "ssml", "text"),
    [
        (f"<speak>{MARKED}</speak>", f"<speak>{MARKED}</speak>", "doctor Who"),
        (MARKED, f"<speak>{MARKED}</speak>", "doctor Who"),
        (
            "<speak xmlns='http://www.w3.org/2001/10/synthesis'><s>a</s><s>b</s></speak>",
            "<speak><s>a</s><s>b</s></speak>",
            "a b",
        ),
        ("plain &amp; simple", "", "plain & simple"),
    ],
)
def test_the_marks_of_a_say_are_kept_as_one_speak(inside: str, ssml: str, text: str) -> None:
    document = from_xml(f"<Response><Say>{inside}</Say></Response>".encode())
    assert document.verbs == (Say(text, ssml=ssml),)
    assert document.faults == ()


@pytest.mark.parametrize(
    ("verb", "code"),
    [
        ("<Dial timeout='x'/>", 13212),
        ("<Dial callerId='&lt;script&gt;'/>", 13214),
        ("<Dial timeLimit='0'/>", 13216),
        ("<Dial ringTone='nowhere'/>", 13220),
        ("<Gather finishOnKey='x'/>", 13310),
        ("<Gather preTimeout='0'/>", 13313),
        ("<Gather numDigits='many'/>", 13314),
        ("<Gather startInputKey='abc'/>", 13315),
        ("<Gather method='PUT'/>", 14104),
        ("<Gather><Say voice='robot'>x</Say></Gather>", 13321),
        ("<Gather><Say loop='x'>x</Say></Gather>", 13322),
        ("<Gather><Play>ftp://x</Play></Gather>", 13325),
        ("<Play loop='-1'>/x</Play>", 13410),
        ("<Play>gopher://x</Play>", 11100),
        ("<Say loop='x'>x</Say>", 13510),
        ("<Say voice='robot'>x</Say>", 13511),
        ("<Record timeout='0'/>", 13611),
        ("<Record maxLength='long'/>", 13612),
        ("<Record finishOnKey='x'/>", 13613),
        ("<Record transcribe='true'/>", 11101),
        ("<Redirect method='PUT'>/x</Redirect>", 13710),
        ("<Pause length='0'/>", 13910),
        ("<Sms to='1'/>", 14103),
        ("<Email from='a@b.example'>x</Email>", 14101),
        ("<Email to='a@b.example'>x</Email>", 14102),
        ("<Gather action='http://[x'/>", 11100),
        ("<Gather numdigits='1'/>", 12200),
        ("<Enqueue>q</Enqueue>", 12200),
    ],
)
def test_a_fault_has_the_code_of_the_family(verb: str, code: int) -> None:
    faults = from_xml(f"<Response>{verb}</Response>".encode()).faults
    assert [fault.partition(":")[0] for fault in faults] == [str(code)]


def test_what_was_left_out_is_named() -> None:
    document = from_xml(
        b"<Response><Dance/><Gather timeout='soon'><Record/></Gather>"
        b"<Dial><Queue>q</Queue><Number/></Dial></Response>"
    )
    assert document.faults == (
        "12200: Dance: unknown verb, skipped",
        "12200: Record inside Gather: takes Say, Play and Pause",
        "13313: Gather timeout='soon': takes a whole number from 1 to 999999",
        "12200: Queue inside Dial: takes Number, Sip, Client and Conference",
        "12200: Number inside Dial is empty",
    )


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "not well-formed"),
        (b"<Response>", "not well-formed"),
        (b"<html/>", "root is html"),
        (b"<!DOCTYPE x [<!ENTITY a 'b'>]><Response>&a;</Response>", "DOCTYPE"),
        (b"<Response/>" + b" " * MAX_BYTES, "at most"),
        (b"<Response>" + b"<a>" * 20_000 + b"</a>" * 20_000 + b"</Response>", "too deeply"),
    ],
)
def test_what_ends_the_call(data: bytes, says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        from_xml(data)


@given(st.binary(max_size=300))
def test_no_bytes_cause_another_error(data: bytes) -> None:
    with contextlib.suppress(InvalidInput):
        from_xml(b"<Response>" + data + b"</Response>")
