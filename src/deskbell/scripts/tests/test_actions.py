"""Scripts are edited, published, rolled back, put on numbers, and lose levels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from deskbell.accounts.actions import add_number
from deskbell.accounts.models import Account, PhoneNumber
from deskbell.foundation.errors import Conflict, InvalidInput, NotFound, OutOfScope
from deskbell.platform.changes import version_of
from deskbell.platform.tenancy import account_scope
from deskbell.scripts import actions, queries
from deskbell.scripts.errors import NotPublishable
from deskbell.scripts.models import ClosingActionGroup, Publication, Script
from deskbell.scripts.rules import PLAIN, Closing, Content, Send, read
from deskbell.scripts.tests.examples import DENTIST, LEVEL

BY = "olivia@example.com"
HOUR = timedelta(hours=1)
LEVELS = (LEVEL,)


@pytest.fixture
def in_acme(acme: Account) -> Iterator[Account]:
    with account_scope(acme.pk):
        yield acme


@pytest.fixture
def script(in_acme: Account, at: datetime) -> Script:
    return actions.add_script(account_id=in_acme.pk, name=" Main ", by=BY, at=at, content=DENTIST)


def edit(script: Script, content: Content, at: datetime, revision: int | None = None) -> Script:
    wanted = script.revision if revision is None else revision
    return actions.edit_draft(script=script, content=content, revision=wanted, by=BY, at=at)


def publish(script: Script, at: datetime) -> Publication:
    return actions.publish(script=script, known_levels=LEVELS, by=BY, at=at)


def test_a_new_script_asks_what_a_number_without_one_asks(in_acme: Account, at: datetime) -> None:
    made = actions.add_script(account_id=in_acme.pk, name="Night", by=BY, at=at)
    kept = queries.one(made.pk)
    assert (read(kept.draft), kept.active, kept.revision) == (PLAIN, None, 1)


@pytest.mark.parametrize(
    ("name", "words"),
    [("  ", "name is empty"), ("x" * 101, "at most 100"), ("a\0", "NUL"), ("Main", "already")],
)
def test_names_of_scripts(
    script: Script, in_acme: Account, at: datetime, name: str, words: str
) -> None:
    with pytest.raises(InvalidInput, match=words):
        actions.add_script(account_id=in_acme.pk, name=name, by=BY, at=at)
    other = actions.add_script(account_id=in_acme.pk, name="Other", by=BY, at=at)
    with pytest.raises(InvalidInput, match=words):
        actions.rename(script=other, name=name, by=BY, at=at)
    assert actions.rename(script=other, name="Other", by=BY, at=at).name == "Other"
    assert actions.rename(script=other, name="Night", by=BY, at=at + HOUR).changed_at == at + HOUR


def test_the_second_of_two_editors_is_told(script: Script, at: datetime) -> None:
    first = edit(script, replace(DENTIST, greeting="First"), at, revision=1)
    assert first.revision == 2
    with pytest.raises(Conflict, match=r"olivia@example\.com saved this script meanwhile"):
        edit(script, replace(DENTIST, greeting="Second"), at, revision=1)
    again = edit(script, replace(DENTIST, greeting="First"), at + HOUR, revision=1)
    assert (again.revision, again.changed_at) == (2, at)
    assert read(queries.one(script.pk).draft).greeting == "First"


def test_a_draft_may_have_faults_and_may_not_be_published(script: Script, at: datetime) -> None:
    bad = edit(script, replace(DENTIST, closings=(), greeting=""), at)
    with pytest.raises(NotPublishable, match="no greeting") as raised:
        publish(bad, at)
    assert [each.where for each in raised.value.faults] == ["greeting", ""]
    with pytest.raises(NotPublishable, match="level is gone"):
        actions.publish(script=edit(bad, DENTIST, at), known_levels=(), by=BY, at=at)
    assert queries.one(script.pk).active is None
    with pytest.raises(InvalidInput, match="at most 4000"):
        edit(script, replace(DENTIST, greeting="x" * 1_000_000), at)


def test_receptionists_read_what_is_published(
    script: Script, acme_number: PhoneNumber, at: datetime
) -> None:
    assert queries.script_for(acme_number) is None
    actions.use_script(number=acme_number, script=script, at=at)
    assert queries.script_for(acme_number) is None
    assert queries.content_of(queries.script_for(acme_number)) == PLAIN
    first = publish(script, at)
    assert (first.number, queries.script_for(acme_number)) == (1, first)
    assert publish(script, at + HOUR) == first
    edit(script, replace(DENTIST, greeting="Draft"), at)
    assert queries.content_of(queries.script_for(acme_number)) == DENTIST
    second = publish(script, at + HOUR)
    assert queries.content_of(queries.script_for(acme_number)).greeting == "Draft"
    assert queries.publications(script) == [second, first]
    actions.use_script(number=acme_number, script=None, at=at)
    assert queries.script_for(acme_number) is None
    assert queries.script_for(None) is None


def test_rolling_back_publishes_again_and_takes_it_into_the_draft(
    script: Script, at: datetime
) -> None:
    first = publish(script, at)
    publish(edit(script, replace(DENTIST, greeting="New"), at), at)
    third = actions.roll_back(publication=first, known_levels=LEVELS, by=BY, at=at + HOUR)
    kept = queries.one(script.pk)
    assert (third.number, kept.active, kept.revision) == (3, third, 3)
    assert read(kept.draft) == read(third.content) == DENTIST
    with pytest.raises(NotPublishable):
        actions.roll_back(publication=first, known_levels=(), by=BY, at=at)


def test_closings_keep_their_ids_over_publications(script: Script, at: datetime) -> None:
    publish(script, at)
    before = dict(ClosingActionGroup.objects.values_list("key", "pk"))
    assert set(before) == {"held", "sent"}
    more = replace(DENTIST, closings=(*DENTIST.closings[:1], Closing("more", "More")))
    publish(edit(script, more, at), at)
    after = dict(ClosingActionGroup.objects.values_list("key", "pk"))
    assert {key: after[key] for key in before} == before
    assert set(after) == {"held", "sent", "more"}


def test_a_script_in_use_is_not_deleted(
    script: Script, acme_number: PhoneNumber, at: datetime
) -> None:
    publish(script, at)
    actions.use_script(number=acme_number, script=script, at=at)
    assert queries.numbers_of(script) == [acme_number]
    with pytest.raises(Conflict, match=f'"Main" is read on {acme_number.number}'.replace("+", ".")):
        actions.delete_script(script=script, at=at)
    actions.use_script(number=acme_number, script=None, at=at)
    actions.delete_script(script=script, at=at)
    assert queries.scripts() == []
    assert not Publication.objects.exists()
    for late in (
        lambda: actions.delete_script(script=script, at=at),
        lambda: edit(script, DENTIST, at),
        lambda: publish(script, at),
        lambda: actions.use_script(number=acme_number, script=script, at=at),
    ):
        with pytest.raises(NotFound):
            late()


def test_another_accounts_scripts_stay_out_of_reach(
    script: Script, other: Account, at: datetime
) -> None:
    with account_scope(other.pk):
        number = add_number(account=other, number="+442079460018", at=at, by=BY)
        with pytest.raises(InvalidInput, match="no such script"):
            actions.use_script(number=number, script=script, at=at)
        with pytest.raises(NotFound):
            queries.one(script.pk)
        with pytest.raises((NotFound, OutOfScope)):
            edit(script, DENTIST, at)
        assert queries.scripts() == []


def test_a_deleted_level_leaves_drafts_and_published_scripts(
    script: Script, in_acme: Account, at: datetime
) -> None:
    publish(script, at)
    sends = Closing("sent", "Sent", send=Send.LEVEL, level_id=LEVEL)
    draft = edit(script, replace(DENTIST, closings=(sends,)), at)
    actions.add_script(account_id=in_acme.pk, name="Other", by=BY, at=at)
    assert queries.scripts_with_level(LEVEL) == [script]
    before = version_of(in_acme.pk)
    gone = actions.forget_level(account_id=in_acme.pk, level_id=LEVEL, at=at + HOUR)
    assert gone == ["Main"]
    kept = queries.one(script.pk)
    assert kept.active is not None
    assert (kept.active.number, kept.active.published_at) == (2, at + HOUR)
    assert read(kept.active.content) == replace(DENTIST, relays=())
    assert read(kept.draft).closings[0].send is Send.DEFAULT
    assert kept.revision == draft.revision + 1
    assert version_of(in_acme.pk) > before
    assert actions.forget_level(account_id=in_acme.pk, level_id=LEVEL, at=at) == []
    assert queries.one(script.pk).active == kept.active


def test_a_level_named_in_the_draft_alone_publishes_nothing(script: Script, at: datetime) -> None:
    edit(script, replace(DENTIST, relays=()), at)
    publish(script, at)
    edit(queries.one(script.pk), DENTIST, at)
    assert actions.forget_level(account_id=script.account_id, level_id=LEVEL, at=at) == ["Main"]
    assert len(queries.publications(script)) == 1
