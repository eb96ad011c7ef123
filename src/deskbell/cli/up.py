"""`./deskbell up`: everything of Deskbell in one terminal, stopped by Ctrl-C."""

from __future__ import annotations

import asyncio
import hmac
import os
import signal
from collections.abc import Mapping
from contextlib import suppress

from deskbell.foundation.environment import Address, Environment

from . import health, postgres, preflight, processes, welcome
from .assets import build_assets
from .output import Log
from .prepared import is_prepared, remember
from .supervisor import Keeper, ProcessFailed, Program, run_step

_CONFIG_SECONDS = 15.0


def up(overrides: Mapping[str, str]) -> int:
    """Starts everything and runs until SIGINT or SIGTERM; gives the exit code.

    Takes `overrides`, the DESKBELL_* variables of the command line, which win over the process's
    own. Raises CannotStart, InvalidInput or PostgresFailed with nothing left running.
    """
    variables = dict(os.environ) | dict(overrides)
    settings = preflight.read_settings(variables)
    lock = preflight.DataLock(settings.data_dir)
    try:
        with_mail = settings.demo and not variables.get("DESKBELL_EMAIL_URL")
        variables |= child_variables(settings, mail_port=preflight.free_port() if with_mail else 0)
        preflight.check_ports(preflight.ports_of(settings), patient=lock.was_left)
        preflight.check_speech()
        if settings.database_url:
            preflight.check_database(settings.database_url)
        return asyncio.run(_Deskbell(settings, variables, Log(), with_mail=with_mail).run())
    finally:
        lock.release()


def child_variables(settings: Environment, *, mail_port: int) -> dict[str, str]:
    """What every child is told, so that it reads the same settings as we do.

    `mail_port` is the demo's SMTP port, 0 where mail goes elsewhere.
    """
    told = {
        "DESKBELL_DATA_DIR": str(settings.data_dir),
        "DESKBELL_HTTP": str(settings.http),
        "DESKBELL_SIP": str(settings.sip),
        "DESKBELL_VOICE_HTTP": str(settings.voice_http),
        "DESKBELL_RTP": f"{settings.rtp.first}-{settings.rtp.last}",
        "DESKBELL_DEMO": _demo(settings),
        "DJANGO_SETTINGS_MODULE": "deskbell.config.settings",
        "PYTHONUNBUFFERED": "1",
    }
    if settings.demo:  # the demo's webhooks come back to the demo's own pages
        own = {str(settings.http), f"127.0.0.1:{settings.http.port}"}
        own |= {f"localhost:{settings.http.port}"} | settings.private_hosts
        told["DESKBELL_PRIVATE_HOSTS"] = ",".join(sorted(own))
        if has_handset(settings):
            told["DESKBELL_TEXTS"] = _handset_url(settings)
    if mail_port:
        told["DESKBELL_EMAIL_URL"] = f"smtp://127.0.0.1:{mail_port}"
    return told


def _demo(settings: Environment) -> str:
    """DESKBELL_DEMO as a child reads it."""
    if settings.demo_is_large:
        return "large"
    return "1" if settings.demo else ""


def has_handset(settings: Environment) -> bool:
    """Whether texts go to the demo's own handset: there is a demo, and no carrier of texts."""
    return settings.demo and not settings.carriers and settings.text_server is None


def _handset_url(settings: Environment) -> str:
    """The handset's address, with a password of this deployment's own."""
    secret = hmac.digest(settings.secrets.voice.encode(), b"the demo's handset", "sha256").hex()
    return f"http://demo:{secret}@{health.reachable(settings.http)}{welcome.HANDSET_PATH}"


class _Deskbell:
    """One run of everything."""

    def __init__(
        self, settings: Environment, variables: dict[str, str], log: Log, *, with_mail: bool
    ) -> None:
        self._settings = settings
        self._variables = variables
        self._log = log
        self._with_mail = with_mail
        self._keepers: list[Keeper] = []
        self._asked = asyncio.Event()
        self._signals = 0

    async def run(self) -> int:
        """Starts, waits to be told to stop, stops; gives the exit code."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._ask_to_stop)
        try:
            return await self._run_until_asked()
        finally:
            await self._stop()

    async def _run_until_asked(self) -> int:
        starting = asyncio.create_task(self._start())
        asked = asyncio.create_task(self._asked.wait())
        await asyncio.wait({starting, asked}, return_when=asyncio.FIRST_COMPLETED)
        if not starting.done():
            starting.cancel()
            await asyncio.gather(starting, return_exceptions=True)
            asked.cancel()
            return 0
        try:
            starting.result()
        except ProcessFailed as error:
            self._log.line("deskbell", str(error))
            return 1
        await asked
        return 0

    def _ask_to_stop(self) -> None:
        self._signals += 1
        self._asked.set()
        if self._signals > 2:  # somebody is in a hurry
            for keeper in self._keepers:
                keeper.kill()

    async def _start(self) -> None:
        settings, variables = self._settings, self._variables
        self._log.line("deskbell", f"Starting in {settings.data_dir}; Ctrl-C stops everything")
        self._keep(processes.voice(settings, variables))
        if not settings.database_url:
            await self._start_postgres()
        known = not settings.database_url and is_prepared(settings.data_dir)
        preparing = asyncio.create_task(self._prepare())
        await build_assets(self._log)  # web looks for the files once, when it starts
        if not known:
            await preparing
        self._keep(processes.web(settings, variables))
        self._keep(processes.worker(settings, variables))
        if self._with_mail:
            address = Address.parse(
                variables["DESKBELL_EMAIL_URL"].removeprefix("smtp://"), name="DESKBELL_EMAIL_URL"
            )
            self._keep(processes.mail(address, variables))
        await asyncio.gather(preparing, *(keeper.wait_ready() for keeper in self._keepers))
        await self._tell_gateway()
        with_handset = has_handset(settings)
        self._log.plain(
            welcome.text(settings, with_mail=self._with_mail, with_handset=with_handset)
        )

    def _keep(self, program: Program) -> Keeper:
        keeper = Keeper(program, self._log)
        self._keepers.append(keeper)
        return keeper

    async def _prepare(self) -> None:
        code = await run_step("prepare", processes.preparing(self._variables), self._log)
        if code:
            raise ProcessFailed("the database could not be prepared; the lines above say why")
        if not self._settings.database_url:
            remember(self._settings.data_dir)

    async def _start_postgres(self) -> None:
        folder = self._settings.data_dir / "postgres"
        if not folder.exists():
            self._log.line("deskbell", "Making the database (first start only) …")
        first = postgres.prepare(folder)
        self._variables["DATABASE_URL"] = first.url
        keeper = self._keep(processes.database(folder, first))
        await keeper.wait_ready()

    async def _tell_gateway(self) -> None:
        """Has the gateway fetch its configuration now, rather than at its next look."""
        from deskbell.foundation.signing import HEADER, sign

        address = health.reachable(self._settings.voice_http)
        url = f"http://{address}/reload"
        signature = {HEADER: sign(self._settings.secrets.voice, url)}
        await health.request(address, "/reload", method="POST", headers=signature)
        with suppress(TimeoutError):
            async with asyncio.timeout(_CONFIG_SECONDS):
                while True:
                    if await health.voice_says(address, "config"):
                        return
                    await asyncio.sleep(0.05)
        self._log.line("deskbell", "The gateway has no configuration yet; it keeps asking for it")

    async def _stop(self) -> None:
        """The gateway first, since the end of its calls goes to web; the database last."""
        if self._keepers:
            self._log.line("deskbell", "Stopping …")
        for names in ({"voice"}, {"web", "worker", "mail"}, {"postgres"}):
            group = [keeper for keeper in self._keepers if keeper.program.name in names]
            await asyncio.gather(*(keeper.stop() for keeper in group))
        if not self._settings.database_url:
            postgres.forget_sockets(self._settings.data_dir / "postgres")
        self._log.line("deskbell", "Stopped")
