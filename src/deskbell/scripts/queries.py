"""Reads of scripts. All need the account's scope."""

from __future__ import annotations

from deskbell.accounts.models import PhoneNumber
from deskbell.foundation.errors import NotFound

from .models import Publication, Script, ScriptOfNumber
from .rules import PLAIN, Content, levels_of, read


def scripts(account_id: int | None = None) -> list[Script]:
    """All scripts by name, with what is published of each and the numbers that use it (`numbers`);
    three queries. `account_id` is for a system scope, where there are other accounts' as well."""
    rows = Script.objects.select_related("active").prefetch_related("numbers__number")
    return list(rows if account_id is None else rows.filter(account_id=account_id))


def one(script_id: int) -> Script:
    """A script with what is published of it. Raises NotFound."""
    found = Script.objects.select_related("active").filter(pk=script_id).first()
    if found is None:
        raise NotFound("There is no such script")
    return found


def script_for(number: PhoneNumber | None) -> Publication | None:
    """What receptionists read when they answer a number; None for one without a published script,
    where `rules.PLAIN` is asked. One query."""
    if number is None:
        return None
    rows = ScriptOfNumber.objects.filter(number=number, account_id=number.account_id)
    found = rows.select_related("script__active").first()
    return found.script.active if found else None


def publications(script: Script) -> list[Publication]:
    """All of a script's publications, the newest first."""
    return list(Publication.objects.filter(script=script))


def numbers_of(script: Script) -> list[PhoneNumber]:
    """The numbers on which a script is read, in order."""
    rows = ScriptOfNumber.objects.filter(script=script).select_related("number")
    return [each.number for each in rows.order_by("number__number", "number_id")]


def content_of(publication: Publication | None) -> Content:
    """What a publication says and asks; `rules.PLAIN` without one."""
    return read(publication.content) if publication else PLAIN


def scripts_with_level(level_id: int) -> list[Script]:
    """The scripts whose relay triggers or closings name an escalation level, published or in draft,
    by name. One query."""
    rows = Script.objects.select_related("active")
    return [each for each in rows if level_id in _levels(each)]


def _levels(script: Script) -> set[int]:
    published = levels_of(read(script.active.content)) if script.active else set()
    return published | levels_of(read(script.draft))
