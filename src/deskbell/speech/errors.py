"""What goes wrong when text is to be spoken; wrong input is foundation's InvalidInput."""

from __future__ import annotations

from ..foundation.errors import Unreachable


class SpeechUnavailable(Unreachable):
    """Nothing here can speak this now; the words say what to install or what failed."""
