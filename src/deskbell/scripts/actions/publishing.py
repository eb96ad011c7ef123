"""What receptionists read: published from the draft, or from an earlier publication."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from deskbell.platform.changes import touch

from ..errors import NotPublishable
from ..models import ClosingActionGroup, Publication, Script
from ..rules import Content, faults, read, write
from .drafts import keep_draft
from .locked import locked


def publish(*, script: Script, known_levels: Collection[int], by: str, at: datetime) -> Publication:
    """Has receptionists read the draft from now on; forms that are open stay with what they show.

    `known_levels` are the ids of the account's escalation levels, read while the account is locked
    (`accounts.locks`), where one could be deleted meanwhile. Raises NotPublishable with all faults,
    and NotFound.
    """
    with transaction.atomic():
        kept = locked(script)
        content = _checked(read(kept.draft), known_levels)
        published = put_out(kept, content, by=by, at=at)
        touch(kept.account_id)
    return published


def roll_back(
    *, publication: Publication, known_levels: Collection[int], by: str, at: datetime
) -> Publication:
    """Publishes an earlier publication again, as the newest, and takes it into the draft.

    What the draft said is lost. It is checked as it stands now: raises NotPublishable where a level
    is gone since, and NotFound.
    """
    content = _checked(read(publication.content), known_levels)
    with transaction.atomic():
        kept = locked(publication.script)
        keep_draft(kept, content, by=by, at=at)
        published = put_out(kept, content, by=by, at=at)
        touch(kept.account_id)
    return published


def put_out(script: Script, content: Content, *, by: str, at: datetime) -> Publication:
    """Publishes content of a locked script, as it is; what is read already is not published again,
    so that it may be asked for twice."""
    if script.active and read(script.active.content) == content:
        return script.active
    last = Publication.objects.filter(script=script).aggregate(last=Max("number"))["last"] or 0
    published = Publication.objects.create(
        account_id=script.account_id,
        script=script,
        number=last + 1,
        content=write(content),
        published_at=at,
        published_by=by,
    )
    script.active = published
    script.save(update_fields=["active"])
    ClosingActionGroup.objects.bulk_create(
        [
            ClosingActionGroup(account_id=script.account_id, script=script, key=each.key)
            for each in content.closings
        ],
        ignore_conflicts=True,
    )
    return published


def _checked(content: Content, known_levels: Collection[int]) -> Content:
    if found := faults(content, known_levels):
        raise NotPublishable(found)
    return content
