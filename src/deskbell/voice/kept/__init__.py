"""Calls that outlive their gateway: kept on disk while they run, taken up by the next process."""

from __future__ import annotations

from .keeper import Keeper
from .record import KeptCall

__all__ = ["Keeper", "KeptCall"]
