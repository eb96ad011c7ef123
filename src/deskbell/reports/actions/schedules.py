"""Exports that are made again and again: set, changed, paused, run at once, deleted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from deskbell.accounts.locks import lock_account
from deskbell.accounts.models import Account, Membership, User, UserStatus
from deskbell.foundation.errors import Conflict, InvalidInput, MissingInput, NotFound

from ..errors import TooManySchedules
from ..models import Export, Frequency, ScheduledExport, Sending
from ..queries import rhythm_of
from ..rules.schedules import days_before, next_after
from ..sources import SOURCES
from .exports import UNDER_WAY, ask_export, cancel_export

MOST_SCHEDULES: Final = 50
MOST_RECIPIENTS: Final = 50
LONGEST_NAME: Final = 100
_SHOWN: Final = 60


@dataclass(frozen=True, slots=True)
class Planned:
    """What a schedule says; `time` is on the account's clock, `weekday` 0 is Monday.

    `kind` and `format` are values of Kind and FileFormat, `asked` an export's filters without days.
    """

    name: str
    kind: str
    format: str
    asked: Mapping[str, str | list[str]]
    frequency: str
    time: time
    recipients: Sequence[str]
    sending: str
    weekday: int = 0
    month_day: int = 1


def add_schedule(*, account: Account, planned: Planned, by: User, at: datetime) -> ScheduledExport:
    """Makes a schedule, which `by` answers for: it runs while they may have its kind.

    Whether they may now is the caller's to check. Raises InvalidInput or MissingInput with the
    field for what cannot be meant, TooManySchedules where the account has fifty.
    """
    with transaction.atomic():
        account = lock_account(account.pk)
        if ScheduledExport.objects.filter(account=account).count() >= MOST_SCHEDULES:
            raise TooManySchedules(
                f"An account has {MOST_SCHEDULES} scheduled exports at most: delete one first."
            )
        schedule = ScheduledExport(account=account, created_at=at)
        _write(schedule, planned, by, at)
    return schedule


def edit_schedule(
    *, schedule: ScheduledExport, planned: Planned, by: User, at: datetime
) -> ScheduledExport:
    """Changes a schedule; whoever changed it last answers for it. Raises as `add_schedule`."""
    with transaction.atomic():
        lock_account(schedule.account_id)
        found = _locked(schedule)
        _write(found, planned, by, at)
    return found


def pause_schedule(*, schedule: ScheduledExport) -> None:
    """Makes it run no more until it is resumed; twice is no harm."""
    with transaction.atomic():
        found = _locked(schedule)
        found.is_paused, found.next_at = True, None
        found.save(update_fields=["is_paused", "next_at"])


def resume_schedule(*, schedule: ScheduledExport, by: User, at: datetime) -> None:
    """Has it run from its next time on; what it paused over stays unmade. `by` answers for it."""
    with transaction.atomic():
        found = _locked(schedule)
        if found.is_paused:
            found.is_paused, found.created_by, found.trouble = False, by, ""
            found.next_at = next_after(rhythm_of(found), _zone_of(found), at)
            found.save(update_fields=["is_paused", "created_by", "trouble", "next_at"])


def run_schedule(*, schedule: ScheduledExport, at: datetime) -> Export:
    """Makes and mails it at once, paused or not, of the days before today; its times stay.

    Gives the export. Raises Conflict where it ran in this minute, InvalidInput where what it asks
    for is no longer there.
    """
    minute = at.replace(second=0, microsecond=0)
    with transaction.atomic():
        found = _locked(schedule)
        if found.exports.filter(due_at=minute).exists():
            raise Conflict("It ran a moment ago: wait a minute, then run it again.")
        ScheduledExport.objects.filter(pk=found.pk).update(trouble="")
        return queue_export(found, due_at=minute, at=at)


def remove_schedule(*, schedule: ScheduledExport, at: datetime) -> None:
    """Deletes a schedule, and stops its exports that are under way; files that were made stay."""
    with transaction.atomic():
        found = _locked(schedule)
        for each in found.exports.filter(state__in=UNDER_WAY):
            cancel_export(export=each, at=at)
        found.delete()


def follow_zone(*, account_id: int, at: datetime) -> None:
    """Has schedules keep their times of day in the zone that the account has now.

    What is due already stays due. Needs the account's scope, or a system scope.
    """
    rows = ScheduledExport.objects.filter(account_id=account_id, next_at__gt=at)
    with transaction.atomic():
        for each in rows.select_related("account").order_by("pk").select_for_update(of=("self",)):
            each.next_at = next_after(rhythm_of(each), _zone_of(each), at)
            each.save(update_fields=["next_at"])


def queue_export(schedule: ScheduledExport, *, due_at: datetime, at: datetime) -> Export:
    """Asks for the export of the days before `due_at`, on the account's clock."""
    zone = _zone_of(schedule)
    first, last = days_before(schedule.frequency, due_at.astimezone(zone).date())
    days = {"from_date": f"{first}", "to_date": f"{last}", "zone": zone.key}
    words = f"{first}" if first == last else f"{first} to {last}"
    return ask_export(
        account=schedule.account,
        kind=schedule.kind,
        format=schedule.format,
        asked={**schedule.asked, **days},
        words=f"{schedule.name}: {words}",
        by=schedule.created_by,
        at=at,
        schedule=schedule,
        due_at=due_at,
    )


def _write(schedule: ScheduledExport, planned: Planned, by: User, at: datetime) -> None:
    given = asdict(planned)
    given["name"] = _name(planned.name, schedule)
    given["recipients"] = _recipients(planned, schedule.account_id)
    given["asked"] = dict(planned.asked)
    _check_times(planned)
    SOURCES[planned.kind].check(schedule.account, planned.asked)
    for name, value in given.items():
        setattr(schedule, name, value)
    schedule.created_by, schedule.trouble = by, ""
    if not schedule.is_paused:
        schedule.next_at = next_after(rhythm_of(schedule), _zone_of(schedule), at)
    schedule.save()


def _name(given: str, schedule: ScheduledExport) -> str:
    """Raises MissingInput for none, InvalidInput for one that is too long or another's."""
    name = " ".join(given.split())
    if not name:
        raise MissingInput("Give it a name, as “Messages for the office”.", field="name")
    if len(name) > LONGEST_NAME:
        raise InvalidInput(f"A name has at most {LONGEST_NAME} characters.", field="name")
    others = ScheduledExport.objects.filter(account_id=schedule.account_id).exclude(pk=schedule.pk)
    if others.filter(name__iexact=name).exists():
        raise InvalidInput(
            f"There is a scheduled export “{name}” already: choose another name.", field="name"
        )
    return name


def _check_times(planned: Planned) -> None:
    if planned.frequency not in Frequency.values:
        raise InvalidInput("Choose daily, weekly or monthly.", field="frequency")
    if not 0 <= planned.weekday < 7:
        raise InvalidInput("Choose a day of the week.", field="weekday")
    if not 1 <= planned.month_day <= 31:
        raise InvalidInput("Choose a day of the month, from 1 to 31.", field="month_day")


def _recipients(planned: Planned, account_id: int) -> list[str]:
    """The addresses, each once. Raises MissingInput for none, and InvalidInput for too many, for
    what is no address, and for one that cannot follow a link."""
    if planned.sending not in Sending.values:
        raise InvalidInput("Choose an attachment or a link.", field="sending")
    found = {each.strip().casefold(): each.strip() for each in planned.recipients if each.strip()}
    if not found:
        raise MissingInput("Say who gets it: at least one email address.", field="recipients")
    if len(found) > MOST_RECIPIENTS:
        raise InvalidInput(
            f"It goes to {MOST_RECIPIENTS} addresses at most, not to {len(found)}.",
            field="recipients",
        )
    for address in found.values():
        _check_address(address)
    if planned.sending == Sending.LINK:
        _check_they_sign_in(found, account_id)
    return list(found.values())


def _check_address(address: str) -> None:
    try:
        validate_email(address)
    except ValidationError as error:
        raise InvalidInput(
            f"“{address[:_SHOWN]}” is no email address; one looks like name@example.com.",
            field="recipients",
        ) from error


def _check_they_sign_in(addresses: Mapping[str, str], account_id: int) -> None:
    members = Membership.objects.filter(account_id=account_id, user__status=UserStatus.ACTIVE)
    known = {each.casefold() for each in members.values_list("user__email", flat=True)}
    for folded, address in addresses.items():
        if folded not in known:
            raise InvalidInput(
                f"{address[:_SHOWN]} does not sign in to this account, so the link would lead"
                " nowhere: choose people of the account, or send an attachment.",
                field="recipients",
            )


def _zone_of(schedule: ScheduledExport) -> ZoneInfo:
    return ZoneInfo(schedule.account.time_zone)


def _locked(schedule: ScheduledExport) -> ScheduledExport:
    """Raises NotFound where somebody deleted it meanwhile."""
    rows = ScheduledExport.objects.select_for_update(of=("self",))
    found = rows.select_related("account", "created_by").filter(pk=schedule.pk).first()
    if found is None:
        raise NotFound("This scheduled export was deleted meanwhile.")
    return found
