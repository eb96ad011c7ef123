"""Calendars that other programs follow, and the addresses they follow them at."""
