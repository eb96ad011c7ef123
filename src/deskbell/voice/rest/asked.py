"""One REST request that was let in, and what it is answered with."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from multidict import MultiMapping

from ..call import Call, Services, Snapshot
from ..configuration import Configuration
from .errors import RestError, not_found, wrong

ROOT = "/2010-04-01/Accounts"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: `account` and `names` are the sids and names in its path.

    `form` has the fields of its body, or those of its query where it has no body. `token` is its
    idempotency key.
    """

    method: str
    path: str
    account: str
    names: Mapping[str, str]
    form: MultiMapping[str]
    token: str
    services: Services
    configuration: Configuration

    def text(self, name: str, default: str = "") -> str:
        """A field, without spaces around it."""
        return self.form.get(name, default).strip()

    def texts(self, name: str) -> list[str]:
        """A field that may come several times, or once with spaces or commas in between."""
        values = self.form.getall(name, [])
        return [part for value in values for part in value.replace(",", " ").split()]

    def whole(self, name: str, default: int, *, least: int = 0, most: int) -> int:
        """A whole number. Raises RestError."""
        text = self.text(name)
        if not text:
            return default
        if not (text.isascii() and text.isdigit()) or not least <= int(text) <= most:
            raise wrong(name, f"a whole number from {least} to {most}", text)
        return int(text)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """`true` or `false`. Raises RestError."""
        text = self.text(name).lower()
        if text not in {"", "true", "false"}:
            raise wrong(name, "true or false", text)
        return text == "true" if text else default

    def one_of(self, name: str, *choices: str) -> str:
        """One of some words, the first where it is not there. Raises RestError."""
        text = self.text(name)
        found = next((each for each in choices if each.lower() == text.lower()), None)
        if text and found is None:
            raise wrong(name, " or ".join(each for each in choices if each), text)
        return found or choices[0]

    def url(self, name: str) -> str:
        """A web address, or nothing. Raises RestError."""
        text = self.text(name)
        if text and not text.lower().startswith(("http://", "https://")):
            raise RestError(21205, f"{name} is not a valid URL: {text[:80]}")
        return text

    def is_of_account(self, seen: Snapshot | Call) -> bool:
        """Whether a call is one that this request may see: the deployment's own account sees all,
        as an account that has accounts below it does."""
        return self.account in {seen.account, self.configuration.account_sid}

    def seen(self, sid: str) -> Snapshot:
        """The call with that sid, also where it is over. Raises RestError."""
        found = self.services.board.seen(sid)
        if found is None or not self.is_of_account(found):
            raise not_found(self.path)
        return found

    def call(self, sid: str) -> Call | None:
        """The call with that sid, None where it is over. Raises RestError."""
        self.seen(sid)
        return self.services.board.find(sid)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request is answered with; no body for 204."""

    body: Mapping[str, Any] | None = None
    status: int = 200


Handler = Callable[[Asked], Awaitable[Answer]]
Route = tuple[str, str, Handler]  # method, path below the account without .json, what does it
