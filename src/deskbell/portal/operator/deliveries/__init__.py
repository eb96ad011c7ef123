"""Deliveries that failed, of all accounts: why, and once more."""
