"""The one table of REST requests, and the way in and out that all of them have."""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, cast

from aiohttp import web
from multidict import MultiDict, MultiMapping

from ..call import Services
from . import calls, conferences, participants
from .asked import ROOT, Answer, Asked, Handler, Route
from .auth import is_known
from .errors import RestError, not_found, not_now, not_signed_in, wrong_method

log = logging.getLogger(__name__)
ROUTES: Final[Sequence[Route]] = (
    *calls.ROUTES,
    *conferences.ROUTES,
    *participants.ROUTES,
)
TOKEN: Final = "I-Twilio-Idempotency-Token"  # noqa: S105 a header's name
MOST_TOKENS: Final = 10_000


class Rest:
    """REST on the gateway's HTTP port; `services()` is None until the gateway has them."""

    def __init__(self, *, secret: str, services: Callable[[], Services | None]) -> None:
        self._secret = secret
        self._services = services
        self._made: OrderedDict[tuple[str, str, str], asyncio.Future[Answer]] = OrderedDict()

    def add_to(self, app: web.Application) -> None:
        """Puts every request of the table into `app`, with `.json` and without."""
        paths: dict[str, dict[str, Handler]] = {}
        for method, path, handler in ROUTES:
            paths.setdefault(path, {})[method] = handler
        for path, handlers in paths.items():
            whole = f"{ROOT}/{{account:AC[0-9a-fA-F]{{32}}}}/{path}"
            for ending in (".json", ""):
                app.router.add_route("*", whole + ending, self._entry(handlers))
        app.router.add_route("*", "/2010-04-01/{rest:.*}", self._entry({}))

    def _entry(
        self, handlers: dict[str, Handler]
    ) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def enter(request: web.Request) -> web.Response:
            return await self.answer(request, handlers)

        return enter

    async def answer(self, request: web.Request, handlers: dict[str, Handler]) -> web.Response:
        """Lets a request in, or not, and answers it. Faults are answered with 500."""
        try:
            answer = await self._answered(request, handlers)
        except RestError as error:
            return _refusal(error)
        except Exception:
            log.exception("%s %s failed", request.method, request.path)
            return _refusal(RestError(20500, "An internal server error has occurred", status=500))
        if answer.body is None:
            return web.Response(status=answer.status)
        return web.json_response(dict(answer.body), status=answer.status)

    async def _answered(self, request: web.Request, handlers: dict[str, Handler]) -> Answer:
        form = await _form(request)
        if not is_known(request, form, secret=self._secret):
            raise not_signed_in()
        if not handlers:
            raise not_found(request.path)
        handler = handlers.get(request.method)
        if handler is None:
            raise wrong_method()
        services = self._services()
        configuration = services.configuration() if services is not None else None
        if services is None or configuration is None:
            raise not_now("The gateway has no configuration yet")
        names = dict(request.match_info)
        asked = Asked(
            method=request.method,
            path=request.path,
            account=names.pop("account"),
            names=names,
            form=form if request.method == "POST" else request.query,
            token=request.headers.get(TOKEN, ""),
            services=services,
            configuration=configuration,
        )
        return await self._once(asked, handler)

    async def _once(self, asked: Asked, handler: Handler) -> Answer:
        """The same order twice is one, also while the first is being carried out.

        One that failed is tried again. Source:
        https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides (the header).
        """
        if not asked.token or asked.method != "POST":
            return await handler(asked)
        key = (asked.account, asked.path, asked.token)
        made = self._made.get(key)
        if made is None:
            made = asyncio.ensure_future(handler(asked))
            self._made[key] = made
            for old in tuple(itertools.islice(self._made, max(0, len(self._made) - MOST_TOKENS))):
                del self._made[old]
        try:
            return await asyncio.shield(made)
        except Exception:
            self._made.pop(key, None)
            raise


async def _form(request: web.Request) -> MultiMapping[str]:
    if request.method not in {"POST", "DELETE"} or not request.body_exists:
        return MultiDict()
    fields = await request.post()
    if not all(isinstance(value, str) for value in fields.values()):
        raise RestError(20001, "Files cannot be sent here")
    return cast(MultiMapping[str], fields)


def _refusal(error: RestError) -> web.Response:
    headers = {"WWW-Authenticate": 'Basic realm="Deskbell"'} if error.status == 401 else {}
    return web.json_response(error.body(), status=error.status, headers=headers)
