"""How people sign in: allauth's flow with Deskbell's rules and words."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Deskbell's rules for allauth."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up by themselves: accounts invite their users."""
        return False
