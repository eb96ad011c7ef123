"""Answers to deliveries that come from outside: links in messages now, texts and keys later."""
