"""Audio goes when nothing plays it, and never while a draft or the history may need it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from deskbell.accounts.models import Account
from deskbell.attendant import actions
from deskbell.attendant.models import Draft, Prompt, Publication, Sentence
from deskbell.platform.tenancy import account_scope, system_scope

pytestmark = pytest.mark.django_db


def named(sha256: str) -> dict[str, Any]:
    """As much of a plan as names a sound."""
    return {"announcements": [{"audio": sha256}, {"audio": ""}], "systems": [], "numbers": []}


def test_only_what_nothing_names_is_forgotten(acme: Account, at: datetime) -> None:
    names = ["unused", "new", "played", "said", "drafted", "begun", "published"]
    sounds = {name: actions.keep_prompt(name.encode()) for name in names}
    old = timezone.now() - actions.prompts.UNUSED_FOR - timedelta(hours=1)
    Prompt.objects.exclude(pk=sounds["new"].pk).update(created_at=old)
    with account_scope(acme.pk):
        played = actions.add_announcement(account=acme, name="Hum", type="play", at=at)
        played.prompt = sounds["played"]
        played.save()
        Draft.objects.create(
            account=acme,
            plan=named(sounds["drafted"].pk),
            base=named(sounds["begun"].pk),
            created_at=at,
            updated_at=at,
        )
        published = named(sounds["published"].pk)
        Publication.objects.create(account=acme, number=1, plan=published, at=at, through="api")
    Sentence.objects.create(text="Hi", language="en-US", voice="Man", prompt=sounds["said"])
    with system_scope("as the clock"):
        assert actions.forget_prompts(at=timezone.now()) == 1
    left = set(Prompt.objects.values_list("pk", flat=True))
    assert left == {prompt.pk for name, prompt in sounds.items() if name != "unused"}


def test_audio_that_is_kept_again_counts_as_new(db: None) -> None:
    prompt = actions.keep_prompt(b"again")
    old = timezone.now() - timedelta(days=90)
    Prompt.objects.update(created_at=old)
    actions.keep_prompt(b"again")
    with system_scope("as the clock"):
        assert actions.forget_prompts(at=timezone.now()) == 0
    assert Prompt.objects.get(pk=prompt.pk).created_at > old
