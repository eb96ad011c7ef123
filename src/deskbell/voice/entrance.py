"""How calls come in: who may call, and the beginning of each call that may."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

from aiosipua import SipRequest

from deskbell.foundation.errors import InvalidInput

from . import interpreter
from .call import Call, Services
from .configuration import Configuration
from .offers import media_of
from .signalling.admission import Admission, Admitted, Refused
from .signalling.dialog import Dialog
from .signalling.flows import Flow
from .signalling.messages import Facts

log = logging.getLogger(__name__)
MOST_REFUSED_NAMED: Final = 100


class Entrance:
    """Admits callers and begins their calls.

    `configuration()` and `services()` are None until the gateway has them; it is closed to new
    calls while `is_closed`.
    """

    def __init__(
        self,
        configuration: Callable[[], Configuration | None],
        services: Callable[[], Services | None],
    ) -> None:
        self.is_closed = False
        self._configuration = configuration
        self._services = services
        self._refused_hosts: set[str] = set()

    def admit(self, _request: SipRequest, _facts: Facts, flow: Flow) -> Admission:
        """Whether the sender of an INVITE may call at all."""
        configuration, host = self._configuration(), flow.host
        if configuration is None or self.is_closed:
            return Refused(503)
        trunk = configuration.trunk_of(host)
        if trunk is not None:
            return Admitted(trunk=trunk)
        if host not in self._refused_hosts and len(self._refused_hosts) < MOST_REFUSED_NAMED:
            self._refused_hosts.add(host)
            log.warning("%s may not call: it is in no trunk (DESKBELL_TRUNKS names them)", host)
        return Refused(403)

    def take(self, dialog: Dialog) -> None:
        """Begins a call, or refuses it where there is no room for it or nothing to agree on."""
        configuration, services = self._configuration(), self._services()
        if (
            configuration is None
            or services is None
            or len(services.board) >= configuration.max_calls
        ):
            dialog.refuse(503)
            return
        host = services.agent.local_host(dialog.invitation.source)
        if dialog.invitation.offer:
            try:
                media_of(dialog.invitation.offer, ours=host)
            except InvalidInput as error:
                log.info("a call from %s is refused: %s", dialog.invitation.source, error)
                dialog.refuse(488)
                return
        call = Call(dialog, services, configuration, host=host)
        call.trace.note(
            "begins",
            caller=dialog.invitation.caller,
            called=dialog.invitation.called,
            trunk=dialog.admission.trunk,
            sip_call_id=dialog.invitation.call_id,
        )
        services.board.run(call, interpreter.run(call))
