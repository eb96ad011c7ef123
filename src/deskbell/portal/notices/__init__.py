"""Mails about what happens: links to it, and nothing of what is in a message."""
