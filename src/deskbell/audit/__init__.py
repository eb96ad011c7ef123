"""The audit log: who did what, when, and from where.

A view says what it did it to: `audit.note(request, subject=…)`, or `with audit.watching(…)` around
what changes a row. `AuditMiddleware` writes the entry.
"""

from __future__ import annotations

from .noting import differences, door, note, note_here, touching, watching

__all__ = ["differences", "door", "note", "note_here", "touching", "watching"]
