"""What is heard of SSML, what is handed on, and what is said of the rest."""

from __future__ import annotations

from xml.etree.ElementTree import fromstring, tostring
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskbell.rcml.read import from_xml
from deskbell.rcml.ssml import Piece, Silence, Spoken, for_service, pieces, read, text_of
from deskbell.rcml.ssml.checking import MOST_CHARACTERS, MOST_DEPTH, MOST_ELEMENTS
from deskbell.rcml.ssml.manner import PITCHES, RATES, Manner, pitch, rate, volume
from deskbell.rcml.ssml.pieces import MOST_SILENCE
from deskbell.rcml.ssml.timing import LONGEST_BREAK
from deskbell.rcml.verbs import Say

BOMB = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><speak>Hello &b; there</speak>'


def heard(inside: str, language: str = "en-US") -> tuple[str | float, ...]:
    """Texts and seconds, whatever their manner."""
    found = pieces(f"<speak>{inside}</speak>", language=language)
    return tuple(piece.text if isinstance(piece, Spoken) else piece.seconds for piece in found)


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("Hello  there", ("Hello there",)),
        ('One<break time="1.5s"/>two', ("One", 1.5, "two")),
        ('One<break time="250ms"/>two', ("One", 0.25, "two")),
        ('One<break time="1s"/> <break time="1s"/>two', ("One", 2.0, "two")),
        ("One<break/>two", ("One", 0.5, "two")),
        ('One<break strength="strong"/>two', ("One", 0.8, "two")),
        ('One <break strength="none"/>two', ("One two",)),
        ('<break time="9999s"/>', (LONGEST_BREAK,)),
        ('<break time="soon"/>x', (0.5, "x")),
        ('One<break time="1s"/>. Two', ("One", 1.0, ". Two")),
        ('<sub alias="doctor">Dr</sub> Who', ("doctor Who",)),
        ('Call <say-as interpret-as="telephone">555-0142</say-as>.', ("Call 5 5 5, 0 1 4 2.",)),
        ('<say-as interpret-as="characters">RCML</say-as>', ("R C M L",)),
        ('<say-as interpret-as="CARDINAL">12</say-as> of', ("twelve of",)),
        ("<p>One</p><p>two</p>", ("One", 0.5, "two", 0.5)),
        ("<s>One.</s><s>Two.</s>", ("One. Two.",)),
        ('<prosody rate="slow">Now</prosody>! Then', ("Now!", "Then")),
        ('<audio src="http://x/y.wav">ding</audio>dong', ("ding dong",)),
        ("<metadata>by us</metadata>Hello", ("Hello",)),
        ("", ()),
    ],
)
def test_pauses_and_words_are_kept(inside: str, expected: tuple[str | float, ...]) -> None:
    assert heard(inside) == expected


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("cardinal", "0", "zero"),
        ("cardinal", "-21", "minus twenty-one"),
        ("cardinal", "1,205", "one thousand two hundred five"),
        ("number", "3.14", "three point one four"),
        ("cardinal", "1000000", "one million"),
        ("cardinal", "many", "many"),
        ("ordinal", "1", "first"),
        ("ordinal", "22nd", "twenty-second"),
        ("ordinal", "100", "one hundredth"),
        ("ordinal", "30", "thirtieth"),
        ("ordinal", "III", "III"),
        ("currency", "$1", "one dollar"),
        ("currency", "$12.50", "twelve dollars and fifty cents"),
        ("currency", "USD 1,000", "one thousand dollars"),
        ("currency", "3.01 EUR", "three euros and one cent"),
        ("currency", "£0.02", "two pence"),
        ("currency", "-€5", "minus five euros"),
        ("currency", "¥500", "five hundred yen"),
        ("currency", "ZZZ 3", "ZZZ 3"),
        ("time", "14:30", "fourteen thirty"),
        ("time", "9:05", "nine oh five"),
        ("time", "9:00", "nine o'clock"),
        ("time", "2:30pm", "two thirty PM"),
        ("time", "2 p.m.", "two PM"),
        ("time", "10:00:10", "ten o'clock and ten seconds"),
        ("time", "1'21\"", "one minute and twenty-one seconds"),
        ("time", "25:10", "25:10"),
        ("time", "13 pm", "13 pm"),
        ("date", "2026-03-14", "March fourteenth, twenty twenty-six"),
        ("date", "3/14/2026", "March fourteenth, twenty twenty-six"),
        ("date", "March 3rd, 2005", "March third, two thousand five"),
        ("date", "14 Feb 1900", "February fourteenth, nineteen hundred"),
        ("date", "31/02/2026", "31/02/2026"),
        ("date", "soon", "soon"),
        ("digits", "1234", "1 2 3 4"),
    ],
)
def test_english_says_numbers_dates_times_and_sums_in_words(
    kind: str, text: str, expected: str
) -> None:
    assert heard(f"<say-as interpret-as='{kind}'>{text.replace('&', '&amp;')}</say-as>") == (
        expected,
    )


@pytest.mark.parametrize(
    ("order", "text", "expected"),
    [
        ("mdy", "03/04/2026", "March fourth, twenty twenty-six"),
        ("dmy", "03/04/2026", "April third, twenty twenty-six"),
        ("ymd", "2026.04.03", "April third, twenty twenty-six"),
        ("yyyymmdd", "20260403", "April third, twenty twenty-six"),
        ("dd/mm/yy", "03/04/05", "April third, oh five"),
        ("md", "4-3", "April third"),
        ("dm", "3 Apr", "April third"),
        ("my", "4/2026", "April twenty twenty-six"),
        ("ym", "2026-4", "April twenty twenty-six"),
        ("y", "1905", "nineteen oh five"),
        ("m", "4", "April"),
        ("d", "3", "third"),
        ("dmy", "2026-04", "2026-04"),
        ("xyz", "2026-04-03", "2026-04-03"),
    ],
)
def test_a_date_is_read_in_its_order(order: str, text: str, expected: str) -> None:
    marked = f'<say-as interpret-as="date" format="{order}">{text}</say-as>'
    assert heard(marked) == (expected,)


def test_british_english_has_its_own_dates_and_numbers() -> None:
    date = '<say-as interpret-as="date">3/4/2026</say-as>'
    assert heard(date, "google.en-GB-Wavenet-A") == ("the third of April twenty twenty-six",)
    number = '<say-as interpret-as="cardinal">1105</say-as>'
    assert heard(number, "en-GB") == ("one thousand one hundred and five",)
    assert heard('<say-as interpret-as="ordinal">1002</say-as>', "en-au") == (
        "one thousand and second",
    )


def test_other_languages_get_the_text_itself_but_are_spelt() -> None:
    assert heard('<say-as interpret-as="date">3.4.2026</say-as>', "de") == ("3.4.2026",)
    assert heard('<say-as interpret-as="digits">34</say-as>', "de") == ("3 4",)


@pytest.mark.parametrize(
    ("reading", "text", "expected"),
    [
        (rate, "slow", 0.75),
        (rate, "80%", 0.8),
        (rate, "+20%", 1.2),
        (rate, "-20%", 0.8),
        (rate, "1.5", 1.5),
        (rate, "0%", None),
        (rate, "brisk", None),
        (pitch, "high", 1.15),
        (pitch, "+10%", 1.1),
        (pitch, "+12st", 2.0),
        (pitch, "-12st", 0.5),
        (pitch, "+60Hz", 1.5),
        (pitch, "180Hz", 1.5),
        (pitch, "?", None),
        (volume, "silent", 0.0),
        (volume, "+6dB", 1.995),
        (volume, "-20dB", 0.1),
        (volume, "50", 0.5),
        (volume, "-10%", 0.9),
        (volume, "101", None),
    ],
)
def test_prosody_is_read_in_every_spelling(
    reading: type[float], text: str, expected: float | None
) -> None:
    assert reading(text) == (expected and pytest.approx(expected, abs=0.001))


def test_what_stands_in_each_other_adds_up_within_what_can_be_understood() -> None:
    inner = '<prosody rate="80%" volume="50">b</prosody>'
    ssml = f'<speak><prosody rate="50%" pitch="+10%">a{inner}</prosody>c</speak>'
    assert pieces(ssml) == (
        Spoken("a", Manner(rate=0.5, pitch=1.1)),
        Spoken("b", Manner(rate=0.4, pitch=1.1, volume=0.5)),
        Spoken("c"),
    )
    wild: tuple[Piece, ...] = pieces(
        '<speak><prosody rate="999%" pitch="-24st">x</prosody></speak>'
    )
    assert wild == (Spoken("x", Manner(rate=RATES[1], pitch=PITCHES[0])),)
    strong, plain = pieces("<speak><emphasis level='strong'>a</emphasis> b</speak>")
    assert isinstance(strong, Spoken)
    assert strong.manner.volume > 1
    assert strong.manner.rate < 1
    assert plain == Spoken("b")


@pytest.mark.parametrize(
    ("inside", "fault", "text"),
    [
        ('<audio src="http://x">a</audio> b', "SSML audio: not taken", "a b"),
        ("<blink>a</blink>", "SSML blink: not taken", "a"),
        ('<break time="soon"/>a', "time='soon': takes a time", "a"),
        ('<break time="11s"/>a', "10 s is the longest", "a"),
        ('<prosody rate="brisk">a</prosody>', "rate='brisk': takes slow", "a"),
        ('<emphasis level="huge">a</emphasis>', "level='huge': takes strong", "a"),
        ('<say-as interpret-as="song">a</say-as>', "interpret-as='song': takes", "a"),
        ('<say-as interpret-as="date">a</say-as>', "say-as date: cannot be read from 'a'", "a"),
        ('<s onclick="x">a</s>', "SSML s onclick: no such attribute", "a"),
        ("&lt;speak&gt;a &lt;b&lt;/speak&gt;", "SSML spoken as its text", "a <b"),
        (escape(BOMB), "it has a DOCTYPE", "Hello &b; there"),
    ],
)
def test_what_is_not_taken_is_said_as_its_text_and_named(
    inside: str, fault: str, text: str
) -> None:
    document = from_xml(f"<Response><Say>{inside}</Say></Response>".encode())
    assert isinstance(document.verbs[0], Say)
    assert document.verbs[0].text == text
    assert len(document.faults) == 1
    assert document.faults[0].startswith("13520: Say: ")
    assert fault in document.faults[0]
    assert "http" not in document.verbs[0].ssml
    assert "onclick" not in document.verbs[0].ssml


@pytest.mark.parametrize("quoted", ["<![CDATA[{}]]>", "{}"])
def test_ssml_that_is_written_as_text_is_ssml_too(quoted: str) -> None:
    marks = '<speak version="1.1">Hi<break time="1s"/>you</speak>'
    escaped = marks.replace("<", "&lt;") if quoted == "{}" else quoted.format(marks)
    document = from_xml(f"<Response><Say>{escaped}</Say></Response>".encode())
    assert document.verbs == (Say("Hi you", ssml='<speak>Hi<break time="1s" />you</speak>'),)
    assert document.faults == ()


def test_words_around_speak_are_not_lost() -> None:
    document = from_xml(b"<Response><Say>Hello <speak>you <s>all</s></speak></Say></Response>")
    assert isinstance(document.verbs[0], Say)
    assert document.verbs[0].text == "Hello you all"


def test_size_and_depth_are_bounded() -> None:
    deep = "<prosody rate='slow'>" * 5000 + "deep" + "</prosody>" * 5000
    document = from_xml(f"<Response><Say>{deep}</Say></Response>".encode())
    assert isinstance(document.verbs[0], Say)
    assert document.verbs[0].text == "deep"
    assert document.verbs[0].ssml.count("<prosody") == MOST_DEPTH - 1

    many, faults = read("<speak>" + "a<break/>" * 500 + "</speak>")
    assert len(many) == MOST_ELEMENTS
    assert text_of(many).count("a") == 500
    assert faults
    assert read("x" * (MOST_CHARACTERS + 1))[1]
    silences = pieces("<speak>" + "<break time='10s'/>" * 100 + "</speak>")
    assert silences == (Silence(MOST_SILENCE),)


def test_a_service_gets_values_that_all_take_and_only_what_it_has() -> None:
    ssml = (
        '<speak version="1.0"><prosody rate="slow" pitch="+2st" volume="x-loud" range="wide">a'
        '<say-as interpret-as="Date" format="dmy">3/4/2026</say-as>'
        '<say-as interpret-as="digits">12</say-as><say-as interpret-as="currency">€3</say-as>'
        '<emphasis>b</emphasis></prosody><audio src="http://x"/></speak>'
    )
    english = for_service(ssml, language="en-US", says_as={"date"})
    assert english == (
        '<speak><prosody rate="75%" pitch="+12%" volume="+4.0dB">a'
        '<sub alias="April third, twenty twenty-six">3/4/2026</sub>'
        '<sub alias="1 2">12</sub><sub alias="three euros">€3</sub>'
        '<emphasis level="moderate">b</emphasis></prosody>  </speak>'
    )
    german = for_service(ssml, language="de-DE", says_as={"date", "digits"})
    assert '<say-as interpret-as="date" format="dmy">3/4/2026</say-as>' in german
    assert '<say-as interpret-as="digits">12</say-as>' in german
    assert '<sub alias="€3">€3</sub>' in german


marks = st.sampled_from(
    [
        "<speak>", "</speak>", "<break time='", "1s'/>", "<s>", "</s>", "<prosody rate='", "'>",
        "</prosody>", "<say-as interpret-as='date' format='", "</say-as>", "<!DOCTYPE", "<![CDATA[",
        "&lol;", "&amp;", "&#0;", "<sub alias='", "<?xml version='1.0' encoding='", "?>", "]]>",
    ]
)  # fmt: skip


@given(st.lists(marks | st.text(st.characters(exclude_categories=()), max_size=8)).map("".join))
def test_no_text_is_refused_and_what_is_handed_on_is_ssml_again(text: str) -> None:
    root, _ = read(text)
    again, faults = read(tostring(root, encoding="unicode"))
    assert text_of(again).split() == text_of(root).split() or faults
    for language in ("en", "de"):
        assert sum(
            p.seconds for p in pieces(text, language=language) if isinstance(p, Silence)
        ) <= (MOST_SILENCE)
        assert for_service(text, language=language, says_as={"date"}).startswith("<speak")


@given(
    st.sampled_from(["date", "time", "currency", "ordinal", "cardinal", "telephone"]),
    st.text("0123456789/-:.,$€apm'\" stnJan", max_size=20),
    st.sampled_from(["", "mdy", "dmy", "ymd", "md", "y", "??"]),
    st.sampled_from(["en", "en-GB", "fr"]),
)
def test_no_reading_fails_and_none_leaves_digits_where_it_reads(
    kind: str, text: str, order: str, language: str
) -> None:
    marked = f'<say-as interpret-as="{kind}" format="{order}">{text}</say-as>'
    found = heard(marked, language)
    assert all(isinstance(part, str) for part in found)


def test_what_is_handed_on_is_well_formed_whatever_stands_in_it() -> None:
    root, _ = read("<speak>a\ud800\x00b</speak>")
    assert "a" in text_of(root)
    assert fromstring(for_service("<speak>a\x01</speak>", language="en", says_as=set())).tag
