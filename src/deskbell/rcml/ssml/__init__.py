"""SSML: marks on how a text is to be said, read leniently and never trusted.

Source: w3.org/TR/speech-synthesis11, sections 3.1 and 3.2.
"""

from __future__ import annotations

from .checking import checked, is_ssml, read, text_of
from .pieces import Piece, Silence, Spoken, pieces
from .services import for_service

__all__ = [
    "Piece",
    "Silence",
    "Spoken",
    "checked",
    "for_service",
    "is_ssml",
    "pieces",
    "read",
    "text_of",
]
