"""Traces on disk: kept while calls run, read and drawn by `./deskbell trace`."""

from .keeper import Traces
from .ladder import draw
from .reading import Traced, find

__all__ = ["Traced", "Traces", "draw", "find"]
