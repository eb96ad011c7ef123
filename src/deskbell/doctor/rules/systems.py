"""What is wrong with a system as a whole: how it is reached, and where its own actions lead."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from deskbell.attendant.rules import ActionType
from deskbell.foundation.numbers import national_digits

from ..findings import Facts, Finding, Kind, Severity
from .survey import Place, Survey, is_silent

_TAKES_MESSAGE: Final = (ActionType.VOICEMAIL, ActionType.TRANSFER_TO_RECEPTIONIST)
BY_EXTENSION: Final = (ActionType.DIAL_BY_EXTENSION, ActionType.DIAL_BY_NAME)
_LISTED: Final = 3
_SPEAKS: Final = (
    ActionType.ANNOUNCEMENT_HANGUP,
    ActionType.ANNOUNCEMENT_RETURN,
    ActionType.DIAL_BY_EXTENSION,
    ActionType.DIAL_BY_NAME,
    ActionType.VOICEMAIL,
)


def examine(survey: Survey, facts: Facts) -> Iterator[Finding]:
    """The findings about one system and about each of its actions."""
    yield from _door(survey)
    yield from _voicemail(survey, facts)
    yield from _connecting(survey, facts)
    yield from _reception(survey, facts)
    for place in survey.places:
        yield from _action(survey, place, facts)


def _door(survey: Survey) -> Iterator[Finding]:
    system = survey.system
    if system.status == "SUSPENDED":
        yield Finding(
            Severity.WARNING,
            "system_suspended",
            Kind.SYSTEM,
            system.sid,
            "",
            f'"{system.name}" is suspended: its callers hear an apology, and the call ends.',
            "Set its status to active when callers are to be answered again.",
        )
    if not system.numbers and not system.extensions:
        yield Finding(
            Severity.WARNING,
            "system_without_number",
            Kind.SYSTEM,
            system.sid,
            "",
            f'No number leads to "{system.name}", so nobody can call it.',
            "Give it a number.",
        )


def _voicemail(survey: Survey, facts: Facts) -> Iterator[Finding]:
    system = survey.system
    is_known = facts.levels is None or system.voicemail_level in facts.levels
    if not survey.uses(*_TAKES_MESSAGE) or (system.voicemail_level and is_known):
        return
    lacks = "has no escalation level" if is_known else "names an escalation level that is gone"
    nobody = facts.levels is not None and not facts.levels
    goes = (
        "The account has no level at all, so messages only wait in the portal."
        if nobody
        else "Until then messages go to the account's first level."
    )
    yield Finding(
        Severity.ERROR if nobody else Severity.WARNING,
        "voicemail_without_level",
        Kind.SYSTEM,
        system.sid,
        "",
        f'Callers of "{system.name}" can leave a message, and the system {lacks}.',
        f"Choose the level whose people get the messages. {goes}",
    )


def _reception(survey: Survey, facts: Facts) -> Iterator[Finding]:
    if facts.has_receptionists is False and survey.uses(ActionType.TRANSFER_TO_RECEPTIONIST):
        system = survey.system
        yield Finding(
            Severity.WARNING,
            "no_receptionist",
            Kind.SYSTEM,
            system.sid,
            "",
            f'Callers of "{system.name}" can ask for a receptionist, and nobody has a desk: they '
            "always leave a message.",
            "Have the operator give somebody a desk, or take a message by a key of its own.",
        )


def _connecting(survey: Survey, facts: Facts) -> Iterator[Finding]:
    """Telephones that callers can ask for, and that nobody can call from here."""
    rung = _telephones(survey)
    forbidden = [number for number in rung if number in (facts.forbidden or ())]
    if forbidden:
        yield _unreached(
            survey,
            "may_not_call",
            f"{_listed(forbidden)}, which this account may not call",
            "Choose another number, or have the operator allow it: ./deskbell limits --prefixes.",
        )
    uncarried = [number for number in rung if number in (facts.uncarried or ())]
    if facts.goes_out is False and survey.uses(ActionType.TRANSFER_TO_ONCALL):
        uncarried.append("the person on call")
    if uncarried:
        yield _unreached(
            survey,
            "no_trunk",
            f"{_listed(uncarried)}, and no trunk takes calls there",
            "Have the operator add a trunk that does (./deskbell trunk add), or a SIP phone that "
            "rings for the number (./deskbell phone add).",
        )


def _unreached(survey: Survey, code: str, whom: str, advice: str) -> Finding:
    system = survey.system
    words = f'Callers of "{system.name}" can ask for {whom}: they hear that nobody answers.'
    return Finding(Severity.WARNING, code, Kind.SYSTEM, system.sid, "", words, advice)


def _telephones(survey: Survey) -> list[str]:
    """The numbers that the system connects callers with, each once, as they are written."""
    rung = [
        place.action.data
        for place in survey.places
        if place.action.type is ActionType.TRANSFER_TO_PHONE
    ]
    if survey.system.direct_dialling or survey.uses(*BY_EXTENSION):
        rung += [extension.number for extension in survey.extensions]
    return list(dict.fromkeys(rung))


def _listed(names: list[str]) -> str:
    shown = ", ".join(names[:_LISTED])
    more = len(names) - _LISTED
    return f"{shown} and {more} more" if more > 0 else shown


def _action(survey: Survey, place: Place, facts: Facts) -> Iterator[Finding]:
    if why := _leads_nowhere(survey, place, facts):
        words = f"{place.words} leads nowhere: {why}."
        yield _at(survey, place, Severity.ERROR, "leads_nowhere", words, "Choose where it leads.")
    elif _is_unheard(survey, place):
        name = survey.announcements[place.action.data].name
        words = f'{place.words} plays "{name}", of which nothing can be heard.'
        advice = "Upload its audio or write its text, or choose another announcement."
        yield _at(survey, place, Severity.WARNING, "action_silent", words, advice)
    elif _leads_back(survey, place):
        words = f"{place.words} transfers to {place.action.data}, which leads back to this system."
        advice = "Transfer to another number, or go to the menu that is meant."
        yield _at(survey, place, Severity.ERROR, "transfer_leads_back", words, advice)


def _at(
    survey: Survey, place: Place, severity: Severity, code: str, words: str, advice: str
) -> Finding:
    if place.menu:
        return Finding(severity, code, Kind.MENU, place.menu.sid, place.key, words, advice)
    words = f'{words[:-1]} (system "{survey.system.name}").'
    return Finding(severity, code, Kind.SYSTEM, survey.system.sid, place.key, words, advice)


def _leads_nowhere(survey: Survey, place: Place, facts: Facts) -> str:
    """Why the action has nothing to lead to; empty where it has."""
    kind, data = place.action.type, place.action.data
    if kind is ActionType.GO_TO_MENU and data not in survey.menus:
        return "its menu is not one of this system"
    if kind in _SPEAKS and data and data not in survey.announcements:
        return "its announcement does not exist"
    if kind is ActionType.ANNOUNCEMENT_RETURN and not data:
        return "it has no announcement"
    if kind is ActionType.TRANSFER_TO_PHONE and not national_digits(data):
        return "it has no phone number"
    if kind is ActionType.TRANSFER_TO_ONCALL and not _is_level(data, facts):
        return "its escalation level does not exist"
    return ""


def _is_level(data: str, facts: Facts) -> bool:
    return data.isdecimal() and (facts.levels is None or int(data) in facts.levels)


def _is_unheard(survey: Survey, place: Place) -> bool:
    data = place.action.data
    return place.action.type in _SPEAKS and bool(data) and is_silent(survey.announcements[data])


def _leads_back(survey: Survey, place: Place) -> bool:
    if place.action.type is not ActionType.TRANSFER_TO_PHONE:
        return False
    ours = {national_digits(number) for number in survey.system.numbers}
    return national_digits(place.action.data) in ours
