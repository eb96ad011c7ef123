"""Contacts: who can be reached, and by what."""
