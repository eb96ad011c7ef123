"""Where calls are ordered: at a gateway of ours, or at a carrier.

Sources: https://www.twilio.com/docs/usage/requests-to-twilio,
https://developer.signalwire.com/rest/compatibility-api/overview,
https://developers.telnyx.com/docs/voice/texml/rest-api/calls
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal
from urllib.parse import urlencode

from multidict import MultiDict

from deskbell.foundation.carriers import CarrierKeys
from deskbell.foundation.errors import InvalidInput, Unreachable
from deskbell.foundation.http import Answer, ask_internal, request
from deskbell.foundation.signing import HEADER, sign

Kind = Literal["ours", "twilio", "signalwire", "telnyx"]
Fields = Sequence[tuple[str, str]]
TIMEOUT: Final = 5.0
TWILIO: Final = "https://api.twilio.com/2010-04-01/Accounts"
TELNYX: Final = "https://api.telnyx.com/v2/texml/Accounts"
TOKEN: Final = "I-Twilio-Idempotency-Token"  # noqa: S105 a header's name
_FORM: Final = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class CallsAddress:
    """One place that makes calls: `base` is the URL of an account there, without a slash."""

    kind: Kind
    base: str
    user: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)
    application: str = ""

    @classmethod
    def ours(cls, url: str, account_sid: str, secret: str) -> CallsAddress:
        """The gateway at `url` (`http://host:port`), for the account with this `AC…` sid."""
        return cls("ours", f"{url}/2010-04-01/Accounts/{account_sid}", account_sid, secret)

    @classmethod
    def carrier(
        cls,
        name: str,
        keys: CarrierKeys,
        *,
        space: str = "",
        account: str = "",
        application: str = "",
    ) -> CallsAddress:
        """A carrier, by its name in the settings.

        SignalWire needs the `space` that its addresses begin with; Telnyx the organisation as
        `account` and the `application` that its calls are made with. Raises InvalidInput.
        """
        if name == "twilio":
            return cls("twilio", f"{TWILIO}/{keys.user}", keys.user, keys.password)
        if name == "signalwire" and space:
            base = f"https://{space}.signalwire.com/api/laml/2010-04-01/Accounts/{keys.user}"
            return cls("signalwire", base, keys.user, keys.password)
        if name == "telnyx" and account and application:
            return cls("telnyx", f"{TELNYX}/{account}", "", keys.password, application)
        raise InvalidInput(
            f"{name} cannot be asked for calls; right are twilio, signalwire with its space, and "
            "telnyx with account and application"
        )

    def ask(
        self, method: str, path: str, fields: Fields = (), *, token: str = "", timeout: float = 0.0
    ) -> Answer:
        """One request to `path` below the account; `token` makes it one however often it is sent.

        Raises Unreachable; NoAnswer, which is one, where it may have been carried out.
        """
        given = MultiDict(fields)
        url = f"{self.base}/{path}" + ("" if self.kind == "telnyx" else ".json")
        body = b""
        if method == "GET" and given:
            url, given = f"{url}?{urlencode(list(fields))}", MultiDict()
        headers = self._credentials(url, given)
        if token:
            headers[TOKEN] = token
        if method == "POST" and self.kind == "telnyx":
            body, headers["Content-Type"] = _as_json(given), "application/json"
        elif method == "POST":
            body, headers["Content-Type"] = urlencode(list(given.items())).encode(), _FORM
        seconds = timeout or TIMEOUT
        if self.kind == "ours":
            return ask_internal(method, url, headers=headers, body=body, timeout=seconds)
        return request(method, url, headers=headers, body=body, timeout=seconds)

    def _credentials(self, url: str, fields: MultiDict[str]) -> dict[str, str]:
        if self.kind == "ours":  # signed, so that the secret does not travel
            return {HEADER: sign(self.secret, url, fields)}
        if self.kind == "telnyx":
            return {"Authorization": f"Bearer {self.secret}"}
        pair = base64.b64encode(f"{self.user}:{self.secret}".encode()).decode()
        return {"Authorization": f"Basic {pair}"}


def _as_json(fields: MultiDict[str]) -> bytes:
    """Telnyx's bodies are JSON with the names of Twilio's form, and words in one text."""
    return json.dumps({name: " ".join(fields.getall(name)) for name in fields}).encode()


def gateways_in_turn(urls: Sequence[str], token: str) -> list[str]:
    """The gateways in the order that `token` has: the same token comes to the same one first, so
    that an order which is repeated is known there."""

    def place(url: str) -> bytes:
        return hashlib.sha256(f"{token} {url}".encode()).digest()

    return sorted(urls, key=place)


def ready_gateway(
    urls: Sequence[str], *, token: str = "", is_ready: Mapping[str, bool] | None = None
) -> str:
    """The first gateway that takes calls now. Raises Unreachable where none does.

    `is_ready` says it of gateways that were asked already.
    """
    for url in gateways_in_turn(urls, token):
        if is_ready[url] if is_ready is not None else _is_ready(url):
            return url
    raise Unreachable(f"No voice gateway is ready; asked: {', '.join(urls) or 'none'}")


def _is_ready(url: str) -> bool:
    try:
        answer = ask_internal("GET", f"{url}/health", timeout=1.0)
        return answer.status == 200 and json.loads(answer.body)["ready"] is True
    except (Unreachable, ValueError, KeyError, TypeError):
        return False
