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
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stopping.set)
    gateway = Gateway(settings)
    await gateway.start()
    gc.collect()
    gc.freeze()  # what stays for good need not be looked through again at each collection
    log.info("takes calls at sip:%s (UDP and TCP)", settings.sip)
    await stopping.wait()
    log.info("stops; %d calls are ended", len(gateway.board))
    await gateway.stop()


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
