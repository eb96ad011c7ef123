"""Calendars for other programs, and theirs brought in."""
