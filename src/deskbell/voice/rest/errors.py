"""Refusals of REST requests, with Twilio's numbers and in Twilio's shape.

Source: https://www.twilio.com/docs/usage/twilios-response#response-formats-exceptions and
https://www.twilio.com/docs/api/errors
"""

from __future__ import annotations

from typing import Final

MORE: Final = "https://www.twilio.com/docs/errors"


class RestError(Exception):
    """A request that is refused: `code` is Twilio's, `status` HTTP's."""

    def __init__(self, code: int, message: str, *, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.status = status

    def body(self) -> dict[str, object]:
        """The answer's JSON."""
        return {
            "code": self.code,
            "message": str(self),
            "more_info": f"{MORE}/{self.code}",
            "status": self.status,
        }


def not_signed_in() -> RestError:
    """The request does not show that it comes from somebody who knows the secret."""
    return RestError(20003, "Authenticate", status=401)


def not_found(path: str) -> RestError:
    """There is no such thing, or it is another account's."""
    return RestError(20404, f"The requested resource {path} was not found", status=404)


def wrong_method() -> RestError:
    """The thing is there, and cannot do this."""
    return RestError(20004, "Method not allowed", status=405)


def not_now(message: str) -> RestError:
    """The gateway takes no orders now."""
    return RestError(20503, message, status=503)


def missing(code: int, name: str) -> RestError:
    """A parameter that every such request needs."""
    return RestError(code, f"No '{name}' is specified")


def wrong(name: str, takes: str, value: str) -> RestError:
    """A parameter that cannot be read."""
    return RestError(20001, f"{name} takes {takes}; not {value[:80]!r}")


def not_in_progress() -> RestError:
    """A call that is over, or that nobody has answered, is to be changed."""
    return RestError(21220, "Call is not in-progress. Cannot redirect.")
