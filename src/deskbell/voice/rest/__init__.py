"""The gateway's REST: calls and conferences in Twilio's shapes, for the web side and anybody else.

A family of requests is a file with `ROUTES`, and one line in `app.py`.
"""

from __future__ import annotations

from .app import Rest

__all__ = ["Rest"]
