"""Calendars of other programs: what is taken, what is refused and why, and how fast."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deskbell.accounts.models import Account
from deskbell.contacts.models import DeliveryMethod
from deskbell.foundation.errors import InvalidInput
from deskbell.oncall import actions, feeds, imports, rules
from deskbell.oncall.models import EscalationLevel, Event
from deskbell.oncall.queries import shift_of

NEW_YORK = ZoneInfo("America/New_York")
DAY = "4 March 2026, 9:00 AM to 5:00 PM"


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text)


def calendar(*events: str, name: str = "Doctors") -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"X-WR-CALNAME:{name}"]
    for event in events:
        lines += ["BEGIN:VEVENT", *event.split("|"), "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def event(rule: str = "", *more: str, start: str = "20260304T090000", end: str = "") -> str:
    zone = ";TZID=America/New_York" if "T" in start and not start.endswith("Z") else ""
    lines = ["UID:1", "SUMMARY:Alice", f"DTSTART{zone}:{start}"]
    lines += [f"DTEND{zone}:{end or '20260304T170000'}"] if end != "-" else []
    lines += [f"RRULE:{rule}"] if rule else []
    return "|".join([*lines, *more])


def only(data: bytes) -> imports.Found:
    preview = imports.read(data, NEW_YORK)
    assert not preview.left, preview.left
    [found] = preview.found
    return found


def left(data: bytes) -> str:
    preview = imports.read(data, NEW_YORK)
    assert not preview.found
    [one] = preview.left
    return one.why


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (event(), DAY),
        (event("FREQ=DAILY;INTERVAL=5"), f"{DAY}, every 5 days"),
        (event("FREQ=WEEKLY;BYDAY=MO,TU;INTERVAL=2;WKST=SU;UNTIL=20270301T140000Z"),
         f"{DAY}, every 2 weeks on Monday and Tuesday until 1 March 2027"),
        (event("FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR"),
         f"{DAY}, weekly on Monday, Tuesday, Wednesday, Thursday and Friday"),
        (event("FREQ=MONTHLY;BYDAY=1SU,2MO,-1FR"),
         f"{DAY}, monthly on the 1st Sunday, 2nd Monday and last Friday"),
        (event("FREQ=MONTHLY;BYDAY=WE;BYSETPOS=1"),
         f"{DAY}, monthly on the 1st Wednesday"),
        (event("FREQ=YEARLY;COUNT=3"),
         f"{DAY}, yearly on 4 March, 3 times"),
        (event("FREQ=YEARLY;BYMONTH=3;BYDAY=1WE"),
         f"{DAY}, every 12 months on the 1st Wednesday"),
        # A whole day, a whole week, midnight, a length of time, UTC, a floating time.
        (event(start="20260304", end="-"), "4 March 2026, 12:00 AM to 11:59 PM"),
        ("UID:1|SUMMARY:x|DTSTART;VALUE=DATE:20260304|DTEND;VALUE=DATE:20260311",
         "4 March 2026, 12:00 AM to 10 March 2026, 11:59 PM"),
        (event(end="20260305T000000"), "4 March 2026, 9:00 AM to 11:59 PM"),
        (event("", "DURATION:P1DT2H", end="-"),
         "4 March 2026, 9:00 AM to 11:00 AM"),
        ("UID:1|SUMMARY:x|DTSTART:20260304T140000Z|DTEND:20260304T220000Z",
         DAY),
        ("UID:1|SUMMARY:x|DTSTART:20260304T090000|DTEND:20260304T170000",
         DAY),
        ("UID:1|DTSTART;TZID=W. Europe Standard Time:20260304T150000|DURATION:PT8H", DAY),
        ('UID:1|DTSTART;TZID="/x.org/2026a/Europe/Berlin":20260304T150000|DURATION:PT8H', DAY),
    ],
)  # fmt: skip
def test_what_is_taken(text: str, words: str) -> None:
    assert only(calendar(text)).words == words


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (event("FREQ=SECONDLY"), "every second"),
        (event("FREQ=HOURLY;COUNT=3"), "every hour"),
        (event("FREQ=DAILY;COUNT=10000"), "1 to 5000 instances"),
        (event("FREQ=DAILY;COUNT=99999999999999999999"), "COUNT is a number"),
        (event("FREQ=DAILY;INTERVAL=0"), "every 1 to 999 days"),
        (event("FREQ=DAILY;INTERVAL=-1"), "INTERVAL is a number"),
        (event("FREQ=DAILY;COUNT=3;UNTIL=20270101"), "not both"),
        (event("FREQ=DAILY;UNTIL=20250101T000000Z"), "ends before its first day"),
        (event("FREQ=YEARLY;BYWEEKNO=20"), "BYWEEKNO"),
        (event("FREQ=MONTHLY;BYMONTHDAY=-1"), "1 to 31"),
        (event("FREQ=MONTHLY;BYDAY=MO,TU,WE;BYSETPOS=-1"), "BYSETPOS"),
        (event("FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,WE"), "weeks start on Monday"),
        (event("FREQ=WEEKLY;BYDAY=1MO"), "monthly"),
        (event("FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=30", start="20260204T090000",
               end="20260204T170000"), "never happens"),
        (event("FREQ=DAILY", "EXRULE:FREQ=WEEKLY"), "several rules"),
        (event("FREQ=DAILY", "RRULE:FREQ=WEEKLY"), "several rules"),
        (event("FREQ=DAILY;FREQ=WEEKLY"), "cannot be read"),
        (event("nonsense"), "cannot be read"),
        (event(end="20260303T170000"), "ends before it starts"),
        (event(end="20260304T090000"), "takes no time"),
        (event(end="20280304T090000"), "366 days"),
        (event("", "STATUS:CANCELLED"), "cancelled"),
        (event(start="20261332T090000"), "is no time"),
        ("UID:1|SUMMARY:x", "when it starts"),
        ("UID:1|DTSTART;TZID=Moon/Base:20260304T090000|DURATION:PT1H", "'Moon/Base' is not known"),
        ("UID:1|DTSTART;TZID=../../../etc/passwd:20260304T090000|DURATION:PT1H", "is not known"),
        (event("", "DURATION:soon", end="-"), "no length of time"),
        (event(start="00010101T000000Z", end="00010101T010000Z"), "before the year 1"),
        (event("", "RDATE:99991231T235900Z"), "or after 9999"),
    ],
)  # fmt: skip
def test_what_is_left_and_why(text: str, why: str) -> None:
    assert why in left(calendar(text))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "not a calendar"),
        (b"<!doctype html><title>Sign in</title>", "not a calendar"),
        (b"\xff\xfe\x00", "not text"),
        (calendar(), "no events"),
        (b"BEGIN:VCALENDAR\r\n" + b"X" * 20_000_000, "too large"),
        (calendar(*[event()] * 1001), "too many events"),
        (calendar(*[event()] * 501), "501 events"),
        (calendar(event("FREQ=DAILY", "EXDATE:" + ",".join(["20260305T090000"] * 5001))),
         "too many single days"),
        (calendar(*[event("FREQ=MONTHLY;BYDAY=5MO;COUNT=4999")] * 11), "too many instances"),
        (b"BEGIN:VCALENDAR" + b"\n" * 1_900_000, "too many lines"),
    ],
)  # fmt: skip
@pytest.mark.timeout(20)  # seconds; a fraction of one is taken
def test_what_is_refused_at_once(data: bytes, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        imports.read(data, NEW_YORK)


@pytest.mark.parametrize(
    "data",
    [
        calendar(*[event("FREQ=DAILY;COUNT=99;INTERVAL=999")] * 500),
        calendar(*[event("FREQ=MONTHLY;INTERVAL=997;BYDAY=5MO")] * 500),
        b"BEGIN:VCALENDAR\r\n" + b"BEGIN:X\r\n" * 200_000,
        b"BEGIN:VCALENDAR\r\n" + b"\r\n " * 600_000,
        b"BEGIN:VCALENDAR\n" + b"BEGIN:X\n" * 99_000 + b"END:X\n" * 99_000,
        calendar(event("", 'ATTENDEE;CN="' + '"' * 100_000 + ":x" * 100_000)),
        calendar(event("", "SUMMARY:" + "\\" * 1_000_000)),
        calendar(event("", "DURATION:P" + "1" * 500_000, end="-")),
        calendar(event("FREQ=WEEKLY;BYDAY=" + "MO," * 300_000)),
        # A time zone whose own rule never ends is not read at all.
        calendar("UID:1|DTSTART;TZID=Mine:20260304T090000|END:VEVENT|BEGIN:VTIMEZONE|TZID:Mine|"
                 "BEGIN:STANDARD|DTSTART:16010101T000000|RRULE:FREQ=SECONDLY|END:STANDARD|"
                 "END:VTIMEZONE|BEGIN:VEVENT"),
    ],
    ids=range(10),
)  # fmt: skip
@pytest.mark.timeout(20)  # seconds; a fraction of one is taken
def test_a_bomb_takes_no_time(data: bytes) -> None:
    with contextlib.suppress(InvalidInput):
        imports.read(data, NEW_YORK)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400) | st.text('BEGIN:VT;=\r\n ,"\\DRLUS0123Z', max_size=400))
def test_rubbish_is_read_or_refused(rubbish: bytes | str) -> None:
    inner = rubbish if isinstance(rubbish, bytes) else rubbish.encode()
    for data in (inner, calendar(event()).replace(b"UID:1", b"UID:1\r\n" + inner)):
        with contextlib.suppress(InvalidInput):
            imports.read(data, NEW_YORK)


def test_skipped_changed_and_cancelled_instances() -> None:
    where = ";TZID=America/New_York"
    found = only(
        calendar(
            event("FREQ=DAILY;COUNT=9", f"EXDATE{where}:20260305T090000,20260306T090000"),
            event(
                "",
                f"RECURRENCE-ID{where}:20260307T090000",
                start="20260307T100000",
                end="20260307T120000",
            ),
            event("", f"RECURRENCE-ID{where}:20260308T090000", "STATUS:CANCELLED"),
            # The same as the rule says: no change at all.
            event(
                "",
                f"RECURRENCE-ID{where}:20260309T090000",
                start="20260309T090000",
                end="20260309T170000",
            ),
        )
    )
    assert found.shift.skipped == {date(2026, 3, 5), date(2026, 3, 6), date(2026, 3, 8)}
    [changed] = found.changed
    assert (changed.day, changed.starts) == (date(2026, 3, 7), wall("2026-03-07 10:00"))


def test_another_zone_moves_the_weekdays_and_says_where_clocks_differ() -> None:
    late = "UID:1|SUMMARY:x|DTSTART;TZID={0}:20260304T{1}|DTEND;TZID={0}:20260304T{2}|RRULE:{3}"
    tokyo = only(calendar(late.format("Asia/Tokyo", "090000", "170000", "FREQ=WEEKLY;BYDAY=WE")))
    assert tokyo.words == "3 March 2026, 7:00 PM to 3:00 AM, weekly on Tuesday"
    assert "other days" in tokyo.notes[0]
    toronto = only(calendar(late.format("America/Toronto", "090000", "170000", "FREQ=DAILY")))
    assert not toronto.notes


def test_what_is_over_is_counted() -> None:
    data = calendar(event(), event("FREQ=DAILY"), event("FREQ=DAILY;UNTIL=20260401T000000Z"))
    preview = imports.read(data, NEW_YORK, since=date(2026, 11, 1))
    assert (len(preview.found), preview.past) == (1, 2)


def test_days_that_are_added_stand_alone() -> None:
    where = ";TZID=America/New_York"
    preview = imports.read(
        calendar(event("FREQ=WEEKLY", f"RDATE{where}:20260305T100000,20260306T090000")), NEW_YORK
    )
    assert [each.words for each in preview.found[1:]] == [
        "5 March 2026, 10:00 AM to 6:00 PM",
        "6 March 2026, 9:00 AM to 5:00 PM",
    ]


def test_packing_keeps_every_byte() -> None:
    data = calendar(event())
    assert imports.unpacked(imports.packed(data)) == data
    for wrong in ("", "x", "é", "eJw="):
        with pytest.raises(InvalidInput):
            imports.read(imports.unpacked(wrong), NEW_YORK)
    assert len(imports.unpacked(imports.packed(b"0" * 50_000_000))) == 2_000_001


@pytest.mark.parametrize("url", ["http://127.0.0.1/x.ics", "webcal://[::1]/x", "file:///etc", ""])
def test_private_and_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        imports.fetch(url)
    assert refused.value.field == "url"


@pytest.fixture
def level(add_level: Callable[..., EscalationLevel]) -> EscalationLevel:
    return add_level("Doctors")


@pytest.mark.django_db
def test_taking_finds_people_by_name_and_address(
    level: EscalationLevel, way: Callable[[str], DeliveryMethod], at: datetime
) -> None:
    alice, bob, charlie = way("Alice"), way("Bob"), way("Charlie")
    where = ";TZID=America/New_York"
    preview = imports.read(
        calendar(
            event("FREQ=DAILY;COUNT=9", f"EXDATE{where}:20260305T090000"),
            event("", f"RECURRENCE-ID{where}:20260307T090000", "SUMMARY:x", start="20260307T100000",
                  end="20260307T120000").replace("SUMMARY:Alice", "SUMMARY:alice and Bob"),
            event("", "ATTENDEE;CN=\"Someone\":mailto:BOB@example.com").replace("UID:1", "UID:2"),
            event().replace("UID:1", "UID:3").replace("Alice", "Whoever it is"),
        ),
        NEW_YORK,
    )  # fmt: skip
    names = {
        label: [contact.name for contact in contacts]
        for label, contacts in imports.matched(preview, account_id=level.account_id).items()
    }
    assert names == {
        "Alice": ["Alice"],
        "alice and Bob": ["Alice", "Bob"],
        "Alice (Someone)": ["Alice"],
    }
    with pytest.raises(InvalidInput, match="Whoever it is"):
        imports.take(level=level, preview=preview, at=at)
    assert not Event.objects.exists()
    by_summary = {"Alice (Someone)": [bob]}
    taken = imports.take(
        level=level, preview=preview, at=at, methods=[charlie], methods_by_summary=by_summary
    )
    assert taken == 3
    on_call = [
        (event.frequency, event.part_of_id is not None, set(event.methods.all()))
        for event in Event.objects.order_by("pk")
    ]
    assert on_call == [
        ("daily", False, {alice}),
        ("once", True, {alice, bob}),
        ("once", False, {bob}),
        ("once", False, {charlie}),
    ]
    series = Event.objects.order_by("pk")[0]
    assert series.skipped == [date(2026, 3, 5), date(2026, 3, 7)]
    assert imports.take(
        level=level, preview=preview, at=at, methods=[alice], keys=["0"], replace=True
    ) == 1  # fmt: skip
    assert Event.objects.count() == 2


@pytest.mark.django_db
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    starts=st.datetimes(wall("2026-03-01"), wall("2026-12-01")).map(
        lambda wall: wall.replace(minute=0, second=0, microsecond=0)
    ),
    hours=st.sampled_from([1, 9, 15, 24, 72]),
    frequency=st.sampled_from(rules.FREQUENCIES),
    interval=st.integers(1, 3),
)
def test_our_own_feed_comes_back_as_it_was(
    in_acme: Account,
    way: Callable[[str], DeliveryMethod],
    level: EscalationLevel,
    starts: datetime,
    hours: int,
    frequency: str,
    interval: int,
    at: datetime,
) -> None:
    Event.objects.all().delete()
    method = way("Alice")
    actions.add_event(
        level=level,
        methods=[method],
        starts=starts,
        ends=starts + timedelta(hours=hours),
        frequency=frequency,
        interval=interval,
        at=at,
    )
    before = shift_of(Event.objects.get())
    feed = feeds.opened(feeds.read_token(feeds.level_url(level)[-200:].split("/")[-1][:-4]), at)
    preview = imports.read(feeds.content(feed, at), NEW_YORK)
    assert not preview.left
    imports.take(level=level, preview=preview, at=at, replace=True)
    since, before_at = datetime(2026, 1, 1, tzinfo=UTC), datetime(2029, 1, 1, tzinfo=UTC)
    after = sorted(
        (
            span
            for each in Event.objects.all()
            for span in rules.occurrences(shift_of(each), NEW_YORK, since, before_at)
        ),
        key=lambda span: span.start,
    )
    assert after == list(rules.occurrences(before, NEW_YORK, since, before_at))
