"""Deskbell's own settings with a transport more, which takes everything at once."""

from __future__ import annotations

from deskbell.config.settings import *  # noqa: F403 - a settings module is made of names
from deskbell.config.settings import INSTALLED_APPS as _OWN

INSTALLED_APPS = [*_OWN, "peers.sinks.SinksConfig"]
