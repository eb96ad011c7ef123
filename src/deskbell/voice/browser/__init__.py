"""Calls from a page: a browser's microphone and loudspeaker as one leg more, by WebRTC.

The rest of the gateway sees a call like any other. `aiortc` is an optional part: without it there
are no such calls, and everything else works.
"""

from .door import PageDoor
from .phones import Asked, PagePhones, Taken, has_webrtc

__all__ = ["Asked", "PageDoor", "PagePhones", "Taken", "has_webrtc"]
