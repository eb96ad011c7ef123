"""The portal's rule for passwords. Source: seed 000, "My Profile", "Password"."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError

RULE = (
    "A password needs at least 8 characters, among them an upper-case letter, a lower-case"
    " letter, a digit and a special character."
)
_NEEDED = (r"[A-Z]", r"[a-z]", r"[0-9]", r"[^A-Za-z0-9\s]")


def is_complex(password: str) -> bool:
    """Whether a password meets the rule."""
    return len(password) >= 8 and all(re.search(need, password) for need in _NEEDED)


class ComplexityValidator:
    """The rule as Django asks for it."""

    def validate(self, password: str, user: object = None) -> None:  # noqa: ARG002 Django passes it
        """Raises ValidationError where the rule is not met."""
        if not is_complex(password):
            raise ValidationError(RULE, code="too_simple")

    def get_help_text(self) -> str:
        """The rule in words."""
        return RULE
