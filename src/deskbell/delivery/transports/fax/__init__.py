"""Faxes: a message on paper."""
