"""What the legs of the desk's calls ask: callers who wait, receptionists, and who is called in."""
