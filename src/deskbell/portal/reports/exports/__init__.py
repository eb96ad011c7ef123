"""Exports: the list, a new one, its progress, and its file."""
