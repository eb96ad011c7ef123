"""Who may call in and where calls go: trunks, phones and their registrations, put together."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from deskbell.foundation.trunks import Peer

from .callers import Callers
from .configuration import Configuration
from .resolver import Resolver
from .routes import Routes
from .signalling.digest import Digest
from .signalling.identity import Identity
from .signalling.lockout import Lockout
from .signalling.registrar import Registrar
from .signalling.registration import Registrations, Requests

SAVE_SECONDS: Final = 5.0


class Lines:
    """The lines of one gateway; `configuration()` is the present one.

    `secret` signs nonces: gateways that share it take each other's. `path` is where bindings are
    kept, `port` where we listen. `callers.admit`, `registrar.on_register` and
    `routes.may_redirect` are for the agent.
    """

    def __init__(
        self,
        *,
        secret: str,
        path: Path,
        configuration: Callable[[], Configuration | None],
        agent: Callable[[], Requests],
        calls_out: Callable[[str], int],
        port: int = 5060,
        prefers_v6: bool = False,
    ) -> None:
        self._configuration = configuration
        self._proxy_hosts: frozenset[str] = frozenset()
        self.resolver = Resolver(prefers_v6=prefers_v6)
        self.lockout = Lockout()
        self.registrations = Registrations(agent, self.resolver, port=port)
        self.callers = Callers(
            configuration=configuration,
            trunk_of=self.registrations.trunk_of,
            addresses_of=self._addresses_of,
        )
        self.registrar = Registrar(source_of=self.callers.source_of, path=path)
        self.callers.identity = self.registrar.identity = Identity(
            Digest(secret),
            self.lockout,
            phone_of=lambda name: (
                present.phones.get(name) if (present := configuration()) else None
            ),
            realm=lambda: present.realm if (present := configuration()) else "",
            is_at_home=self.registrar.is_at_home,
        )
        self.routes = Routes(
            configuration, self.registrar, calls_out=calls_out, resolver=self.resolver
        )

    @property
    def figures(self) -> dict[str, Any]:
        """What `/health` shows of lines."""
        return {
            "phones": self.registrar.size,
            "locked_out": self.lockout.locked,
            "trunks": self.registrations.words,
        }

    def on_configuration(self, configuration: Configuration) -> None:
        """Registers at the trunks of a new configuration."""
        self.registrations.follow(configuration.trunks)

    async def run(self) -> None:
        """Keeps bindings on disk and the proxy's addresses fresh, until cancelled."""
        self.registrar.load()
        while True:
            await self._find_proxy()
            await asyncio.sleep(SAVE_SECONDS)
            await self.registrar.save()

    async def close(self) -> None:
        """Leaves the trunks and keeps the bindings."""
        await self.registrations.close()
        await self.registrar.save()

    async def _find_proxy(self) -> None:
        present = self._configuration()
        if present is not None and present.proxy is not None:
            found = await self.resolver.addresses(present.proxy.host)
            self._proxy_hosts = frozenset(found)

    def _addresses_of(self, proxy: Peer) -> frozenset[str]:
        return self._proxy_hosts | {proxy.host}
