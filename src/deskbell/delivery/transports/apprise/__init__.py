"""Notification services that people have already, by the library Apprise."""
