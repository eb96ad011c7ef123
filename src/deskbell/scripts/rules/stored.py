"""A script's content as the plain value that is kept as JSON, and back."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from enum import StrEnum
from typing import Any, TypeVar

from deskbell.foundation.errors import InvalidInput

from .content import Case, Closing, Condition, Content, Faq, Kind, Relay, Send, Step

Part = TypeVar("Part")
Word = TypeVar("Word", bound=StrEnum)


def write(content: Content) -> dict[str, Any]:
    """The content as dicts, lists, texts, numbers and truths."""
    plain: dict[str, Any] = json.loads(json.dumps(asdict(content)))
    return plain


def read(content: Mapping[str, Any]) -> Content:
    """What `write` gave, as it was; what is left out is empty.

    Raises InvalidInput for anything of another shape, in words that name the part.
    """
    whole = _mapping(content, "a script")
    return Content(
        greeting=_text(whole, "greeting"),
        steps=_parts(whole, "steps", _step),
        closings=_parts(whole, "closings", _closing),
        relays=_parts(whole, "relays", _relay),
        faqs=_parts(whole, "faqs", _faq),
    )


def _step(plain: Mapping[str, Any]) -> Step:
    return Step(
        key=_text(plain, "key"),
        kind=_word(plain, "kind", Kind, Kind.TEXT),
        label=_text(plain, "label"),
        ask=_text(plain, "ask"),
        field=_text(plain, "field"),
        is_required=_truth(plain, "is_required"),
        options=_texts(plain, "options"),
        cases=_parts(plain, "cases", _case),
        otherwise=_text(plain, "otherwise"),
        on=_text(plain, "on"),
    )


def _case(plain: Mapping[str, Any]) -> Case:
    return Case(answers=_texts(plain, "answers"), go=_text(plain, "go"))


def _condition(plain: Mapping[str, Any]) -> Condition:
    return Condition(step=_text(plain, "step"), answers=_texts(plain, "answers"))


def _closing(plain: Mapping[str, Any]) -> Closing:
    return Closing(
        key=_text(plain, "key"),
        name=_text(plain, "name"),
        say=_text(plain, "say"),
        when=_parts(plain, "when", _condition),
        send=_word(plain, "send", Send, Send.DEFAULT),
        level_id=_id(plain, "level_id"),
        disposition=_text(plain, "disposition"),
    )


def _relay(plain: Mapping[str, Any]) -> Relay:
    return Relay(
        step=_text(plain, "step"),
        answers=_texts(plain, "answers"),
        level_id=_id(plain, "level_id"),
        is_emergency=_truth(plain, "is_emergency"),
    )


def _faq(plain: Mapping[str, Any]) -> Faq:
    return Faq(question=_text(plain, "question"), answer=_text(plain, "answer"))


def _mapping(value: object, name: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise InvalidInput(f"{name} is an object with named parts", field=name)
    return value


def _list(plain: Mapping[str, Any], name: str) -> list[Any]:
    value = plain.get(name, [])
    if not isinstance(value, list | tuple):
        raise InvalidInput(f"{name} is a list", field=name)
    return list(value)


def _parts(
    plain: Mapping[str, Any], name: str, part: Callable[[Mapping[str, Any]], Part]
) -> tuple[Part, ...]:
    return tuple(part(_mapping(each, name)) for each in _list(plain, name))


def _texts(plain: Mapping[str, Any], name: str) -> tuple[str, ...]:
    found = _list(plain, name)
    if not all(isinstance(each, str) for each in found):
        raise InvalidInput(f"{name} is a list of texts", field=name)
    return tuple(found)


def _text(plain: Mapping[str, Any], name: str) -> str:
    value = plain.get(name, "")
    if not isinstance(value, str):
        raise InvalidInput(f"{name} is a text", field=name)
    return value


def _truth(plain: Mapping[str, Any], name: str) -> bool:
    value = plain.get(name, False)
    if not isinstance(value, bool):
        raise InvalidInput(f"{name} is true or false", field=name)
    return value


def _id(plain: Mapping[str, Any], name: str) -> int | None:
    value = plain.get(name)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
        raise InvalidInput(f"{name} is the id of an escalation level, or nothing", field=name)
    return value


def _word(plain: Mapping[str, Any], name: str, words: type[Word], default: Word) -> Word:
    try:
        return words(plain.get(name, default))
    except ValueError:
        allowed = ", ".join(words)
        raise InvalidInput(f"{name} is one of {allowed}", field=name) from None
