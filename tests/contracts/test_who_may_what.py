"""Every address of the portal, asked by people who have all rights but one, and only that one.

What the cast is answered, staff among them, is in `tests.borders`; what the APIs let whom do, in
`test_v2_sweep.py` (scopes) and `test_autoattendant_roles.py` (roles and the one access).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import count

import pytest

from deskbell.accounts.actions import add_user, join
from deskbell.accounts.models import User
from deskbell.accounts.rules import ACCESSES, Right
from tests.borders import TABLE, parts
from tests.undone import undone
from tests.who_may import Need, Who, need_of
from tests.world import Browsers, World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_log")]

PAGES = [
    each
    for each in TABLE
    if need_of(each).look not in {Who.EVERYBODY, Who.PROGRAM} and TABLE[each].method != "put"
]
REFUSED, NO_SUCH_METHOD = 403, 405
NUMBERS = count()


def refused_and_allowed(who: Who | Right) -> tuple[str, str]:
    """Who is refused, and who is not, by what the address needs; empty where that says nothing."""
    if isinstance(who, Right):
        return "all but it", "only it"
    return ("", "nothing") if who is Who.MEMBER else ("everything", "")


def member(world: World, accesses: Iterable[Right], role: str, at: datetime) -> User:
    """Somebody in the account with these accesses."""
    user = add_user(email=f"n{next(NUMBERS)}@example.com", name="", password=None, at=at)
    join(user=user, account=world.account, role=role, accesses=accesses)
    return user


class Askers:
    """People whose accesses are made for a need, each signed in once."""

    def __init__(self, world: World, at: datetime) -> None:
        self.world, self.at = world, at
        self.browsers = Browsers(world)

    def of(self, name: str, who: Who | Right) -> str:
        """By what name somebody is known who is `name` for what the address needs."""
        if isinstance(who, Right):
            given = {who} & set(ACCESSES)
            if name == "all but it":
                return self.known(f"all but {who}", set(ACCESSES) - {who}, "")
            return self.known(f"only {who}", given, "" if given else "BG_ADMIN")
        if name == "nothing":
            return self.known(name, (), "")
        return self.known(name, set(ACCESSES), "BG_ADMIN")

    def known(self, name: str, accesses: Iterable[Right], role: str) -> str:
        if name not in self.world.people:
            self.world.people[name] = member(self.world, accesses, role, self.at)
            self.browsers.sign_in(name)
        return name


def asked(browsers: Browsers, pattern: str, method: str, person: str) -> int:
    """What the person is answered at the address; what it changed is undone."""
    world, client = browsers.world, browsers.of(person)
    row = TABLE[pattern]
    known = {"account": world.account.pk, "message": world.message.pk}
    known["level"] = int(world.ids["level_id"])
    form = {name: text.format(**known) for name, text in row.form.items()}
    with undone():
        answer = getattr(client, method)(world.path(pattern), form)
        if answer.streaming:
            b"".join(answer)
    return int(answer.status_code)


def ways(pattern: str) -> Iterator[tuple[str, Who | Right, bool]]:
    """Each method with what it needs, and whether those who have that are let in for certain."""
    need: Need = need_of(pattern)
    yield "get", need.look, True
    yield "post", need.change, not need.own


def wrong_at(askers: Askers, pattern: str) -> Iterator[str]:
    """Who is refused at the address and should not be, or the other way round."""
    has_answered = False
    for method, who, certain in ways(pattern):
        refused, allowed = refused_and_allowed(who)
        for name in filter(None, [refused, allowed if certain else ""]):
            status = asked(askers.browsers, pattern, method, askers.of(name, who))
            if status == NO_SUCH_METHOD:
                break
            has_answered = True
            if (status == REFUSED) is not (name == refused):
                yield f"{method} {pattern} as {name} ({who}): {status}"
    if not has_answered:
        yield f"{pattern} takes neither GET nor POST"


PARTS = parts(PAGES)


@pytest.mark.parametrize("part", PARTS)
def test_who_may(part: str, world: World, at: datetime) -> None:
    askers = Askers(world, at)
    assert [wrong for pattern in PARTS[part] for wrong in wrong_at(askers, pattern)] == []


def test_the_reference_is_made_of_the_table() -> None:
    """`python scripts/who_may_what.py` writes it."""
    from who_may_what import WRITTEN, written

    assert WRITTEN.read_text() == written()
