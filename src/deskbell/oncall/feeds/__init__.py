"""On call as feeds that calendar programs follow: one for each level, one for each contact."""

from .links import contact_url, level_url, read_token, renew

__all__ = ["contact_url", "level_url", "read_token", "renew"]
