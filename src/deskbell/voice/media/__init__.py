"""Callers' audio: our own RTP loop, because it decides how many calls fit on a machine."""

from .datagrams import NoPortLeft
from .events import Digit, Lost, MediaEvent, Played, Reason, Recorded
from .figures import LegFigures, MediaFigures
from .g711 import Codec
from .leg import Leg
from .loop import MediaLoop

__all__ = [
    "Codec",
    "Digit",
    "Leg",
    "LegFigures",
    "Lost",
    "MediaEvent",
    "MediaFigures",
    "MediaLoop",
    "NoPortLeft",
    "Played",
    "Reason",
    "Recorded",
]
