"""Lists that people come back to."""

from __future__ import annotations

from datetime import datetime

from deskbell.foundation.errors import InvalidInput

from ..models import SavedSearch

MOST_SEARCHES = 50
_MAX_NAME = 80
_MAX_QUERY = 2000


def save_search(
    *, account_id: int, user_id: int, name: str, query: str, at: datetime
) -> SavedSearch:
    """Keeps a list's query string under a name of the user's own; the same name is replaced.

    Raises InvalidInput (`name`, `query`) for what is empty, too long, or one too many.
    """
    name, query = " ".join(name.replace("\0", "").split()), query.replace("\0", "").lstrip("?")
    if not name:
        raise InvalidInput("Give the search a name", field="name")
    if len(name) > _MAX_NAME:
        raise InvalidInput(f"A name has up to {_MAX_NAME} characters", field="name")
    if len(query) > _MAX_QUERY:
        raise InvalidInput("This search is too long to be kept", field="query")
    own = SavedSearch.objects.filter(account_id=account_id, user_id=user_id)
    if own.exclude(name=name).count() >= MOST_SEARCHES:
        raise InvalidInput(
            f"There are {MOST_SEARCHES} saved searches already; remove one first", field="name"
        )
    found, _ = SavedSearch.objects.update_or_create(
        account_id=account_id,
        user_id=user_id,
        name=name,
        defaults={"query": query},
        create_defaults={"query": query, "created_at": at},
    )
    return found


def remove_search(*, search: SavedSearch) -> None:
    """Forgets a saved search."""
    SavedSearch.objects.filter(pk=search.pk).delete()
