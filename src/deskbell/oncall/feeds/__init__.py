"""On call as feeds that calendar programs follow: one for each level, one for each contact."""

from .links import Named, contact_url, level_url, read_token, renew
from .loading import Feed, content, opened

__all__ = [
    "Feed",
    "Named",
    "contact_url",
    "content",
    "level_url",
    "opened",
    "read_token",
    "renew",
]
