"""Deskbell's own settings with one page more: a view that does nothing, to stand beside."""

from __future__ import annotations

from deskbell.config.settings import *  # noqa: F403 - a settings module is made of names

ROOT_URLCONF = "peers.urls"
