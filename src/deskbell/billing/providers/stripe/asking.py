"""Stripe's library, its requests sent through the one seam of all HTTP."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from deskbell.foundation.environment import environment
from deskbell.foundation.errors import InvalidInput, Refused, Unreachable
from deskbell.foundation.http import NoAnswer, request
from deskbell.foundation.stripe import StripeKeys

from ..provider import ProviderTrouble

if TYPE_CHECKING:
    import stripe

MOST_BYTES = 1_000_000
TIMEOUT_SECONDS = 25.0
Found = TypeVar("Found")


def keys() -> StripeKeys:
    """The operator's keys. Raises ProviderTrouble where there are none any more."""
    found = environment().stripe
    if found is None:
        raise ProviderTrouble("Stripe's keys are not set.", may_have_happened=False)
    return found


def client() -> stripe.StripeClient:
    """Stripe's client for the keys that are set. Raises ProviderTrouble."""
    return _client(keys())


@functools.lru_cache(maxsize=4)
def _client(known: StripeKeys) -> stripe.StripeClient:
    import stripe  # costs a third of a second, and most deployments never pay by it

    class Seam(stripe.HTTPClient):
        """Stripe's requests over `foundation.http`; never again by itself."""

        name = "deskbell"

        def request(
            self,
            method: str,
            url: str,
            headers: Mapping[str, str] | None,
            post_data: Any = None,
            **_: Any,
        ) -> tuple[str, int, Mapping[str, str]]:
            body = post_data.encode() if isinstance(post_data, str) else post_data or b""
            answer = request(
                method.upper(),
                url,
                body=body,
                headers=dict(headers or {}),
                timeout=TIMEOUT_SECONDS,
                most=MOST_BYTES,
            )
            return answer.body.decode(), answer.status, answer.headers

        def close(self) -> None:
            """Nothing stays open."""

    return stripe.StripeClient(
        known.secret_key,
        http_client=Seam(),
        base_addresses={"api": known.api},
        max_network_retries=0,
    )


@contextmanager
def in_our_words(*, field: str = "") -> Iterator[None]:
    """Turns what Stripe's library raises into this room's errors: InvalidInput for a request that
    was refused, ProviderTrouble where nothing is known. A declined card passes as it is."""
    import stripe

    try:
        yield
    except stripe.CardError:
        raise
    except stripe.InvalidRequestError as error:
        raise InvalidInput(_said(error, "Stripe refused it"), field=field) from error
    except (stripe.AuthenticationError, stripe.PermissionError) as error:
        raise ProviderTrouble(
            "Stripe does not know the keys that are set.", may_have_happened=False
        ) from error
    except stripe.RateLimitError as error:
        raise ProviderTrouble("Stripe has too much to do.", may_have_happened=False) from error
    except stripe.StripeError as error:
        raise ProviderTrouble("Stripe had trouble of its own.", may_have_happened=True) from error
    except Refused as error:
        raise ProviderTrouble(
            f"Stripe cannot be asked: {error}", may_have_happened=False
        ) from error
    except NoAnswer as error:
        raise ProviderTrouble("Stripe gave no answer.", may_have_happened=True) from error
    except Unreachable as error:
        raise ProviderTrouble("Stripe cannot be reached.", may_have_happened=False) from error


def asked(work: Callable[[stripe.StripeClient], Found], *, field: str = "") -> Found:
    """What Stripe answers. Raises InvalidInput, ProviderTrouble, stripe.CardError."""
    found = client()
    with in_our_words(field=field):
        return work(found)


def _said(error: stripe.StripeError, otherwise: str) -> str:
    return str(error.user_message or otherwise)
