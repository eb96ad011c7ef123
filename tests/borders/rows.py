"""What a row says, and the answers that many addresses share."""

from __future__ import annotations

from dataclasses import dataclass, field

CAST = ("anonymous", "charlie", "bob", "alice", "rita", "olivia")
OUTSIDERS = ("anonymous", "charlie")
Statuses = tuple[int, int, int, int, int, int]


@dataclass(frozen=True, slots=True)
class Row:
    """What each of the cast, in the order of CAST, is answered to a request."""

    statuses: Statuses
    method: str = "get"
    form: dict[str, str] = field(default_factory=dict)


def alike(status: int, method: str = "get") -> Row:
    """The same answer for everybody."""
    return Row((status,) * 6, method)


#                    anonymous charlie bob alice rita olivia
OWN_PAGE = Row((302, 200, 200, 200, 200, 200))  # shows the person's own account
PAGE_OF_IT = Row((302, 404, 200, 200, 200, 200))  # shows the thing itself
WRITES_TO_IT = Row((302, 404, 302, 302, 302, 302), "post")
OPERATORS_PAGE = Row((302, 403, 403, 403, 403, 200))
OPERATORS_FORM = Row((302, 403, 403, 403, 403, 302), "post")
STAFF_PAGE = Row((302, 403, 403, 403, 200, 200))  # receptionists and operators
STAFF_FORM = Row((302, 403, 403, 403, 302, 302), "post")
