"""What is searched for is found: whatever it is, wherever it stands, on whichever page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from deskbell.accounts.models import Account, PhoneNumber
from deskbell.calls.actions import remove_audio
from deskbell.calls.models import Call, Recording
from deskbell.messages import actions, queries
from deskbell.messages.actions import Taken
from deskbell.messages.models import IndexCard, Message
from deskbell.messages.queries import Wanted
from deskbell.platform.tenancy import account_scope, system_scope


@pytest.fixture(autouse=True)
def scope(acme: Account) -> Iterator[Account]:
    with account_scope(acme.pk):
        yield acme


@pytest.fixture
def take(acme: Account, at: datetime) -> Any:
    def make(content: str = "Please call back", minutes: int = 0, **known: Any) -> Message:
        taken = Taken(content, **known)
        when = at + timedelta(minutes=minutes)
        return actions.take(account_id=acme.pk, taken=taken, at=when)

    return make


def found(search: str, **how: Any) -> set[int]:
    wanted = Wanted(search=search, **how)
    listed = set(queries.listed(wanted).values_list("pk", flat=True))
    assert {each.pk for each in queries.page(wanted, start=0, size=25)} == listed
    assert queries.how_many(wanted) == queries.HowMany(len(listed))
    return listed


@pytest.mark.parametrize(
    "search",
    [
        "tooth", "TOOTHACHE", "othach", "zoë", "ZOE o'neill", "müller", "muller", "strasse",
        '"the bill"', "“the bill”", '"the bill', "bill toothache", "2125550142", "555-0142",
        "(212) 555-0142", "+12125550142", "5501", "100%", "_under_", "50\\50", "it's", '5"',
        "a@b.c", "Virtual", "blue-green", "🔥", "👩‍🚒", "שלום", "מרפאה", "Привет", "приве",
        "東京", "京", "ﬁre", "no", "o'n", "x" * 5000, "kafé café", "\0tooth\0", "c++", "<b>", "&",
        "=1+1",
    ],
)  # fmt: skip
def test_each_is_found_and_nothing_else(take: Any, search: str) -> None:
    message = take(
        "Toothache; the bill is 100% wrong, _under_ 50\\50, it's 5\" wide. 🔥👩‍🚒 שלום מרפאה Привет"
        f" 東京都 ﬁre kafé c++ <b>&amp; =1+1 blue-green {'x' * 5000} cafe\u0301",
        first_name="Zoë",
        last_name="O'Neill no",
        company_name="Müller Straße",
        phone="+12125550142",
        email="a@b.c",
        answers={"meeting_preference": "Virtual"},
    )
    take("Something else", minutes=1, first_name="Dana", phone="+13105559876")
    assert found(search) == {message.pk}


@pytest.mark.parametrize(
    "search",
    ["toothbrush", "tooth dana", '"bill the"', "מרפאות", "🚒🚒", "%", "_", "\\", "zq", "🎈"],
)
def test_what_is_not_there_is_not_found(take: Any, search: str) -> None:
    take("Toothache, the bill, 🚒", first_name="Zoë")
    take("Something else", first_name="Dana")
    assert found(search) == set()


def test_nothing_to_search_for_finds_all(take: Any) -> None:
    message = take()
    assert found("") == found(' "" “ ') == found("\0") == {message.pk}


def test_a_message_is_found_by_its_number(take: Any) -> None:
    first, second = take("One"), take("Two")
    assert found(f"#{first.pk}") == {first.pk}
    assert found(f"#{second.pk} two") == {second.pk}
    assert found(f"#{second.pk} one") == set()
    assert found("#") == set()


def test_two_hundred_words(take: Any) -> None:
    words = [f"word{number}" for number in range(200)]
    message = take(" ".join(words))
    take(" ".join(words[1:]))
    assert found(" ".join(reversed(words))) == {message.pk}


@pytest.mark.parametrize(
    "filler", ["lorem ipsum ", "{}unique{} ", "东京塔 ", "<script>alert(1)</script>"]
)
def test_a_megabyte_is_found_to_its_end(take: Any, filler: str) -> None:
    count = 1_000_000 // len(filler)
    text = "".join(filler.format(number, number) for number in range(count))[:1_000_000]
    message = take(f"{text} zebrafish שלום")
    assert queries.one(message.pk).content == f"{text} zebrafish שלום"
    take("Something else")
    assert found("zebrafish") == {message.pk}


def test_what_cannot_be_kept_does_not_lose_a_message(take: Any) -> None:
    message = take(
        "Call\0 back \ud800",
        first_name="A\0lice" + "x" * 200,
        phone="1" * 100,
        answers={"a\0": "\0gauge", "b": "\udfff"},
    )
    kept = queries.one(message.pk)
    assert kept.content == "Call back ?"
    assert kept.first_name.startswith("Alicexx")
    assert kept.answers == {"a": "gauge", "b": "?"}
    assert found("gauge back alice") == {message.pk}


def test_answers_that_cannot_be_read_are_not_in_the_way(take: Any) -> None:
    message = take("Hello")
    for answers in ('{"a": "\\u0000 b"}', '{"a": "\\ud800"}', '["a"]', '{"a": {"b": "🎈"}}'):
        rows = Message.objects.filter(pk=message.pk)
        with_answers = rows.extra(where=["true"])
        assert with_answers.count() == 1
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE deskbell_messages_message SET answers = %s::json WHERE id = %s",
                [answers, message.pk],
            )
        assert found("hello") == {message.pk}
    assert found("🎈") == {message.pk}


def test_notes_are_searched_and_transcripts_are_not(take: Any, acme: Account, at: datetime) -> None:
    """What is said in a recording is for those who may hear it."""
    call = Call.objects.create(account=acme, sid="CA1", started_at=at, caller_id="+12125550199")
    recording = Recording.objects.create(
        account=acme, call=call, started_at=at, transcript="there is a zebrafish in my sink"
    )
    message = take("Voicemail", call=call, recording=recording)
    take("Something else")
    assert found("zebrafish") == set()
    note = actions.add_note(message=message, text="Called about the Aquarium", by="Bob", at=at)
    assert found("aquarium") == {message.pk}
    actions.remove_note(note=note, by="Bob", at=at)
    assert found("aquarium") == set()


def test_nobody_elses(take: Any, other: Account, at: datetime) -> None:
    mine = take("zebrafish")
    with account_scope(other.pk):
        theirs = actions.take(account_id=other.pk, taken=Taken("zebrafish"), at=at)
        assert found("zebrafish") == {theirs.pk}
        assert found(f"#{mine.pk}") == set()
        assert [each.pk for each in queries.page(Wanted(), start=0, size=9, sort="from")] == [
            theirs.pk
        ]
    assert found("zebrafish") == {mine.pk}
    with system_scope("staff see all"):
        assert found("zebrafish") == {mine.pk, theirs.pk}


def test_every_page_in_every_order(take: Any) -> None:
    """The windows of a search, the way from the end and the sorts give what sorting all gives."""
    names = ["Zoë", "alice", "Bob", "", "éva"]
    for number in range(60):
        take(
            f"{'tooth' if number % 3 else 'bill'} {number * 7919 % 61}",
            minutes=number % 7,
            first_name=names[number % 5],
            company_name=names[number % 4],
            phone=f"+1212555{number * 37 % 100:04}",
        )
    asked = [Wanted(tab="new", search=search) for search in ("", "tooth", "bill 1")]
    for wanted in (*asked, Wanted(tab="new", is_emergency=False)):
        for sort in [*queries.SORTS, "no such"]:
            for descending in (True, False):
                how = {"sort": sort, "descending": descending}
                every = [each.pk for each in queries.listed(wanted, **how)]  # type: ignore[arg-type]
                total = queries.how_many(wanted)
                pages = [
                    each.pk
                    for start in range(0, total.count, 7)
                    for each in queries.page(wanted, start=start, size=7, total=total, **how)  # type: ignore[arg-type]
                ]
                assert pages == every
    assert names_by("from")[:2] == ["alice", "alice"]


def names_by(sort: str) -> list[str]:
    found = queries.listed(Wanted(), sort=sort, descending=False)
    return [name for name in found.values_list("first_name", flat=True) if name]


def test_far_pages_from_the_end(take: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deskbell.messages.queries.lists._DEEP", 3)
    made = [take(minutes=number).pk for number in range(20)][::-1]
    total = queries.how_many(Wanted())
    assert total == queries.HowMany(20)
    for start in range(0, 24, 4):
        for known in (total, None, queries.HowMany(10, is_exact=False)):
            rows = queries.page(Wanted(), start=start, size=4, total=known)
            assert [each.pk for each in rows] == made[start : start + 4]


def test_more_than_are_counted(take: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deskbell.messages.queries.lists.MOST_COUNTED", 2)
    for _ in range(3):
        take("tooth")
    assert queries.how_many(Wanted(search="tooth")) == queries.HowMany(2, is_exact=False)
    assert queries.how_many(Wanted()) == queries.HowMany(3)


def test_filters_hold_together(
    take: Any, acme: Account, at: datetime, acme_number: PhoneNumber
) -> None:
    call = Call.objects.create(account=acme, sid="CA1", started_at=at)
    recording = Recording.objects.create(account=acme, call=call, started_at=at)
    plain = take("one")
    urgent = take("two", minutes=1, is_emergency=True, number=acme_number)
    heard = take("three", minutes=2, recording=recording)
    actions.acknowledge(message=plain, by="Bob", at=at + timedelta(hours=1), through="portal")
    cases: list[tuple[dict[str, Any], set[Message]]] = [
        ({"is_emergency": True}, {urgent}),
        ({"is_emergency": False}, {plain, heard}),
        ({"has_recording": True}, {heard}),
        ({"has_recording": False}, {plain, urgent}),
        ({"number_ids": frozenset([acme_number.pk])}, {urgent}),
        ({"status": "acknowledged"}, {plain}),
        ({"tab": "new"}, {urgent, heard}),
        ({"since": at + timedelta(minutes=1)}, {urgent, heard}),
        ({"until": at + timedelta(minutes=1)}, {plain}),
        ({"updated_since": at + timedelta(hours=1)}, {plain}),
        ({"tab": "new", "has_recording": True, "is_emergency": True}, set()),
    ]
    for how, expected in cases:
        assert found("", **how) == {each.pk for each in expected}
        assert found("o", **how) == {each.pk for each in expected if each == plain}


def test_a_recording_that_is_no_longer_kept_is_none(take: Any, acme: Account, at: datetime) -> None:
    call = Call.objects.create(account=acme, sid="CA1", started_at=at)
    rows = [Recording.objects.create(account=acme, call=call, started_at=at) for _ in range(2)]
    heard, unheard = (take("tooth", recording=each) for each in rows)
    remove_audio(recordings=rows[1:], at=at + timedelta(days=32))
    for search in ("", "tooth"):
        assert found(search, has_recording=True) == {heard.pk}
        assert found(search, has_recording=False) == {unheard.pk}


def test_cards_follow_messages_whoever_writes_them(take: Any) -> None:
    message = take("tooth")
    before = IndexCard.objects.get()
    actions.mark_delivered(message=message, to="Bob", contact_id=None, at=message.created_at)
    Message.objects.filter(pk=message.pk).update(content="bill")
    assert IndexCard.objects.get().text != before.text
    assert found("tooth") == set()
    assert found("bill") == {message.pk}
    Message.objects.all().delete()
    assert not IndexCard.objects.exists()
