"""What the reader takes, what it mends, and what it refuses."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskbell.foundation.errors import InvalidInput
from deskbell.rcml.read import MAX_BYTES, from_xml
from deskbell.rcml.verbs import (
    Document,
    Gather,
    Hangup,
    Pause,
    Play,
    Record,
    Redirect,
    Reject,
    Say,
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
)
records = st.builds(Record, action=words, timeout=counts, finish_on_key=keys, max_length=counts)
verbs = (
    says
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
        ("<Response><Redirect method='get'>/x</Redirect></Response>", (Redirect("/x", "GET"),)),
    ],
)
def test_lenient_reading(xml: str, expected: tuple[object, ...]) -> None:
    assert from_xml(xml.encode()).verbs == expected


def test_what_was_left_out_is_named() -> None:
    document = from_xml(b"<Response><Dance/><Gather timeout='soon'><Record/></Gather></Response>")
    assert document.faults == (
        "Dance: unknown verb, skipped",
        "Record inside Gather: takes Say, Play and Pause",
        "Gather timeout='soon': takes a whole number from 1 to 999999",
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
