"""Proof of what became of one message."""
