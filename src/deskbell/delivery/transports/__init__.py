"""One folder per way to deliver; none knows another."""
