"""A level that is deleted leaves the scripts that named it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import pytest
from django.db import transaction

from deskbell.accounts.locks import lock_account
from deskbell.oncall import actions, queries
from deskbell.oncall.models import EscalationLevel
from deskbell.oncall.tests.test_calendars_races import together
from deskbell.scripts import actions as scripts
from deskbell.scripts.models import Script
from deskbell.scripts.queries import content_of, one
from deskbell.scripts.rules import PLAIN, Closing, Relay, Send, levels_of, read

Add = Callable[..., EscalationLevel]


def add_script(level: EscalationLevel, at: datetime, name: str = "Main") -> Script:
    sends = Closing("urgent", "Urgent", send=Send.LEVEL, level_id=level.pk)
    content = replace(PLAIN, closings=(sends,), relays=(Relay("urgent", ("Yes",), level.pk),))
    made = scripts.add_script(
        account_id=level.account_id, name=name, by="olivia", at=at, content=content
    )
    scripts.publish(script=made, known_levels=[level.pk], by="olivia", at=at)
    return made


def test_deleting_a_level_names_and_mends_its_scripts(add_level: Add, at: datetime) -> None:
    level, stays = add_level("Days"), add_level("Nights")
    script, spared = add_script(level, at), add_script(stays, at, name="Spared")
    assert queries.what_breaks(level).scripts == [script]
    assert queries.what_breaks(stays).scripts == [spared]

    actions.delete_level(level=level, at=at + timedelta(hours=1))
    live = content_of(one(script.pk).active)
    assert live.relays == ()
    assert [each.send for each in live.closings] == [Send.DEFAULT]
    assert levels_of(read(one(script.pk).draft)) == set()
    assert levels_of(content_of(one(spared.pk).active)) == {stays.pk}


@pytest.mark.django_db(transaction=True)
def test_a_level_that_is_deleted_while_somebody_publishes(add_level: Add, at: datetime) -> None:
    """Whoever comes first, no published script names the level afterwards."""
    level = add_level("Days")
    script = add_script(level, at)

    def publish() -> None:
        with transaction.atomic():
            lock_account(level.account_id)
            known = [each.pk for each in queries.levels()]
            scripts.publish(script=script, known_levels=known, by="olivia", at=at)

    delete = partial(actions.delete_level, level=level, at=at)
    together(level.account_id, publish, delete, publish)
    assert level.pk not in levels_of(content_of(one(script.pk).active))
