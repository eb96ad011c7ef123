"""Receptionists: who is there, who waits for them, and the calls that they have in hand."""
