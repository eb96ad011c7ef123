"""Escalation levels: their chains, waits and defaults."""
