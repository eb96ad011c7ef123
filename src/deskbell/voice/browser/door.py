"""Where the web side asks for a page: `POST /page-calls`, signed, JSON both ways."""

from __future__ import annotations

import json
from typing import Any, Final

from aiohttp import web

from deskbell.foundation.errors import InvalidInput
from deskbell.foundation.signing import HEADER, is_signed_body

from .phones import Asked, NoWebRtc, PagePhones

MOST_TEXT: Final = 255
MOST_OFFER: Final = 40_000


class PageDoor:
    """Only who has the `secret` may use it."""

    def __init__(self, phones: PagePhones, *, secret: str) -> None:
        self._phones = phones
        self._secret = secret

    def add_to(self, app: web.Application) -> None:
        """Adds the route."""
        app.router.add_post("/page-calls", self._take)

    async def _take(self, request: web.Request) -> web.Response:
        body = await request.read()
        signature = request.headers.get(HEADER, "")
        if not is_signed_body(self._secret, str(request.url), signature, body):
            return _refused(403, "The signature does not fit")
        try:
            taken = await self._phones.take(_read(body))
        except InvalidInput as error:
            return _refused(400, str(error))
        except NoWebRtc as error:
            return _refused(501, str(error))
        return web.json_response({"sdp": taken.answer, "call_id": taken.call_id})


def _refused(status: int, words: str) -> web.Response:
    return web.json_response({"error": words}, status=status)


def _read(body: bytes) -> Asked:
    try:
        found = json.loads(body)
    except ValueError as error:
        raise InvalidInput("the body is JSON") from error
    if not isinstance(found, dict):
        raise InvalidInput("the body is a JSON object")
    return Asked(
        offer=_text(found, "sdp", MOST_OFFER),
        called=_text(found, "to"),
        caller=_text(found, "from"),
        caller_name=_text(found, "caller_name", is_needed=False),
        account=_text(found, "account", is_needed=False),
    )


def _text(
    found: dict[str, Any], name: str, most: int = MOST_TEXT, *, is_needed: bool = True
) -> str:
    value = found.get(name, "")
    if not isinstance(value, str) or len(value) > most or (is_needed and not value):
        raise InvalidInput(f"{name} is a text of 1 to {most} characters")
    return value
