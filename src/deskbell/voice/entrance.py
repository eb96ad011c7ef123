"""How calls come in: who may call, and the beginning of each call that may."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import cast

from aiosipua import SipRequest

from deskbell.foundation.errors import InvalidInput

from . import interpreter
from .browser.dialog import PageDialog
from .call import Call, Services
from .configuration import Configuration
from .offers import media_of
from .signalling.admission import Admission, Admit, Refused
from .signalling.dialog import Dialog
from .signalling.flows import Flow
from .signalling.messages import Facts

log = logging.getLogger(__name__)


class Entrance:
    """Begins the calls of those whom `admit` lets in.

    `services()` is None until the gateway has them; nobody is let in while `is_closed`.
    """

    def __init__(self, admit: Admit, services: Callable[[], Services | None]) -> None:
        self.is_closed = False
        self._admit = admit
        self._services = services

    def admit(self, request: SipRequest, facts: Facts, flow: Flow) -> Admission:
        """Whether the sender of an INVITE may call at all."""
        return Refused(503) if self.is_closed else self._admit(request, facts, flow)

    def take(self, dialog: Dialog) -> None:
        """Begins a call, or refuses it where there is no room for it or nothing to agree on."""
        phone = dialog.admission.phone
        self._begin(
            dialog,
            account=lambda now: now.phones[phone].account if phone in now.phones else "",
        )

    def take_page(self, dialog: PageDialog, account: str) -> None:
        """Begins a call from a page that the web side let in; `account` is its AC sid."""
        if self.is_closed:
            dialog.refuse(503)
        else:
            self._begin(dialog, account=lambda _now: account)

    def _begin(
        self, dialog: Dialog | PageDialog, *, account: Callable[[Configuration], str]
    ) -> None:
        services = self._services()
        configuration = services.configuration() if services is not None else None
        if services is None or configuration is None:
            dialog.refuse(503)
            return
        if len(services.board) >= configuration.max_calls:
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
        line = cast(Dialog, dialog)  # a page's does what a call asks of one
        call = Call(line, services, configuration, host=host, account=account(configuration))
        call.trace.note(
            "begins",
            caller=dialog.invitation.caller,
            called=dialog.invitation.called,
            trunk=dialog.admission.trunk,
            phone=dialog.admission.phone,
            sip_call_id=dialog.invitation.call_id,
        )
        services.board.run(call, interpreter.run(call))
        services.kept.touch(call)
