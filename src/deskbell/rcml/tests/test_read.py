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
    Dial,
    Document,
    Gather,
    Hangup,
    Number,
    Pause,
    Play,
    Record,
    Redirect,
    Reject,
    Say,
    Sip,
)
from deskbell.rcml.write import to_xml

words = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Z")), min_size=1)
counts = st.integers(1, 9999)
says = st.builds(Say, words, loop=st.integers(0, 9))
plays = st.builds(Play, words, loop=st.integers(0, 9))
pauses = st.builds(Pause, counts)
keys = st.text("0123456789*#", max_size=12)
gathers = st.builds(
    Gather,
    nested=st.lists(says | plays | pauses, max_size=3).map(tuple),
    action=words,
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
    partial_result_callback=words,
    partial_result_callback_method=st.sampled_from(["GET", "POST"]),
)
records = st.builds(Record, action=words, timeout=counts, finish_on_key=keys, max_length=counts)
callbacks = {
    "url": words,
    "method": st.sampled_from(["GET", "POST"]),
    "status_callback": words,
    "status_callback_method": st.sampled_from(["GET", "POST"]),
    "status_callback_event": st.sampled_from([(), ("initiated",), ("answered", "completed")]),
}
nouns = (
    st.builds(Number, words, send_digits=st.sampled_from(["", "1w2"]), **callbacks)
    | st.builds(Sip, words, username=words, password=words, **callbacks)
    | st.builds(Client, words, **callbacks)
)
dials = st.builds(
    Dial,
    st.lists(nouns, max_size=3).map(tuple),
    action=words,
    timeout=counts,
    time_limit=counts,
    caller_id=words,
    ringback_tone=words,
)
verbs = (
    dials
    | says
    | plays
    | pauses
    | gathers
    | records
    | st.builds(Redirect, words)
    | st.just(Hangup())
    | st.sampled_from([Reject(), Reject("busy")])
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
        ("<Response/>", ()),
        ("<Response><Say>fish & chips</Say></Response>", (Say("fish & chips"),)),
        ("<Response><New><Hangup/></New></Response>", (Hangup(),)),
        ("<Response><Gather finishOnKey=''/></Response>", (Gather(finish_on_key=""),)),
        ("<Response><Gather input='speech dtmf'/></Response>", (Gather(input="dtmf speech"),)),
        ("<Response><Gather timeout='soon'/></Response>", (Gather(),)),
        ("<Response><Gather preTimeout='0'/></Response>", (Gather(),)),
        ("<Response><Pause length='²'/></Response>", (Pause(),)),
        (f"<Response><Play loop='{'9' * 5000}'>/x</Play></Response>", (Play("/x"),)),
        ("<Response><Record finishOnKey='-1'/></Response>", (Record(finish_on_key=""),)),
        ("<Response><Reject reason='tired'/></Response>", (Reject(),)),
        ("<Response><Gather speechTimeout='AUTO'/></Response>", (Gather(speech_timeout="auto"),)),
        ("<Response><Gather speechTimeout='soon'/></Response>", (Gather(),)),
        ("<Response><Dial> 12125550142 </Dial></Response>", (Dial((Number("12125550142"),)),)),
        (
            "<Response><Dial timeout='0'><Sip>sip:a@b</Sip><Client>bob</Client></Dial></Response>",
            (Dial((Sip("sip:a@b"), Client("bob"))),),
        ),
        (
            "<Response><Dial><Number statusCallbackEvent='a b, c'>1</Number></Dial></Response>",
            (Dial((Number("1", status_callback_event=("a", "b", "c")),)),),
        ),
        (
            "<Response><Dial ringbackTone='/t' callerId=' 1 '/></Response>",
            (Dial(ringback_tone="/t", caller_id="1"),),
        ),
        ("<Response><Redirect method='get'>/x</Redirect></Response>", (Redirect("/x", "GET"),)),
    ],
)
def test_lenient_reading(xml: str, expected: tuple[object, ...]) -> None:
    assert from_xml(xml.encode()).verbs == expected


def test_what_was_left_out_is_named() -> None:
    document = from_xml(
        b"<Response><Dance/><Gather timeout='soon'><Record/></Gather>"
        b"<Dial><Queue>q</Queue><Number/></Dial></Response>"
    )
    assert document.faults == (
        "Dance: unknown verb, skipped",
        "Record inside Gather: takes Say, Play and Pause",
        "Gather timeout='soon': takes a whole number from 1 to 999999",
        "Queue inside Dial: takes Number, Sip and Client",
        "Number inside Dial is empty",
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
