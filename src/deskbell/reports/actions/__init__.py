"""The only writes to exports and schedules. All need the account's scope, or a system scope."""

from .exports import ask_export, cancel_export, remove_export, remove_old
from .making import make

__all__ = ["ask_export", "cancel_export", "make", "remove_export", "remove_old"]
