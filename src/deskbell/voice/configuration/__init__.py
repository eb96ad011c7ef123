"""What the web side tells the gateway about itself: trunks, phones, limits, prompts, addresses."""

from __future__ import annotations

from .keeper import POLL_SECONDS, ConfigurationKeeper
from .reading import read_configuration, read_peer
from .values import THIS_MACHINE, Configuration, Limits, Network, Peer, Phone, Trunk

__all__ = [
    "POLL_SECONDS",
    "THIS_MACHINE",
    "Configuration",
    "ConfigurationKeeper",
    "Limits",
    "Network",
    "Peer",
    "Phone",
    "Trunk",
    "read_configuration",
    "read_peer",
]
