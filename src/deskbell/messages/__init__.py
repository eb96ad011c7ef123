"""Messages that callers leave, and everything that happened to each."""
