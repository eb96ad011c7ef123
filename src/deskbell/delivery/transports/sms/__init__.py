"""Text messages by a carrier, answered by text."""
