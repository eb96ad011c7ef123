"""Test calls: a telephone in the page that calls the account's own numbers."""
