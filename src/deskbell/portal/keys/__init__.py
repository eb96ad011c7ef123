"""API Keys: the account's API tokens, and each person's own pairs of sid and token.

Source: seed 000, "API Keys".
"""
