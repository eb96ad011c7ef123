"""Contacts of the Oncall Calendar: who can be reached, by what."""
