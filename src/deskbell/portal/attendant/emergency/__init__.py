"""The emergency switch: until a time, a system plays something else, at once."""
