"""What the web side tells the gateway about itself: trunks, phones, limits, prompts, addresses."""

from __future__ import annotations

from .keeper import POLL_SECONDS, ConfigurationKeeper
from .reading import read_configuration
from .values import Configuration, Limits, Phone, Trunk

__all__ = [
    "POLL_SECONDS",
    "Configuration",
    "ConfigurationKeeper",
    "Limits",
    "Phone",
    "Trunk",
    "read_configuration",
]
