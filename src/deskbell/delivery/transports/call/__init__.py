"""Messages told by telephone, and answered by keys."""
