"""The mails that reports send: made here, sent by `deskbell.delivery.mailing`."""

from .letters import address_of, letter
from .posting import PATIENCE, Refused, post

__all__ = ["PATIENCE", "Refused", "address_of", "letter", "post"]
