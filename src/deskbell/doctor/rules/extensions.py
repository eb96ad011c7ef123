"""What is wrong with dialling: extensions that cannot be dialled, said, or told from keys."""

from __future__ import annotations

from collections.abc import Iterator

from deskbell.attendant.rules import ActionType
from deskbell.attendant.rules.plans import MenuPlan, NumberPlan

from ..findings import Facts, Finding, Kind, Severity
from .sounding import by_ear
from .survey import Survey


def examine(survey: Survey, _facts: Facts) -> Iterator[Finding]:
    """The findings about the extensions of one system, as far as its callers can dial them."""
    by_name = survey.uses(ActionType.DIAL_BY_NAME)
    by_number = survey.uses(ActionType.DIAL_BY_EXTENSION) or survey.system.direct_dialling
    if (by_name or by_number) and not survey.extensions:
        yield _nothing_to_dial(survey)
    for extension in survey.extensions:
        yield from _lacks(extension, by_name=by_name, by_number=by_number)
    if by_name:
        yield from _sounds(survey)
    if survey.system.direct_dialling:
        for menu in survey.system.menus:
            yield from _keys(survey, menu)


def _nothing_to_dial(survey: Survey) -> Finding:
    name = survey.system.name
    return Finding(
        Severity.ERROR,
        "no_extension_to_dial",
        Kind.SYSTEM,
        survey.system.sid,
        "",
        f'Callers of "{name}" can dial an extension, and the system has none.',
        "Give the system its extensions, or take the dialling out.",
    )


def _lacks(extension: NumberPlan, *, by_name: bool, by_number: bool) -> Iterator[Finding]:
    number = extension.number
    if by_number and not extension.extension:
        yield Finding(
            Severity.HINT,
            "extension_without_number",
            Kind.NUMBER,
            number,
            "",
            f"{number} has no extension number, so that callers have to dial all of its digits.",
            "Give it an extension number of 1 to 12 digits.",
        )
    if by_name and not extension.spoken_name.strip():
        yield Finding(
            Severity.WARNING,
            "extension_without_name",
            Kind.NUMBER,
            number,
            "",
            f"{_called(extension)} has no spoken name, so that callers cannot ask for it.",
            "Give it the name by which callers know it.",
        )


def _called(extension: NumberPlan) -> str:
    return f"Extension {extension.extension}" if extension.extension else extension.number


def _sounds(survey: Survey) -> Iterator[Finding]:
    heard: dict[str, NumberPlan] = {}
    for extension in survey.extensions:
        sound = by_ear(extension.spoken_name)
        other = heard.setdefault(sound, extension)
        if not sound or other is extension:
            continue
        yield Finding(
            Severity.WARNING,
            "names_sound_alike",
            Kind.NUMBER,
            extension.number,
            "",
            f'"{extension.spoken_name}" and "{other.spoken_name}" sound the same, so that callers '
            "who ask for one may get the other.",
            "Add a first name or a department to one of them.",
        )


def _keys(survey: Survey, menu: MenuPlan) -> Iterator[Finding]:
    """A key that is an extension hides one of the two; one that begins an extension waits."""
    dialled = [each.extension for each in survey.extensions if each.extension]
    for key, _ in menu.keys:
        longer = [each for each in dialled if each.startswith(key) and each != key]
        if key in dialled:
            yield Finding(
                Severity.ERROR,
                "key_is_extension",
                Kind.MENU,
                menu.sid,
                key,
                f'Key {key} of the menu "{menu.name}" is also extension {key}: callers can reach '
                "only one of the two.",
                "Give the extension another number, or the menu another key.",
            )
        elif longer:
            yield Finding(
                Severity.HINT,
                "key_begins_extension",
                Kind.MENU,
                menu.sid,
                key,
                f'Key {key} of the menu "{menu.name}" is answered late: extension {longer[0]} '
                "begins with it, so that we wait for more digits.",
                "Keep keys and extensions apart by their first digit.",
            )
