"""The time machine: what a caller meets at any instant, step by step, without changing a thing."""
