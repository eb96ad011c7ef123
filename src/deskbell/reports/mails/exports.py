"""The mail in which a scheduled export arrives, and the one that says that it does not."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.core.mail import EmailMultiAlternatives
from django.template.defaultfilters import filesizeformat

from deskbell.accounts.models import User, UserStatus
from deskbell.foundation.dates import date_words

from .. import queries
from ..errors import FileIsGone
from ..formats import MEDIA_TYPES
from ..models import Export, ExportState, ScheduledExport, Sending
from ..rules.schedules import in_words
from .letters import address_of, letter
from .posting import Refused, post

# Many mail servers take no more than 25 MB, and an attachment grows by a third on its way.
MOST_ATTACHED: Final = 10 * 1024 * 1024


def send_export(*, export_id: int, address: str, at: datetime) -> None:
    """Mails an export to an address, attached or as a link, as its schedule says; too large a file
    is a link, and the mail says why.

    Nothing where the export or its schedule is gone. What is refused for good stands at the
    schedule. Raises what has the job run again. Needs the account's scope.
    """
    rows = Export.objects.select_related("account", "schedule")
    export = rows.filter(pk=export_id, state=ExportState.DONE).first()
    if export is None or export.schedule is None:
        return
    try:
        mail = compose(export, export.schedule, address)
        post(mail, since=export.ended_at or at, at=at)
    except (Refused, FileIsGone) as error:
        _note(export.schedule, f"The email to {address} was not sent: {error}")


def compose(export: Export, schedule: ScheduledExport, address: str) -> EmailMultiAlternatives:
    """The mail with an export. Raises FileIsGone where its file was removed."""
    account, rhythm = export.account, in_words(queries.rhythm_of(schedule))
    wants_file = schedule.sending == Sending.ATTACHMENT
    is_attached = wants_file and export.bytes <= MOST_ATTACHED
    mail = letter(
        address,
        f"{schedule.name} for {account.name}",
        "export",
        key=f"export-{export.pk}",
        schedule=schedule,
        account=account,
        export=export,
        words=export.words.removeprefix(f"{schedule.name}: "),
        is_attached=is_attached,
        too_large=wants_file and not is_attached,
        rows=f"{export.rows:,} row{'' if export.rows == 1 else 's'}",
        size=_size(export.bytes),
        most=_size(MOST_ATTACHED),
        until=_until(export),
        url=address_of("reports:export", export.pk),
        when=rhythm[0].lower() + rhythm[1:],
    )
    if is_attached:
        with queries.opened(export) as file:
            media = MEDIA_TYPES[export.name.rpartition(".")[2]]
            mail.attach(export.name, file.read(), media.partition(";")[0])
    return mail


def send_failure(*, export_id: int, at: datetime) -> None:
    """Writes at an export's schedule why there is no file, and mails it to whoever answers for it.

    Nothing where either is gone. Raises what has the job run again. Needs the account's scope.
    """
    export = Export.objects.select_related("schedule").filter(pk=export_id).first()
    if export is None or export.schedule is None:
        return
    _note(export.schedule, f"No file was made: {export.trouble}")
    if user_id := export.schedule.created_by_id:
        since = export.ended_at or at
        send_trouble(schedule_id=export.schedule.pk, user_id=user_id, since=since, at=at)


def send_trouble(*, schedule_id: int, user_id: int, since: datetime, at: datetime) -> None:
    """Mails a person what is wrong with a schedule `since` a time; nothing where it is gone or
    mended, or where the mail is refused for good.

    Raises what has the job run again. Needs the account's scope.
    """
    schedule = ScheduledExport.objects.select_related("account").filter(pk=schedule_id).first()
    person = User.objects.filter(pk=user_id, status=UserStatus.ACTIVE).first()
    if schedule is None or person is None or not schedule.trouble:
        return
    words = f"The scheduled export “{schedule.name}” of {schedule.account.name} needs a look."
    mail = letter(
        person.email,
        f"A scheduled export of {schedule.account.name} needs a look",
        "trouble",
        key=f"trouble-{schedule.pk}-{since:%Y%m%d%H%M%S}",
        person=person,
        words=f"{words} {schedule.trouble}",
        url=address_of("reports:schedules"),
    )
    with suppress(Refused):
        post(mail, since=since, at=at)


def _note(schedule: ScheduledExport, words: str) -> None:
    ScheduledExport.objects.filter(pk=schedule.pk).update(trouble=words[:300])


def _size(count: int) -> str:
    return str(filesizeformat(count)).replace("\xa0", " ")


def _until(export: Export) -> str:
    zone = ZoneInfo(export.account.time_zone)
    return date_words(export.removed_after.astimezone(zone).date()) if export.removed_after else ""
