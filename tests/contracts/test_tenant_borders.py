"""Nobody sees or changes what belongs to another account, at any address there is.

The table (`tests.borders`) has a row for every URL pattern of the portal and the APIs; a pattern
without a row, or a row without a pattern, fails. charlie, of another account, and whoever is not
signed in must never read its words nor change its message, whatever the row says.
"""

from __future__ import annotations

from datetime import datetime

import pytest
from django.http import HttpResponseBase, StreamingHttpResponse

from deskbell.accounts.actions import make_api_token
from deskbell.accounts.models import Account
from deskbell.messages.models import Message, MessageStatus
from deskbell.platform.tenancy import system_scope
from tests.addresses import patterns
from tests.borders import CAST, OUTSIDERS, TABLE, parts
from tests.undone import undone
from tests.world import SECRET, Browsers, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_log")]


def body_of(answer: HttpResponseBase) -> bytes:
    """All of an answer."""
    if isinstance(answer, StreamingHttpResponse):
        return b"".join(answer)
    return answer.content  # type: ignore[attr-defined,no-any-return]


def state_of(message: Message) -> tuple[str, bool, int]:
    """What an outsider could have changed."""
    with system_scope("test"):
        found = Message.objects.get(pk=message.pk)
    return found.status, found.read, found.activities_count


def test_every_address_has_a_row() -> None:
    """A new address needs a row that says who may ask there."""
    there = set(patterns())
    assert there == set(TABLE)


PARTS = parts(TABLE)


@pytest.mark.parametrize("part", PARTS)
def test_borders(part: str, world: World) -> None:
    before = state_of(world.message)
    browsers = Browsers(world)
    browsers.sign_in(*CAST)
    for pattern in PARTS[part]:
        with undone():
            check_border(pattern, browsers, before)


def check_border(pattern: str, browsers: Browsers, before: tuple[str, bool, int]) -> None:
    """Asks the address as everybody, one after the other: what bob deleted is gone for alice."""
    row, world = TABLE[pattern], browsers.world
    answered = {}
    for person in CAST:
        answer = world.ask(browsers.of(person), pattern, row)
        answered[person] = answer.status_code
        if person in OUTSIDERS:
            assert SECRET.encode() not in body_of(answer), (pattern, person)
            assert state_of(world.message) == before, (pattern, person)
        elif answer.streaming:
            body_of(answer)  # which closes its file
        if person == "anonymous" and row.statuses[:2] in {(302, 200), (302, 404)}:
            assert answer.headers["Location"].startswith("/sign-in/"), pattern
    assert answered == dict(zip(CAST, row.statuses, strict=True)), pattern


def test_the_owner_does_see_it(world: World) -> None:
    """Without this, a page that shows nothing to anybody would pass."""
    alice = world.client_of("alice")
    nouns = ("systems", "menus", "announcements", "numbers", "history/1")
    pages = [f"/attendant/{noun}/" for noun in nouns]
    pages += [f"/oncall/{noun}/" for noun in ("contacts", "levels", "plan", "feeds")]
    pages += ["/to-dos/", "/to-dos/list/", f"/to-dos/{world.ids['to_do_id']}/"]
    pages += ["/scripts/", f"/scripts/{world.ids['script_id']}/"]
    hook = f"/webhooks/{world.ids['webhook_id']}/"
    pages += ["/callers/", f"/callers/{world.ids['block_id']}/"]
    pages += [hook, f"{hook}notices/{world.ids['notice_id']}/"]
    for path in ("/messages/", "/messages/live/", f"/messages/{world.message.pk}/", *pages):
        assert SECRET in alice.get(path).content.decode()


@pytest.mark.parametrize("pattern", [each for each in TABLE if each.startswith("api/v2/messages")])
def test_a_token_opens_its_own_account_only(
    pattern: str, world: World, other: Account, at: datetime
) -> None:
    scopes = ["messages:read", "messages:write"]
    theirs = make_api_token(account=other, name="theirs", scopes=scopes, at=at)
    own = make_api_token(account=world.account, name="own", scopes=scopes, at=at)
    row = TABLE[pattern]
    before = state_of(world.message)
    expected = 404 if "message_id" in pattern else 200
    # charlie's token, with or without alice's own session beside it, reaches nothing of Acme's
    for person in ("anonymous", "alice"):
        client = world.client_of(person)
        client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {theirs}"
        answer = world.ask(client, pattern, row)
        assert answer.status_code == expected
        assert SECRET.encode() not in body_of(answer)
        assert state_of(world.message) == before
    client = world.client_of("charlie")
    client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {own}"
    assert world.ask(client, pattern, row).status_code == 200


def test_boxes_ticked_on_anothers_messages_do_nothing(world: World) -> None:
    answer = world.client_of("charlie").post(
        "/messages/acknowledge/", {"id": str(world.message.pk)}, follow=True
    )
    assert "No message is selected" in answer.content.decode()
    assert state_of(world.message)[0] == MessageStatus.NEW


def test_acknowledgements_of_others_are_not_undone(world: World) -> None:
    world.client_of("alice").post(f"/messages/{world.message.pk}/acknowledge/")
    for person in ("charlie", "bob", "rita"):
        world.client_of(person).post("/messages/undo/", {"ids": str(world.message.pk)})
        assert state_of(world.message)[0] == MessageStatus.ACKNOWLEDGED
