"""Every picture, in the order in which they are taken: a module for each section of the portal."""

from __future__ import annotations

from . import (
    attendant,
    callers,
    desk,
    front,
    messages,
    oncall,
    operators,
    outside,
    own,
    people,
    reports,
    scripts,
    todos,
)

SHOTS = (
    *own.SHOTS,  # before the operator takes away the MFA that is made there
    *front.SHOTS,
    *people.SHOTS,
    *messages.SHOTS,
    *oncall.SHOTS,
    *callers.SHOTS,
    *reports.SHOTS,
    *todos.SHOTS,
    *desk.SHOTS,
    *operators.SHOTS,
    *scripts.SHOTS,
    *attendant.SHOTS,
    *outside.SHOTS,
)
README = ("attendant", "dashboard", "messages", "messages-panel")

__all__ = ["README", "SHOTS"]
