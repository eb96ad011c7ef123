"""Accounts, the people who sign in, what they may do, their tokens and phone numbers."""
