"""A document says what its data say, in any script, and no text makes it slow or different."""

from __future__ import annotations

import re
import time
import zlib

import pytest

from deskbell.foundation.errors import InvalidInput
from deskbell.paper import pdf, printed_apart
from deskbell.paper.printing import ROOT

TEMPLATE = """#import "/paper/house.typ": *
#show: house.with(title: data.title, footer: data.title)
#facts((("From", data.at("who", default: "")), ("Number", data.at("number", default: none))))
#part("Message")
#words(data.content)
#listing(("When", "What"), (("09:00", data.title),))
#note("A note")
"""


def printed(content: str, **more: str | int) -> bytes:
    return pdf(TEMPLATE, {"title": "Title", "content": content, **more})


def streams(document: bytes) -> list[bytes]:
    found = re.findall(rb"stream\n(.*?)\nendstream", document, re.DOTALL)
    return [zlib.decompress(each) for each in found if each[:1] == b"\x78"]


def characters(document: bytes) -> set[str]:
    """What a reader of the PDF can copy out of it: the characters of all its fonts."""
    found: set[str] = set()
    for each in streams(document):
        if b"beginbfchar" in each:
            codes = re.findall(rb"<[0-9A-Fa-f]+> <([0-9A-Fa-f]+)>", each)
            found |= set("".join(bytes.fromhex(c.decode()).decode("utf-16-be") for c in codes))
    return found


def test_same_input_same_bytes() -> None:
    assert printed("hello") == printed("hello")
    assert b"CreationDate" not in printed("hello")


def test_pdf_is_tagged_and_named() -> None:
    document = printed("hello")
    assert document.startswith(b"%PDF-")
    assert b"/MarkInfo" in document
    assert b"/StructTreeRoot" in document
    assert b"(Title)" in document


@pytest.mark.parametrize(("country", "width"), [("US", b"612"), ("GB", b"595"), ("", b"595")])
def test_paper_is_that_of_the_country(country: str, width: bytes) -> None:
    assert b"/MediaBox[0 0 " + width in printed("hello", country=country)


@pytest.mark.parametrize(
    "text", ["#panic()", "*bold* _it_ $x$", "\\", "@name", "<x>", "// gone", '"', "#{", "= H"]
)
def test_text_is_never_markup(text: str) -> None:
    assert set(text) - {" ", "\n"} <= characters(printed(text))


NAMES = {
    "Cyrillic": "\u041f\u0451\u0442\u0440",
    "Polish": "\u0141ukasz",
    "Hebrew": "\u05d3\u05d5\u05d3",
    "Arabic": "\u0639\u0645\u0631",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_names_in_other_scripts_are_there(name: str) -> None:
    """As themselves, or named where this machine has no font for them."""
    there = characters(printed(name))
    assert all(each in there or set(f"[U+{ord(each):04X}]") <= there for each in name)


def test_a_character_without_a_glyph_is_named() -> None:
    missing = characters(printed("a\U0001fae0 b\U00013000"))  # a face of 2021, a hieroglyph
    assert missing >= set("U+13000]") or "\U00013000" in missing
    assert missing >= set("[melting face]") or "\U0001fae0" in missing


def test_tricks_are_taken_out() -> None:
    assert "\u202e" not in characters(printed("\u202egnp.exe\x00\x1b\ud800 end"))


LONG = {
    "one word": "x" * 10**6,
    "many lines": "a\n" * 500_000,
    "ends of lines": "\r" * 10**6,
    "accents": "\u0301" * 10**6,
    "right to left": "\u05d0 " * 500_000,
    "words": "word " * 200_000,
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_a_megabyte_takes_no_longer_than_its_beginning(text: str) -> None:
    began = time.process_time()
    document = printed(text)
    assert time.process_time() - began < 10
    assert len(document) < 8_000_000


def test_a_cut_says_how_much_is_missing() -> None:
    assert set("Cut:940,m") <= characters(printed("x" * 10**6))
    assert "[" not in characters(printed("x" * 60_000))


def test_what_is_no_json_is_refused_in_words() -> None:
    with pytest.raises(InvalidInput, match="JSON"):
        pdf(TEMPLATE, {"title": object(), "content": ""})
    with pytest.raises(InvalidInput, match="cannot be printed"):
        pdf("#nonsense()", {})


def test_a_press_of_its_own_prints_the_same() -> None:
    data = {"title": "Title", "volume": "", "labels": ["When"], "rows": [["09:00"]]}
    template = ROOT / "reports/formats/table.typ"
    assert printed_apart(template, data, meanwhile=bool) == pdf(template, data)


def test_a_press_that_is_slow_to_begin_gets_all_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """More than a pipe holds, looked at before it is read."""
    monkeypatch.setattr("deskbell.paper.press._LOOK_SECONDS", 0.001)
    rows = [["09:00" + "!" * 400]] * 300
    data = {"title": "Title", "volume": "", "labels": ["When"], "rows": rows}
    template = ROOT / "reports/formats/table.typ"
    assert printed_apart(template, data, meanwhile=bool) == pdf(template, data)


def test_who_watches_ends_the_press() -> None:
    def stop() -> None:
        raise InterruptedError

    data = {"title": "Long", "volume": "", "labels": ["When"], "rows": [["09:00"]] * 3000}
    with pytest.raises(InterruptedError):
        printed_apart(ROOT / "reports/formats/table.typ", data, meanwhile=stop)


def test_what_cannot_be_printed_is_said() -> None:
    with pytest.raises(InvalidInput, match="choose another format"):
        printed_apart(ROOT / "reports/formats/table.typ", {}, meanwhile=bool)
