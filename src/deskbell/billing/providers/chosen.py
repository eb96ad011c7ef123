"""Which provider takes this deployment's payments: `DESKBELL_PAYMENTS`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from deskbell.foundation.environment import environment
from deskbell.foundation.errors import NotFound

from .provider import Provider


def _sandbox() -> Provider:
    from .sandbox import Sandbox

    return Sandbox()


def _nacha() -> Provider:
    from .nacha import Nacha

    return Nacha()


def _stripe() -> Provider:
    from .stripe.provider import Stripe

    return Stripe()


# Each is made when it is asked for: nobody loads what another deployment pays with.
PROVIDERS: Final[Mapping[str, Callable[[], Provider]]] = {
    "sandbox": _sandbox,
    "nacha": _nacha,
    "stripe": _stripe,
}


def provider() -> Provider | None:
    """The provider that new payments go through; None where none takes payments here."""
    name = environment().billing.payments
    return provider_named(name) if name else None


def provider_named(name: str) -> Provider:
    """The provider that an older payment went through. Raises NotFound for a name that is none."""
    make = PROVIDERS.get(name)
    if make is None:
        raise NotFound(f"There is no provider of payments named {name!r}")
    return make()
