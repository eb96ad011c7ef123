"""Scripts are added, named, edited and deleted."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from deskbell.accounts.locks import lock_account
from deskbell.foundation.errors import Conflict, InvalidInput
from deskbell.foundation.text import checked_text
from deskbell.platform.changes import touch

from ..models import Script
from ..queries import numbers_of
from ..rules import PLAIN, Content, read, write
from ..rules.keeping import check_keepable
from .locked import locked

LONGEST_NAME = 100


def add_script(
    *, account_id: int, name: str, by: str, at: datetime, content: Content = PLAIN
) -> Script:
    """A new script, with nothing published: its draft asks what a number without a script asks.

    `by` is whose email it shows. Raises InvalidInput for a name that is empty, too long or taken,
    and for content that cannot be kept.
    """
    check_keepable(content)
    with transaction.atomic():
        lock_account(account_id)
        script = Script(
            account_id=account_id,
            name=_free_name(account_id, name),
            draft=write(content),
            changed_at=at,
            changed_by=by,
            created_at=at,
        )
        script.save()
        touch(account_id)
    return script


def edit_draft(*, script: Script, content: Content, revision: int, by: str, at: datetime) -> Script:
    """Replaces the draft; receptionists go on with what is published. A draft may have faults.

    `revision` is the one that was edited. What is there already is not saved again, so that an edit
    may come twice. Raises Conflict where somebody saved something else since, NotFound, and
    InvalidInput for content that cannot be kept.
    """
    check_keepable(content)
    with transaction.atomic():
        kept = locked(script)
        if read(kept.draft) == content:
            return kept
        if kept.revision != revision:
            raise Conflict(
                f"{kept.changed_by or 'Somebody'} saved this script meanwhile; look at what it says"
                " now, and make your change there"
            )
        keep_draft(kept, content, by=by, at=at)
        touch(kept.account_id)
    return kept


def keep_draft(script: Script, content: Content, *, by: str, at: datetime) -> None:
    """Writes the draft of a locked script, and raises its revision."""
    script.draft = write(content)
    script.revision += 1
    script.changed_at, script.changed_by = at, by
    script.save(update_fields=["draft", "revision", "changed_at", "changed_by"])


def rename(*, script: Script, name: str, by: str, at: datetime) -> Script:
    """Gives a script another name. Raises NotFound, and InvalidInput as `add_script` does."""
    with transaction.atomic():
        kept = locked(script)
        kept.name = _free_name(kept.account_id, name, but=kept.pk)
        kept.changed_at, kept.changed_by = at, by
        kept.save(update_fields=["name", "changed_at", "changed_by"])
        touch(kept.account_id)
    return kept


def delete_script(*, script: Script, at: datetime) -> None:  # noqa: ARG001 every action takes it
    """Deletes a script with its publications; messages keep their answers.

    Raises Conflict, in words, where a number uses it, and NotFound.
    """
    with transaction.atomic():
        kept = locked(script)
        if used := numbers_of(kept):
            named = ", ".join(str(each) for each in used)
            raise Conflict(
                f'"{kept.name}" is read on {named}; give these another script, or none, first'
            )
        kept.active = None
        kept.save(update_fields=["active"])
        kept.delete()
        touch(kept.account_id)


def _free_name(account_id: int, name: str, but: int | None = None) -> str:
    named = checked_text(name.strip(), field="name", most=LONGEST_NAME, needed=True)
    if Script.objects.filter(account_id=account_id, name=named).exclude(pk=but or 0).exists():
        raise InvalidInput(f'There is a script "{named}" already; take another name', field="name")
    return named
