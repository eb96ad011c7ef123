"""`python -m deskbell.voice`: runs the gateway until SIGTERM or Ctrl-C."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import sys

import uvloop

from deskbell.foundation.environment import Environment, environment
from deskbell.foundation.errors import DeskbellError
from deskbell.foundation.logs import set_up_logging

from .gateway import Gateway

log = logging.getLogger("deskbell.voice")


async def _serve(settings: Environment) -> None:
    stopping, hurrying = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def stop() -> None:
        if stopping.is_set():
            hurrying.set()
        stopping.set()

    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop)
    gateway = Gateway(settings)
    await gateway.start()
    gc.collect()
    gc.freeze()  # what stays for good need not be looked through again at each collection
    log.info("takes calls at sip:%s (UDP and TCP)", settings.sip)
    await stopping.wait()
    if settings.drain_seconds and len(gateway.board):
        await _drain(gateway, settings.drain_seconds, hurrying)
    log.info("stops; %d calls are ended", len(gateway.board))
    await gateway.stop()


async def _drain(gateway: Gateway, seconds: float, hurrying: asyncio.Event) -> None:
    """Lets the calls come to their own end, until `seconds` are over or a second signal comes."""
    log.info("takes no new calls; waits up to %d s for %d to end", seconds, len(gateway.board))
    waits = {
        asyncio.ensure_future(gateway.drained(within=seconds)),
        asyncio.ensure_future(hurrying.wait()),
    }
    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()


def main() -> int:
    """Runs the gateway. The exit code: 0 after a clean stop, 2 for a bad setting or taken port."""
    try:
        settings = environment()
        set_up_logging(debug=settings.debug, as_json=settings.logs_as_json)
        logging.getLogger("aiosipua").setLevel(logging.ERROR)  # strangers' garbage is no news
        uvloop.run(_serve(settings))
    except (DeskbellError, OSError) as error:
        sys.stderr.write(f"The voice gateway cannot start: {error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
