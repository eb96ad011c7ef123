"""An element's attributes and text, read with defaults; what cannot be read becomes a fault."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from ..verbs import Method
from .faults import BAD_URL, NO_CALLBACK, NOT_IN_SCHEMA, code_of

_NUMBER: Final = re.compile(r"^[0-9]{1,6}$")
_KEYS: Final = re.compile(r"^[*#0-9]{0,12}$")
_SENT: Final = re.compile(r"^[*#0-9A-DwW]{0,100}$")
_SCHEMES: Final = frozenset({"", "http", "https"})
_TRUE: Final = frozenset({"true", "yes", "1"})
_FALSE: Final = frozenset({"false", "no", "0"})
# What carriers have and we need not: to name them would only hide what is really wrong.
_PASSED_OVER: Final = frozenset(
    {
        "debug",
        "dtmfDetection",
        "enhanced",
        "eventCallbackUrl",
        "jitterBufferSize",
        "maxSpeechTime",
        "media",
        "participantLabel",
        "profanityFilter",
        "recordingChannels",
        "recordingTrack",
        "region",
        "speechEndThreshold",
        "speechModel",
        "transcriptionEngine",
    }
)


class Attributes:
    """Reads one element; `done` names the attributes that nothing asked for."""

    def __init__(self, element: Element, faults: list[str], *, is_in_gather: bool = False) -> None:
        self._element = element
        self._faults = faults
        self._is_in_gather = is_in_gather
        self._asked: set[str] = set()

    def of(self, child: Element, *, is_in_gather: bool = False) -> Attributes:
        """The attributes of an element inside this one."""
        return Attributes(child, self._faults, is_in_gather=is_in_gather)

    def done(self) -> None:
        """Adds a fault for each attribute that this verb does not have."""
        for name in sorted(self._element.attrib.keys() - self._asked - _PASSED_OVER):
            self.add_fault(NOT_IN_SCHEMA, f"{self._element.tag} {name}: no such attribute")

    def add_fault(self, code: int, words: str) -> None:
        """Adds a fault in words that name the verb."""
        self._faults.append(f"{code}: {words}")

    def fault(self, name: str, takes: str) -> None:
        """Adds a fault of the attribute `name`, which takes `takes`."""
        tag = self._element.tag
        code = code_of(tag, name, is_in_gather=self._is_in_gather)
        self.add_fault(code, f"{tag} {name}={self._element.get(name)!r}: takes {takes}")

    def raw(self, name: str) -> str | None:
        """The attribute, trimmed; None where it is absent."""
        self._asked.add(name)
        value = self._element.get(name)
        return None if value is None else value.strip()

    def text(self, name: str, default: str = "") -> str:
        """The attribute, trimmed; the default where it is absent or empty."""
        return self.raw(name) or default

    def number(self, name: str, default: int, *, least: int = 0) -> int:
        """A whole number from `least` to 999999."""
        raw = self.raw(name)
        if raw is None:
            return default
        if _NUMBER.match(raw) and int(raw) >= least:
            return int(raw)
        self.fault(name, f"a whole number from {least} to 999999")
        return default

    def optional_number(self, name: str, *, least: int) -> int | None:
        """As `number`; None where there is none."""
        found = self.number(name, -1, least=least)
        return None if found == -1 else found

    def flag(self, name: str, *, default: bool) -> bool:
        """True or false, in any case."""
        raw = self.text(name).lower()
        if raw in _TRUE | _FALSE:
            return raw in _TRUE
        if raw:
            self.fault(name, "true or false")
        return default

    def method(self, name: str = "method") -> Method:
        """GET or POST, in any case; POST where it is neither."""
        raw = self.text(name, "POST").upper()
        if raw == "GET":
            return "GET"
        if raw != "POST":
            self.fault(name, "GET or POST")
        return "POST"

    def one_of(self, name: str, choices: Collection[str], default: str) -> str:
        """One of `choices`, as it is written there; the default for anything else."""
        raw = self.text(name)
        found = {choice.lower(): choice for choice in choices}.get(raw.lower())
        if raw and found is None:
            self.fault(name, ", ".join(choice for choice in choices if choice))
        return default if not raw or found is None else found

    def words(self, name: str, choices: Collection[str] = ()) -> tuple[str, ...]:
        """Words with commas or spaces between; those not among `choices` are left out."""
        found = tuple(self.text(name).replace(",", " ").split())
        if choices and not set(found) <= set(choices):
            self.fault(name, ", ".join(choices))
            return tuple(word for word in found if word in choices)
        return found

    def keys(self, name: str, default: str) -> str:
        """Keys of a telephone; empty counts."""
        raw = self.raw(name)
        if raw is None:
            return default
        if _KEYS.match(raw):
            return raw
        self.fault(name, "keys out of 0-9, * and #")
        return default

    def sent_keys(self, name: str) -> str:
        """Keys to send, with `w` for half a second; carriers' `W` is a whole one."""
        raw = self.text(name)
        if _SENT.match(raw):
            return raw.replace("W", "ww")
        self.fault(name, "0-9, *, #, A-D and w")
        return ""

    def url(self, name: str) -> str:
        """A URL as it stands: one that is none is named, and fails where it is asked for."""
        raw = self.text(name)
        if not _is_url(raw):
            self.add_fault(BAD_URL, f"{self._element.tag} {name}={raw!r}: takes an HTTP URL")
        return raw

    def body_url(self) -> str:
        """The element's text as a URL, under the same rule."""
        found = text_of(self._element)
        if not _is_url(found):
            code = code_of(self._element.tag, "", is_in_gather=self._is_in_gather)
            code = BAD_URL if code == NOT_IN_SCHEMA else code
            self.add_fault(code, f"{self._element.tag} {found!r}: takes an HTTP URL")
        return found

    def wants(self, name: str, *, needed_by: str) -> None:
        """Adds a fault where the URL `name` is absent, which `needed_by` is of no use without."""
        if not self.text(name):
            self.add_fault(NO_CALLBACK, f"{self._element.tag} {needed_by}: needs {name}")


def _is_url(text: str) -> bool:
    try:
        return urlsplit(text).scheme.lower() in _SCHEMES
    except ValueError:
        return False


def text_of(element: Element) -> str:
    """All text of an element, with one space for any white space."""
    return " ".join("".join(element.itertext()).split())
