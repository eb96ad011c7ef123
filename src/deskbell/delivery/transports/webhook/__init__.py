"""The "External API" of the on-call pages: a signed webhook."""
