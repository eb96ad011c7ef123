"""The work that reports queue: thin wrappers that enter a scope."""
