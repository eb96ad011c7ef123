"""Callers' audio: our own RTP loop, because it decides how many calls fit on a machine."""

from .codecs import Codec
from .datagrams import NoPortLeft
from .events import Digit, Lost, MediaEvent, Played, Reason, Recorded, RoomRecorded
from .figures import Histogram, LegFigures, MediaFigures
from .leg import Leg
from .loop import MediaLoop
from .recording import Ways
from .rooms import Room

__all__ = [
    "Codec",
    "Digit",
    "Histogram",
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
    "Room",
    "RoomRecorded",
    "Ways",
]
