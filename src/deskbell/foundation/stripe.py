"""The operator's keys at Stripe. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from .errors import InvalidInput

API: Final = "https://api.stripe.com"
SCRIPT: Final = "https://js.stripe.com/v3/"
_NEEDED: Final = (
    "DESKBELL_STRIPE_SECRET_KEY",
    "DESKBELL_STRIPE_PUBLISHABLE_KEY",
    "DESKBELL_STRIPE_WEBHOOK_SECRET",
)


@dataclass(frozen=True, slots=True)
class StripeKeys:
    """Keys, and where Stripe is: `api` without a path, `script` whole."""

    secret_key: str = field(repr=False)
    publishable_key: str
    webhook_secret: str = field(repr=False)
    api: str = API
    script: str = SCRIPT


def read_stripe(variables: Mapping[str, str], *, is_needed: bool) -> StripeKeys | None:
    """The settings `DESKBELL_STRIPE_…`; None where there is no secret key and none is needed.

    Raises InvalidInput, naming the variable, for one that is missing or of another kind.
    """
    secret, publishable, webhooks = (variables.get(name, "").strip() for name in _NEEDED)
    if not secret and not is_needed:
        return None
    for name, value in zip(_NEEDED, (secret, publishable, webhooks), strict=True):
        if not value:
            raise InvalidInput(f"{name} is needed to take payments by Stripe")
    if not secret.startswith(("sk_", "rk_")):
        raise InvalidInput("DESKBELL_STRIPE_SECRET_KEY takes a secret key: it begins with sk_")
    if not publishable.startswith("pk_"):
        raise InvalidInput(
            "DESKBELL_STRIPE_PUBLISHABLE_KEY takes a publishable key: it begins with pk_"
        )
    api = variables.get("DESKBELL_STRIPE_API", "").strip() or API
    script = variables.get("DESKBELL_STRIPE_JS", "").strip() or SCRIPT
    return StripeKeys(secret, publishable, webhooks, api.rstrip("/"), script)
