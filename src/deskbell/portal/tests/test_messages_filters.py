"""The list of messages, narrowed down: what each filter means, and what is wrong with a filter."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from deskbell.accounts.actions import add_number, remove_number
from deskbell.accounts.models import Account, PhoneNumber
from deskbell.messages import actions
from deskbell.messages.models import Message, SavedSearch
from deskbell.platform.tenancy import account_scope

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
Take = Callable[..., Message]


def shown(page: Client, headers: dict[str, str] | None = None, /, **asked: str) -> str:
    """The list's text."""
    path = "/messages/live/" if headers else "/messages/"
    answer = page.get(f"{path}?{urlencode(asked)}", headers=headers or {})
    assert answer.status_code == 200
    return answer.content.decode()


def ids(text: str) -> list[int]:
    """The messages that are listed, in order."""
    return [int(each) for each in re.findall(r'<tr id="m-(\d+)"', text)]


def test_days_begin_at_midnight_of_the_account(page: Client, take: Take) -> None:
    # New York: midnight is at 05:00 UTC before the clocks change on March 8, at 04:00 after
    before = take(at=datetime(2026, 3, 5, 4, 59, 59, tzinfo=UTC))
    first = take(at=datetime(2026, 3, 5, 5, 0, tzinfo=UTC))
    last = take(at=datetime(2026, 3, 9, 3, 59, 59, tzinfo=UTC))
    after = take(at=datetime(2026, 3, 9, 4, 0, tzinfo=UTC))
    both = ids(shown(page, from_date="2026-03-05", to_date="2026-03-08"))
    assert both == [last.pk, first.pk]
    assert ids(shown(page, from_date="3/5/2026")) == [after.pk, last.pk, first.pk]
    assert ids(shown(page, to_date="03-04-2026")) == [before.pk]


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("2026-02-30", "“2026-02-30” is not a day"),
        ("24/3/2026", "is not a day: write it as 3/24/2026"),
        ("yesterday", "“yesterday” is not a day"),
        ("<b>", "“&lt;b&gt;” is not a day"),
        ("٢٠٢٦-٠٣-٠٤", "is not a day"),
        ("0001-01-01", "Choose a day from 2000 to 2199"),
        ("9999-12-31", "Choose a day from 2000 to 2199"),
    ],
)
def test_what_is_no_day_is_said_beside_its_field(
    page: Client, take: Take, written: str, words: str
) -> None:
    message = take("call about the bill")
    text = shown(page, q="bill", from_date=written, emergency="", sort="from")
    assert ids(text) == [message.pk]  # everything else still holds
    field = text[text.index('id="from_date-error"') :]
    assert words in field[: field.index("</div>")]
    assert "The filter From is left out." in text
    assert 'name="sort" value="from"' in text


def test_an_end_before_the_beginning(page: Client, take: Take) -> None:
    message = take()  # of March 4
    text = shown(page, from_date="2026-03-01", to_date="2026-02-01")
    assert ids(text) == [message.pk]
    assert "Ends before it begins: choose March 1, 2026 or a later day." in text
    assert 'value="2026-02-01"' in text


def test_by_number(
    page: Client, take: Take, acme: Account, acme_number: PhoneNumber, at: datetime
) -> None:
    with account_scope(acme.pk):
        second = add_number(account=acme, number="+1 212 555 0177", at=at)
    one, _two = take(number=acme_number), take(number=second)
    take()
    assert ids(shown(page, number=acme_number.number)) == [one.pk]
    assert ids(shown(page, number="(212) 555-0142")) == [one.pk]
    text = shown(page, number="+1 999")
    assert len(ids(text)) == 3
    assert "“+1 999” is not one of this account&#x27;s numbers." in text
    assert 'value="+1 999"' in text


def test_numbers_of_others_are_nobodys(
    page: Client, take: Take, other: Account, at: datetime
) -> None:
    with account_scope(other.pk):
        theirs = add_number(account=other, number="+1 212 555 0188", at=at)
    text = shown(page, number=theirs.number)
    assert "is not one of this account" in text
    assert "0188</option>" not in text


def test_by_status_emergency_and_recording(
    page: Client, take: Take, recorded: Message, acme: Account, at: datetime
) -> None:
    urgent, lost = take(is_emergency=True), take()
    with account_scope(acme.pk):
        actions.exhaust(message=lost, text="The chain ended", at=at)
    assert ids(shown(page, emergency="yes")) == [urgent.pk]
    assert ids(shown(page, recording="yes")) == [recorded.pk]
    assert ids(shown(page, status="exhausted")) == [lost.pk]
    assert set(ids(shown(page, status="new"))) == {urgent.pk, recorded.pk}
    assert set(ids(shown(page, status="nonsense"))) == {urgent.pk, recorded.pk, lost.pk}
    text = shown(page, emergency="yes", recording="yes")
    assert "No new message fits the filters" in text
    assert "/messages/?tab=acknowledged&amp;emergency=yes&amp;recording=yes" in text


def test_a_chip_takes_its_filter_away(page: Client, take: Take) -> None:
    take(is_emergency=True)
    text = shown(page, q="call", from_date="2026-03-01", emergency="yes", page="3")
    assert 'href="/messages/?q=call&amp;from_date=2026-03-01"' in text
    assert 'href="/messages/?q=call&amp;emergency=yes"' in text
    assert "From March 1, 2026" in text
    assert "2<span" in text[text.index('id="filter-count"') :]
    source = {"HX-Source": "a#chip-emergency"}
    fields = shown(page, HTMX | source, q="call", from_date="2026-03-01")
    assert 'id="filters" hx-swap-oob="outerHTML"' in fields
    typing = shown(page, HTMX | {"HX-Source": "form#find"}, q="call", from_date="20")
    assert 'id="filters"' not in typing
    assert "“20” is not a day" in typing


def test_tabs_keep_search_and_filters(page: Client, take: Take) -> None:
    take()
    text = shown(page, q="bill", emergency="yes", status="new", page="4", dir="asc")
    assert "/messages/?tab=acknowledged&amp;q=bill&amp;emergency=yes&amp;dir=asc" in text


def test_exports_have_the_same_list_without_its_page(page: Client, take: Take) -> None:
    take("bill one")
    text = shown(page, q="bill", sort="from", page="1", activities="60")
    assert 'href="/messages/export.csv?q=bill&amp;sort=from"' in text
    assert 'href="/messages/export.xlsx?q=bill&amp;sort=from"' in text


def test_older_activities_follow(page: Client, take: Take) -> None:
    taken = [take(f"no {number}") for number in range(65)]
    first = shown(page)
    assert first.count('id="activity-') == 30
    assert "/messages/?activities=60#feed-more" in first
    assert shown(page, activities="60").count('id="activity-') == 60
    last = shown(page, activities="90")
    assert last.count('id="activity-') == 65
    assert 'id="feed-more"' not in last
    assert shown(page, activities="999999").count('id="activity-') == 65
    whole = page.get("/messages/activities/").content.decode()
    assert whole.count('id="activity-') == 50
    older = re.search(r"\?before=\d+", whole)
    assert older
    rest = page.get(f"/messages/activities/{older[0]}").content.decode()
    assert rest.count('id="activity-') == 15
    assert f">#{taken[0].pk}<" in rest
    for odd in ("x", "0", "99999999999999999999", "-1"):
        assert page.get(f"/messages/activities/?before={odd}").status_code == 200


def test_a_list_shows_little_of_a_long_message(page: Client, take: Take) -> None:
    take("\u05e9\u05dc\u05d5\u05dd \U0001f600 " + "x" * 1_000_000, first_name="\u202eevil")
    answer = page.get("/messages/")
    assert len(answer.content) < 60_000
    text = answer.content.decode()
    assert "\u05e9\u05dc\u05d5\u05dd \U0001f600 xxx" in text
    assert "<bdi>\u202eevil</bdi>" in text


def test_what_many_look_at_is_made_once(
    page: Client, take: Take, django_assert_num_queries: Callable[[int], object]
) -> None:
    take("first")
    poll = HTMX | {"HX-Source": "div#poll", "If-None-Match": '"old"'}
    first = page.get("/messages/live/", headers=poll)
    with django_assert_num_queries(4):  # type: ignore[attr-defined]
        again = page.get("/messages/live/", headers=poll)
    assert again.content == first.content
    assert b"csrfmiddlewaretoken" not in first.content
    take("second")
    assert b"second" in page.get("/messages/live/", headers=poll).content


def test_a_search_with_every_filter_costs_little(
    page: Client, take: Take, acme_number: PhoneNumber, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        take(f"no {number}", number=acme_number)
    asked = {"q": "no", "from_date": "2026-03-01", "to_date": "2026-03-31", "status": "new"}
    with django_assert_max_num_queries(22):
        text = shown(page, HTMX, number=acme_number.number, **asked)
    assert len(ids(text)) == 25


def test_a_saved_search_outlives_its_number(
    page: Client, acme: Account, acme_number: PhoneNumber, take: Take, at: datetime
) -> None:
    message = take(number=acme_number)
    page.post("/messages/searches/", {"list": f"?number={acme_number.digits}", "name": "Main"})
    with account_scope(acme.pk):
        query = SavedSearch.objects.get().query
        remove_number(number=acme_number, at=at)
    answer = page.get(f"/messages/?{query}")
    assert "is not one of this account" in answer.content.decode()
    assert ids(answer.content.decode()) == [message.pk]
    assert page.get(f"/messages/export.csv?{query}").status_code == 302
    assert page.get(f"/messages/{message.pk}/").status_code == 200
