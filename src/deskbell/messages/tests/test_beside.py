"""What people put beside messages: notes, and lists that they come back to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from deskbell.accounts.models import Account, User
from deskbell.foundation.errors import InvalidInput, NotFound
from deskbell.messages import actions, queries
from deskbell.messages.actions import Taken
from deskbell.messages.models import Message
from deskbell.platform.tenancy import account_scope


@pytest.fixture
def scope(acme: Account) -> Iterator[Account]:
    with account_scope(acme.pk):
        yield acme


@pytest.fixture
def message(scope: Account, at: datetime) -> Message:
    return actions.take(account_id=scope.pk, taken=Taken("Please call back"), at=at)


def test_notes_are_the_messages_note(message: Message, at: datetime) -> None:
    later = at + timedelta(minutes=1)
    first = actions.add_note(message=message, text=" Called\0 back \n", by="Alice", at=at)
    actions.add_note(message=message, text="Done", by="Bob", at=later)
    assert queries.one(message.pk).note == message.note == "Called back\nDone"
    assert [each.text for each in queries.notes_of(message)] == ["Called back", "Done"]
    actions.remove_note(note=first, by="Bob", at=later)
    actions.remove_note(note=first, by="Bob", at=later)
    assert queries.one(message.pk).note == "Done"
    told = [each.text for each in queries.activities_of(message)][1:]
    assert told == ["Note added by Alice", "Note added by Bob", "Note of Alice removed by Bob"]


@pytest.mark.parametrize("text", ["", " \n", "\0", "x" * 10_001])
def test_a_note_that_is_none(message: Message, at: datetime, text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        actions.add_note(message=message, text=text, by="Alice", at=at)
    assert refused.value.field == "text"


def test_no_notes_beside_anothers_message(message: Message, other: Account, at: datetime) -> None:
    with account_scope(other.pk), pytest.raises(NotFound):
        actions.add_note(message=message, text="Mine", by="charlie", at=at)


def test_a_saved_search_is_replaced_by_its_name(scope: Account, alice: User, at: datetime) -> None:
    def save(name: str, query: str) -> None:
        actions.save_search(account_id=scope.pk, user_id=alice.pk, name=name, query=query, at=at)

    save("Urgent", "?emergency=yes")
    save(" Bills ", "q=bill")
    save("Urgent", "emergency=yes&tab=new")
    found = {each.name: each.query for each in queries.saved_searches(alice)}
    assert found == {"Bills": "q=bill", "Urgent": "emergency=yes&tab=new"}
    actions.remove_search(search=queries.saved_searches(alice)[0])
    assert [each.name for each in queries.saved_searches(alice)] == ["Urgent"]
    for name, query, field in [
        ("", "q=a", "name"),
        ("x" * 81, "", "name"),
        ("a", "q" * 2001, "query"),
    ]:
        with pytest.raises(InvalidInput) as refused:
            save(name, query)
        assert refused.value.field == field
    for number in range(actions.searches.MOST_SEARCHES - 1):
        save(f"Search {number}", "")
    with pytest.raises(InvalidInput, match="remove one first"):
        save("One more", "")
    save("Urgent", "q=again")
